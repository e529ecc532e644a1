"""Cases: finished interventions told, the customer's consent to it, and who copied them."""

from django.db import models
from django.db.models import Q

from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.goals.models import Stage
from banso.plays.models import Barrier, Intervention, Play


class Case(models.Model):
    """A finished intervention told, success or failure: drafted, published, retired (and perhaps
    published again). What was measured before and after is the intervention's, never typed.

    The words are as typed, in `language`. `industry` to `gap` are where the customer stood when
    it was given; `barriers` are those of theirs that it was about.
    """

    class Ending(models.TextChoices):
        SUCCESS = "success"
        FAILURE = "failure"

    uid = UidField()
    intervention = models.OneToOneField(Intervention, on_delete=models.CASCADE, related_name="case")
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="cases")
    ending = models.CharField(max_length=7, choices=Ending.choices)
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=200)
    situation = models.TextField(blank=True)
    did = models.TextField(blank=True)
    happened = models.TextField(blank=True)
    copy = models.TextField(blank=True)
    avoid = models.TextField(blank=True)
    barriers = models.ManyToManyField(Barrier, blank=True, related_name="cases")
    industry = models.CharField(max_length=120, blank=True)
    segment = models.CharField(max_length=120, blank=True)
    touch = models.CharField(max_length=4, choices=Engagement.Touch.choices)
    stage = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    seats = models.PositiveIntegerField(null=True, blank=True)
    annual_minor = models.BigIntegerField(null=True, blank=True)
    gap = models.FloatField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(published_at__isnull=False),
                name="case_retired_was_published",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(retired_at=None, published_at__isnull=False),
                name="case_latest",
            ),
            models.Index(fields=["published_at", "-id"], name="case_drafted"),
            models.Index(fields=["engagement", "-id"], name="case_of_engagement"),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def state(self) -> str:
        """drafted, published or retired."""
        if self.published_at is None:
            return "drafted"
        return "published" if self.retired_at is None else "retired"


class CaseConsent(models.Model):
    """The customer agreed that it is told: inside our company, or outside too; until they take
    it back. Without one it is for colleagues only."""

    class Reach(models.TextChoices):
        INSIDE = "inside"
        OUTSIDE = "outside"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    reach = models.CharField(max_length=7, choices=Reach.choices)
    given_by = models.CharField(max_length=120)
    given_on = models.DateField()
    noted_at = models.DateTimeField(auto_now_add=True)
    noted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="one_consent_a_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.reach}"


class CaseCopy(models.Model):
    """Somebody wanted for a customer what a case tells: they were given its play, or, where that
    is not in use as it was, a play was drafted from it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="copies")
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="case_copies")
    intervention = models.OneToOneField(
        Intervention, null=True, blank=True, on_delete=models.CASCADE, related_name="copy_of"
    )
    play = models.OneToOneField(
        Play, null=True, blank=True, on_delete=models.CASCADE, related_name="copy_of"
    )
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(intervention=None, play__isnull=False)
                | Q(intervention__isnull=False, play=None),
                name="case_copied_as_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["case", "-at", "-id"], name="copy_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} for {self.engagement_id}"
