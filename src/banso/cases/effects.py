"""How long it took until a metric's gap was visibly smaller, and what is typical of it.

“Visibly”: the gap on the target that counted for the customer that day is smaller by a tenth of
the whole way from floor to target. Looked at week by week until the intervention's window ended.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from banso.base.pacing import paced
from banso.cases.models import EffectTime, TypicalTime
from banso.core.effect_times import typical_time
from banso.core.estimate import Estimate
from banso.core.targets import gap
from banso.engagements.models import Engagement
from banso.goals.plans import PlanTarget, plan_for
from banso.metrics import values
from banso.metrics.models import Metric
from banso.plays.models import Intervention, PlayVersion

VISIBLE = 0.1
ROUNDING = 1e-9
WEEK = timedelta(days=7)
AT_ONCE = 200
MOST_A_NIGHT = 2_000


def read_effects(day: date) -> None:
    """The night's part: of interventions whose window has ended, a bounded number; then what is
    typical of the metrics that have more."""
    ids = list(unread().order_by("after_on", "pk").values_list("pk", flat=True)[:MOST_A_NIGHT])
    metrics: set[int] = set()
    for some in paced(ids, most=AT_ONCE):
        metrics |= read_some(some)
    for metric in sorted(metrics):
        summarize(metric, day)


def unread() -> QuerySet[Intervention]:
    known = EffectTime.objects.filter(intervention=OuterRef("pk"))
    ended = Intervention.objects.filter(after_on__isnull=False, run__version__metric__isnull=False)
    return ended.filter(~Exists(known))


def read_some(ids: Collection[int]) -> set[int]:
    """Writes their rows; returns their metrics."""
    rows = Intervention.objects.filter(pk__in=ids).select_related("run__version__metric")
    by_version: dict[PlayVersion, list[Intervention]] = {}
    for row in rows.order_by("pk"):
        by_version.setdefault(row.run.version, []).append(row)
    for version, some in by_version.items():
        write(some, version)
    return {version.metric_id for version in by_version if version.metric_id}


def write(rows: Sequence[Intervention], version: PlayVersion) -> None:
    metric = version.metric
    assert metric is not None
    targets = targets_of(rows, metric)
    days = {row.pk: list(looks(row, version.window_days)) for row in rows if row.pk in targets}
    pairs = {(row.engagement_id, day) for row in rows for day in days.get(row.pk, ())}
    measured = values.at(pairs, [metric.key])
    key, found = metric.key, []
    for row in rows:
        series = [
            (day, measured.get((row.engagement_id, day), {}).get(key))
            for day in days.get(row.pk, ())
        ]
        target = targets.get(row.pk)
        seen = first_visible(row, series, target) if target else None
        found.append(EffectTime(intervention=row, metric=metric, days=seen, counts=bool(target)))
    EffectTime.objects.bulk_create(found, ignore_conflicts=True)


def looks(row: Intervention, window_days: int) -> Iterator[date]:
    """The days on which it is looked at: each week's, and the window's last."""
    day, last = row.as_of + WEEK, row.as_of + timedelta(days=window_days)
    while day < last:
        yield day
        day += WEEK
    yield last


def targets_of(rows: Sequence[Intervention], metric: Metric) -> dict[int, PlanTarget]:
    """By intervention, the target on the metric that counted the day it was given, where there
    was one and room to become visibly better."""
    found: dict[int, PlanTarget] = {}
    for day in sorted({row.as_of for row in rows}):
        some = [row for row in rows if row.as_of == day and row.before is not None]
        plans = plan_for([row.engagement_id for row in some], day)
        for row in some:
            mine = plans[row.engagement_id].targets
            target = next((each for each in mine if each.metric_id == metric.pk), None)
            if target is not None and gap_of(row.before, target) > VISIBLE - ROUNDING:
                found[row.pk] = target
    return found


def gap_of(value: float | None, target: PlanTarget) -> float:
    assert value is not None
    return gap(value, floor=target.floor, target=target.target)


def first_visible(
    row: Intervention, series: Sequence[tuple[date, float | None]], target: PlanTarget
) -> int | None:
    before = gap_of(row.before, target)
    for day, value in series:
        if value is not None and before - gap_of(value, target) > VISIBLE - ROUNDING:
            return (day - row.as_of).days
    return None


@transaction.atomic
def summarize(metric: int, day: date) -> None:
    """What is typical of a metric, of the customers whom every colleague may read."""
    rows = EffectTime.objects.filter(metric=metric, counts=True)
    open_ones = Engagement.objects.filter(restricted=False, merged_into=None)
    rows = rows.filter(intervention__engagement__in=open_ones)
    days = list(rows.values_list("days", flat=True))
    result = typical_time(days)
    told: dict[str, object] = {"median": None, "low": None, "high": None}
    if isinstance(result, Estimate):
        told = {"median": result.value, "low": result.low, "high": result.high}
    shown = sum(each is not None for each in days)
    reason = "" if isinstance(result, Estimate) else result.reason
    cells = {"as_of": day, "n": len(days), "shown": shown, "reason": reason}
    TypicalTime.objects.update_or_create(pk=metric, defaults=told | cells)
