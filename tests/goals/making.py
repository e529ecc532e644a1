"""Metrics, values and plans that tests begin with."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from banso.actions.actions import record_contact
from banso.core.conditions import Is
from banso.core.definitions import dump
from banso.core.metrics import DaysSince, Definition, Entered
from banso.engagements.models import Engagement
from banso.goals.actions import TargetDraft
from banso.metrics.models import Measurement, Metric, MetricVersion, Segment
from banso.metrics.segment_actions import SegmentSheet, make_segment


def day(text: str) -> date:
    return date.fromisoformat(text)


def make_metric(
    key: str = "seats-used",
    definition: Definition | None = None,
    *,
    higher: bool = True,
    unit: str = "people",
) -> Metric:
    metric = Metric.objects.create(
        key=key,
        name={"ja": f"指標 {key}", "en": f"metric {key}"},
        unit=unit,
        higher_is_better=higher,
    )
    MetricVersion.objects.create(metric=metric, number=1, definition=dump(definition or Entered()))
    return metric


def make_silence() -> Metric:
    """Days since the last contact."""
    return make_metric(
        "days-since-contact", DaysSince("contact", 365, "contacts"), higher=False, unit="days"
    )


def measure(metric: Metric, engagement: Engagement, on: str, value: float) -> Measurement:
    """A value typed in at noon (UTC) of the day it is of."""
    row = Measurement.objects.create(
        metric=metric, engagement=engagement, as_of=day(on), value=value
    )
    Measurement.objects.filter(pk=row.pk).update(recorded_at=noon(on))
    return row


def measure_all(values: Iterable[tuple[Metric, Engagement, str, float]]) -> None:
    """As `measure`, for many."""
    rows = Measurement.objects.bulk_create(
        Measurement(metric=metric, engagement=engagement, as_of=day(on), value=value)
        for metric, engagement, on, value in values
    )
    for row in rows:
        row.recorded_at = noon(row.as_of.isoformat())
    Measurement.objects.bulk_update(rows, ["recorded_at"], batch_size=300)


def draft(metric: Metric, floor: float = 0, target: float = 10, **fields: object) -> TargetDraft:
    return TargetDraft(metric=metric, floor=floor, target=target, **fields)


def labelled(label: str) -> Segment:
    """The segment of those whose list says so."""
    sheet = SegmentSheet({"ja": label, "en": label}, Is("label", "is", label))
    return make_segment(sheet=sheet, by=None)


def talk(engagement: Engagement, by: object, on: str) -> None:
    """A call at noon (UTC) of a day."""
    record_contact(engagement=engagement, by=by, channel="call", occurred_at=noon(on), summary="…")


def noon(on: str) -> datetime:
    return datetime.combine(day(on), time(12), UTC)
