"""Values that people typed or imported: the latest that was known on a day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from banso.base.workspace import day_end, workspace
from banso.engagements.models import Engagement
from banso.metrics.models import Measurement, Metric

FEW = 500
type Row = tuple[date, datetime, float]


def entered_at(
    keys: Collection[str], pairs: Sequence[tuple[int, date]]
) -> dict[tuple[int, date], dict[str, float | None]]:
    """For each pair of an engagement and a day, the latest value of each metric by its date,
    among those recorded by the end of that day; of the same date, the one recorded last."""
    known, place = _known(keys, pairs), workspace()
    ends = {day: day_end(day, place) for _, day in pairs}
    return {
        (each, day): {key: _latest(known.get((each, key), ()), day, ends[day]) for key in keys}
        for each, day in pairs
    }


def measurements(metric: Metric, engagement: Engagement, as_of: date) -> list[Measurement]:
    """The values of one metric for one engagement that were known on `as_of`, latest first."""
    rows = Measurement.objects.filter(metric=metric, engagement=engagement, as_of__lte=as_of)
    known = rows.filter(recorded_at__lt=day_end(as_of)).select_related("by")
    return list(known.order_by("-as_of", "-id"))


def _known(
    keys: Collection[str], pairs: Sequence[tuple[int, date]]
) -> dict[tuple[int, str], list[Row]]:
    if not keys or not pairs:
        return {}
    ids, last = {each for each, _ in pairs}, max(day for _, day in pairs)
    rows = Measurement.objects.filter(metric__key__in=keys, as_of__lte=last)
    if len(ids) <= FEW:
        rows = rows.filter(engagement__in=ids)
    else:
        rows = rows.filter(engagement_id__gte=min(ids), engagement_id__lte=max(ids))
    found: dict[tuple[int, str], list[Row]] = {}
    for each, key, day, recorded, value in rows.order_by("as_of", "id").values_list(
        "engagement_id", "metric__key", "as_of", "recorded_at", "value"
    ):
        found.setdefault((each, key), []).append((day, recorded, value))
    return found


def _latest(ascending: Sequence[Row], day: date, end: datetime) -> float | None:
    known = (value for as_of, at, value in reversed(ascending) if as_of <= day and at < end)
    return next(known, None)
