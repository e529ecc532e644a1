"""How long it took until something showed, one by one, and what is typical of a metric."""

from django.db import models

from banso.metrics.models import Metric
from banso.plays.models import Intervention


class EffectTime(models.Model):
    """On which day after it was given an intervention's metric first stood better by enough
    (banso.cases.effects); without `days` it never did while one looked. Disposable."""

    intervention = models.OneToOneField(
        Intervention, primary_key=True, on_delete=models.CASCADE, related_name="effect_time"
    )
    metric = models.ForeignKey(Metric, on_delete=models.CASCADE, related_name="effect_times")
    days = models.PositiveSmallIntegerField(null=True)
    counts = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["metric", "counts", "days"], name="effect_time_of_metric")]

    def __str__(self) -> str:
        return f"{self.intervention_id}: {self.days}"


class TypicalTime(models.Model):
    """banso.core.effect_times.typical_time over a metric's interventions of customers whom every
    colleague may read. Disposable: each night writes those anew that have more."""

    metric = models.OneToOneField(
        Metric, primary_key=True, on_delete=models.CASCADE, related_name="typical_time"
    )
    as_of = models.DateField()
    n = models.PositiveIntegerField()
    shown = models.PositiveIntegerField()
    median = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    reason = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return f"{self.metric_id} {self.as_of}"
