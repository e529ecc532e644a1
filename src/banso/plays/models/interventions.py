"""What was given: a play to an engagement, with before and after, and its steps one by one."""

from django.db import models
from django.db.models import Q

from banso.actions.models import Action
from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.plays.models.plays import Play, PlayRun, PlayStep


class Intervention(models.Model):
    """A play given to an engagement: planned (a person is asked), running, ended.

    `occasion` counts which time it is; play, engagement and occasion are unique, so that no
    night gives twice. It was given as of `as_of` for what was `known` then: the values of the
    fields that the condition asks for, and where they stood. `before` and `after` are the metric's
    values on that day and `window_days` later. `situation` says what others it is compared with,
    `rank` how readily such suggestions are taken up (banso.core.enrolment.rank).
    """

    class Ended(models.TextChoices):
        OPEN = ""
        DONE = "done"
        REFUSED = "refused"
        LAPSED = "lapsed"

    class Reason(models.TextChoices):
        UNSAID = "unsaid"
        NOT_NEEDED = "not_needed"
        NOT_FITTING = "not_fitting"
        NO_TIME = "no_time"
        OTHER_PLAN = "other_plan"

    uid = UidField()
    play = models.ForeignKey(Play, on_delete=models.PROTECT, related_name="interventions")
    run = models.ForeignKey(PlayRun, on_delete=models.PROTECT, related_name="interventions")
    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="interventions"
    )
    occasion = models.PositiveIntegerField()
    as_of = models.DateField()
    planned_at = models.DateTimeField(auto_now_add=True)
    planned_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    known = models.JSONField(default=dict)
    situation = models.CharField(max_length=60, blank=True)
    rank = models.FloatField(default=0.5)
    started_on = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_as = models.CharField(max_length=8, choices=Ended.choices, default=Ended.OPEN, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    before = models.FloatField(null=True, blank=True)
    after = models.FloatField(null=True, blank=True)
    after_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["play", "engagement", "occasion"], name="one_intervention_an_occasion"
            ),
            models.UniqueConstraint(
                fields=["play", "engagement"],
                condition=Q(ended_at=None),
                name="one_open_intervention_of_a_play",
            ),
            models.CheckConstraint(
                condition=Q(ended_as="", ended_at=None)
                | (~Q(ended_as="") & Q(ended_at__isnull=False)),
                name="intervention_ended_with_its_time",
            ),
            models.CheckConstraint(
                condition=(Q(ended_as="refused") & ~Q(reason=""))
                | (~Q(ended_as="refused") & Q(reason="")),
                name="only_what_is_refused_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(ended_as="done") | Q(started_on__isnull=False),
                name="what_is_done_was_begun",
            ),
            models.CheckConstraint(
                condition=Q(started_on=None, started_at=None)
                | Q(started_on__isnull=False, started_at__isnull=False),
                name="intervention_started_with_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["engagement", "-rank"],
                condition=Q(ended_at=None, started_on=None),
                name="intervention_planned",
            ),
            models.Index(
                fields=["play", "started_on"],
                condition=Q(ended_at=None),
                name="intervention_open",
            ),
            models.Index(fields=["engagement", "-as_of", "-id"], name="intervention_of_engagement"),
            models.Index(fields=["play", "-as_of", "-id"], name="intervention_of_play"),
            models.Index(fields=["-as_of", "-id"], name="intervention_latest"),
            models.Index(fields=["run", "after_on", "as_of"], name="intervention_of_run"),
            models.Index(fields=["play", "situation", "ended_as"], name="intervention_answers"),
        ]

    def __str__(self) -> str:
        return self.uid

    @property
    def state(self) -> str:
        """planned, running, or how it ended: done, refused, lapsed."""
        return self.ended_as or ("planned" if self.started_on is None else "running")


class StepRun(models.Model):
    """A step of an intervention: due to begin on a day, begun, ended (its action closed, or
    what it does by itself done)."""

    intervention = models.ForeignKey(Intervention, on_delete=models.CASCADE, related_name="steps")
    step = models.ForeignKey(PlayStep, on_delete=models.PROTECT, related_name="runs")
    due_on = models.DateField()
    laid_out_at = models.DateTimeField(auto_now_add=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    action = models.OneToOneField(
        Action, null=True, blank=True, on_delete=models.SET_NULL, related_name="step_run"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intervention", "step"], name="one_run_a_step"),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(begun_at=None), name="step_run_due"),
            models.Index(fields=["begun_at"], condition=Q(ended_at=None), name="step_run_open"),
        ]

    def __str__(self) -> str:
        return f"{self.intervention_id}.{self.step_id}"
