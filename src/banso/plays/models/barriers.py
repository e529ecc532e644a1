"""What stands in the way of a target or a stage move, and the kinds a workspace tells apart."""

from django.db import models
from django.db.models import Q

from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.goals.models import Stage
from banso.metrics.models import Metric


class BarrierKind(models.Model):
    """A kind of barrier, as the workspace calls it; `name` is {ja, en}."""

    uid = UidField()
    name = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.uid


class Barrier(models.Model):
    """Something stands in the way of an engagement, at our side or at theirs: of its target on
    `metric`, or of its move into `stage`. Until it is lowered it is open.

    A target is named by its metric, so that a barrier outlives the target's revisions and can
    be noted where only a proposal counts. `in_stage` is where the engagement was.
    """

    class Side(models.TextChoices):
        OURS = "ours"
        THEIRS = "theirs"

    uid = UidField()
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="barriers")
    kind = models.ForeignKey(BarrierKind, on_delete=models.PROTECT, related_name="barriers")
    metric = models.ForeignKey(
        Metric, null=True, blank=True, on_delete=models.PROTECT, related_name="barriers"
    )
    stage = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="barriers"
    )
    in_stage = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    side = models.CharField(max_length=6, choices=Side.choices, default=Side.THEIRS)
    words = models.TextField(blank=True)
    noted_at = models.DateTimeField(auto_now_add=True)
    noted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    lowered_at = models.DateTimeField(null=True, blank=True)
    lowered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lowered_words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(metric=None, stage__isnull=False) | Q(metric__isnull=False, stage=None),
                name="barrier_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["engagement", "kind"], condition=Q(lowered_at=None), name="barrier_open"
            ),
            models.Index(
                fields=["kind", "side", "in_stage", "engagement"],
                condition=Q(lowered_at=None),
                name="barrier_open_by_kind",
            ),
            models.Index(fields=["engagement", "-noted_at"], name="barrier_of_engagement"),
            models.Index(fields=["-noted_at", "-id"], name="barrier_latest"),
            models.Index(fields=["lowered_at"], name="barrier_lowered"),
        ]

    def __str__(self) -> str:
        return self.uid
