"""Plays: recipes that say for whom, which steps and how much; their versions and runs."""

from django.db import models
from django.db.models import F, Q

from banso.base.fields import UidField
from banso.base.models import Team, User
from banso.metrics.models import Metric
from banso.plays.models.barriers import BarrierKind


class Play(models.Model):
    """A recipe that closes a gap: drafted, then active, then retired (and perhaps active again).

    `name` is {ja, en}. Who keeps it right: a person, a team, and the day by which somebody looks
    at it again. What it says is its latest version; several are given in their order.
    """

    uid = UidField()
    name = models.JSONField(default=dict)
    purpose = models.TextField(blank=True)
    kinds = models.ManyToManyField(BarrierKind, blank=True, related_name="plays")
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="plays"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="plays"
    )
    review_on = models.DateField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    activated_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(activated_at__isnull=False),
                name="play_retired_was_active",
            ),
        ]

    def __str__(self) -> str:
        return self.uid

    @property
    def state(self) -> str:
        """drafted, active or retired."""
        if self.activated_at is None:
            return "drafted"
        return "active" if self.retired_at is None else "retired"


class PlayVersion(models.Model):
    """What a play says, numbered; never changed once the play was active.

    `condition` is banso.core.conditions.dump of whom it is for, `touches` their touch levels;
    `automatic` gives it by itself, else a person is asked. `metric` is expected to move within
    `window_days`. `capacity`, `most` and `apart_days` are those of banso.core.enrolment.Recipe.
    """

    play = models.ForeignKey(Play, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    condition = models.JSONField(default=dict)
    touches = models.JSONField(default=list)
    automatic = models.BooleanField(default=False)
    metric = models.ForeignKey(
        Metric, null=True, blank=True, on_delete=models.PROTECT, related_name="plays"
    )
    window_days = models.PositiveSmallIntegerField(default=60)
    capacity = models.PositiveSmallIntegerField(default=20)
    most = models.PositiveSmallIntegerField(default=1)
    apart_days = models.PositiveSmallIntegerField(default=90)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["play_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["play", "number"], name="one_play_version_a_number"),
            models.CheckConstraint(
                condition=Q(window_days__gte=1, most__gte=1, apart_days__gte=1),
                name="play_numbers_are_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.play_id} v{self.number}"


class PlayStep(models.Model):
    """A step of a version: its kind (banso.plays.steps), on which day after the start it begins,
    what is to be done as {ja, en}, within how many days; `thing` names what a kind uses."""

    version = models.ForeignKey(PlayVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    offset_days = models.PositiveSmallIntegerField(default=0)
    within_days = models.PositiveSmallIntegerField(default=7)
    words = models.JSONField(default=dict)
    thing = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["version_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_step_a_place"),
            models.CheckConstraint(
                condition=Q(within_days__gte=1), name="step_takes_a_day_or_more"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}.{self.position}"


class PlayRun(models.Model):
    """A version put to use, with the first small step that is to be done within fourteen days.

    Whether to keep, adjust or stop is decided once; adjusting and stopping end the run.
    """

    class Decision(models.TextChoices):
        OPEN = ""
        KEEP = "keep"
        ADJUST = "adjust"
        STOP = "stop"

    uid = UidField()
    play = models.ForeignKey(Play, on_delete=models.CASCADE, related_name="runs")
    version = models.ForeignKey(PlayVersion, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    began_on = models.DateField()
    began_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    first_step = models.CharField(max_length=300)
    first_step_by = models.DateField()
    first_step_done_on = models.DateField(null=True, blank=True)
    decision = models.CharField(
        max_length=6, choices=Decision.choices, default=Decision.OPEN, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decision_words = models.TextField(blank=True)

    class Meta:
        ordering = ["play_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["play", "number"], name="one_run_a_number"),
            models.UniqueConstraint(
                fields=["play"], condition=Q(ended_on=None), name="one_open_run_a_play"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="run_decided_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(first_step_by__gte=F("began_on")), name="first_step_after_the_start"
            ),
        ]

    def __str__(self) -> str:
        return self.uid
