"""Numbers with a definition, and their values."""

from django.db import models
from django.db.models import Q

from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.events.models import LakePart


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
    """One meaning of a metric: `definition` is banso.core.definitions.dump of it. The latest that
    is not `proposed` is the one in force."""

    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    proposed = models.BooleanField(default=False)
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["metric", "number"], name="one_version_a_number"),
            models.UniqueConstraint(
                fields=["metric"], condition=Q(proposed=True), name="one_proposal_a_metric"
            ),
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


class Rollup(models.Model):
    """What metrics ask of the rows of a part, kept by day in two files of the lake: account-days
    and person-days. `columns` names the atoms in them, `days` {day: mark} of its events, see
    engine.rollup.Rolled; `events` is the file of its event-days, `names` its event names by
    stream (engine.discover.dump): no metric changes these. Disposable; one without a
    part is of a part that has gone."""

    part = models.OneToOneField(
        LakePart, null=True, on_delete=models.SET_NULL, related_name="rollup"
    )
    columns = models.JSONField(default=list)
    days = models.JSONField(default=dict)
    accounts = models.CharField(max_length=255, unique=True)
    people = models.CharField(max_length=255, unique=True)
    events = models.CharField(max_length=255, blank=True)
    names = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.part_id}"


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


class Backfill(models.Model):
    """The past of some versions computed week by week as a job, and how a changed meaning differs
    from the one it takes the place of (`comparison`, see revision.compare). First the parts of
    the lake that lack what a version asks are rolled: `rolled` of `parts`."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    uid = UidField()
    versions = models.ManyToManyField(MetricVersion, related_name="backfills")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    as_of = models.DateField()
    weeks = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)
    rolled = models.PositiveIntegerField(default=0)
    comparison = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.uid

    @property
    def rolling(self) -> bool:
        """Whether events are still summed up for it."""
        return self.rolled < self.parts


class WeekSummary(models.Model):
    """How the values of a version lay on a day: those of the customers current then, restricted
    ones left out. Disposable; `low`, `middle` and `high` are the quarters."""

    version = models.ForeignKey(MetricVersion, on_delete=models.CASCADE, related_name="weeks")
    day = models.DateField()
    measured = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    low = models.FloatField(null=True)
    middle = models.FloatField(null=True)
    high = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "day"], name="one_summary_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.day}"


class HistoryWeek(models.Model):
    """The values of everybody current on a day, in a file of the lake: `engagement`, and a column
    of its own for each of `versions`. Disposable; a column that `versions` does not name is no
    longer right and waits to be computed again."""

    day = models.DateField(unique=True)
    path = models.CharField(max_length=255, unique=True)
    versions = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.day}"


class Summary(models.Model):
    """How the latest values of a metric lie, restricted customers left out; disposable. `shown`
    holds up to 200 of the ordered values, evenly apart."""

    metric = models.OneToOneField(
        Metric, primary_key=True, on_delete=models.CASCADE, related_name="summary"
    )
    measured = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    low = models.FloatField(null=True)
    middle = models.FloatField(null=True)
    high = models.FloatField(null=True)
    shown = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.metric_id}"


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
