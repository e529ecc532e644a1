"""Numbers with a definition, and their values."""

from django.db import models
from django.db.models import Q

from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement


class Metric(models.Model):
    """The definition of a number; what it computes is its latest MetricVersion.

    `name` and `sentence` are {ja, en}; `unit` is a code (times, people, days, percent, yen,
    points, none) or a short text of the workspace's own.
    """

    uid = UidField()
    key = models.SlugField(max_length=80, unique=True)
    name = models.JSONField(default=dict)
    sentence = models.JSONField(default=dict, blank=True)
    unit = models.CharField(max_length=40, default="times")
    higher_is_better = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.key


class MetricVersion(models.Model):
    """One meaning of a metric: `definition` is banso.core.definitions.dump of it."""

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["metric", "number"], name="one_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} v{self.number}"


class Measurement(models.Model):
    """One entered or imported value of a metric for an engagement as of a day; append-only."""

    uid = UidField()
    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="measurements")
    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="measurements"
    )
    as_of = models.DateField()
    value = models.FloatField()
    source = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["engagement", "metric", "-as_of", "-id"], name="measurement_latest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.engagement_id} {self.as_of}"


class Segment(models.Model):
    """A saved filter: `condition` is banso.core.conditions.dump of whom it holds for.

    `name` is {ja, en}. The order of segments decides whose standard serves a customer of
    several. One that is not `shared` is its maker's own.
    """

    uid = UidField()
    name = models.JSONField(default=dict)
    condition = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    shared = models.BooleanField(default=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.uid


class LatestValue(models.Model):
    """The value of a metric today; disposable, brought up to date by each round.

    `as_of` is the day since when it has been this value. What is not measured has no row."""

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="latest")
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="latest")
    version = models.PositiveIntegerField()
    as_of = models.DateField()
    value = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "metric"], name="one_latest_value"),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="latest_value_names_its_version"
            ),
        ]
        indexes = [models.Index(fields=["metric", "value"], name="latest_value_by_size")]

    def __str__(self) -> str:
        return f"{self.metric_id} {self.engagement_id}"
