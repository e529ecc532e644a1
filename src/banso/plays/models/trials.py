"""Small trials: something tried on a few before it becomes a play."""

from django.db import models
from django.db.models import F, Q

from banso.assets.models import AssetVersion
from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.plays.models.plays import Play


class Trial(models.Model):
    """A hypothesis tried on a small audience: which reaction shows that it holds, and when it is
    decided. `version` is what they are shown, where something is. Decided once: keep (perhaps as
    `play`), adjust or stop.
    """

    class Decision(models.TextChoices):
        OPEN = ""
        KEEP = "keep"
        ADJUST = "adjust"
        STOP = "stop"

    uid = UidField()
    hypothesis = models.CharField(max_length=300)
    looked_for = models.CharField(max_length=300)
    version = models.ForeignKey(
        AssetVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="trials"
    )
    began_on = models.DateField()
    began_at = models.DateTimeField(auto_now_add=True)
    began_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="trials")
    decide_on = models.DateField()
    decision = models.CharField(
        max_length=6, choices=Decision.choices, default=Decision.OPEN, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision_words = models.TextField(blank=True)
    play = models.ForeignKey(
        Play, null=True, blank=True, on_delete=models.SET_NULL, related_name="trials"
    )

    class Meta:
        ordering = ["-began_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decide_on__gt=F("began_on")), name="trial_decided_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="trial_decided_with_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["decide_on"], condition=Q(decision=""), name="trial_open"),
        ]

    def __str__(self) -> str:
        return self.uid


class TrialGuest(models.Model):
    """One of those it is tried on, and whether they reacted as was looked for."""

    class Reaction(models.TextChoices):
        OPEN = ""
        YES = "yes"
        NO = "no"

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="guests")
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="trials")
    reaction = models.CharField(
        max_length=3, choices=Reaction.choices, default=Reaction.OPEN, blank=True
    )
    reacted_at = models.DateTimeField(null=True, blank=True)
    reacted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "engagement"], name="one_guest_a_trial"),
        ]

    def __str__(self) -> str:
        return f"{self.trial_id}.{self.engagement_id}"
