"""Looking back without blame: what the system made likely, and what follows from it."""

from django.db import models
from django.db.models import Q

from banso.actions.models import Action
from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Contract, Engagement
from banso.plays.models import BarrierKind, Intervention, Play


class Retrospective(models.Model):
    """What was expected, what happened, what in the system made it likely, what helped; of a
    finished intervention, of a contract that was kept or lost, or of a free occasion. It has no
    field for who: systems are looked at, not people."""

    uid = UidField()
    title = models.CharField(max_length=200)
    engagement = models.ForeignKey(
        Engagement,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="retrospectives",
    )
    intervention = models.ForeignKey(
        Intervention,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="retrospectives",
    )
    contract = models.ForeignKey(
        Contract, null=True, blank=True, on_delete=models.CASCADE, related_name="retrospectives"
    )
    held_on = models.DateField()
    expected = models.TextField(blank=True)
    happened = models.TextField(blank=True)
    likely = models.TextField(blank=True)
    helped = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(intervention=None, contract=None)
                | Q(intervention=None, contract__isnull=False, engagement__isnull=False)
                | Q(intervention__isnull=False, contract=None, engagement__isnull=False),
                name="retrospective_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["-held_on", "-id"], name="retrospective_latest"),
            models.Index(fields=["engagement", "-held_on"], name="retrospective_of_customer"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Outcome(models.Model):
    """What came out of a retrospective, made by the verbs of its own room: a drafted play, a kind
    of barrier, or an action with its owner and day."""

    retrospective = models.ForeignKey(
        Retrospective, on_delete=models.CASCADE, related_name="outcomes"
    )
    play = models.OneToOneField(
        Play, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.OneToOneField(
        BarrierKind, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    action = models.OneToOneField(
        Action, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(play__isnull=False, kind=None, action=None)
                | Q(play=None, kind__isnull=False, action=None)
                | Q(play=None, kind=None, action__isnull=False),
                name="outcome_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.retrospective_id} {self.pk}"
