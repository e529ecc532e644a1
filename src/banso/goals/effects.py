"""What another meaning of a metric does to the targets that rest on it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from banso.core.targets import gap
from banso.goals.models import Stage
from banso.goals.plans import Plan, PlanTarget, plan_for
from banso.metrics.models import Metric, Segment
from banso.metrics.revision import Effect, Sides

type Key = tuple[str, int | None, int | None]


@dataclass
class Met:
    """Gaps before and after of the customers of one plan; those without a value have none."""

    customers: int = 0
    before: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)


def effects_of(metric: Metric, sides: Sides, as_of: date) -> list[Effect]:
    """By own plans, by each standard and by Banso's offer: how many meet the target, and the mean
    gap, with the old and with the new values."""
    found: dict[Key, Met] = {}
    for each, plan in plan_for(set(sides), as_of).items():
        for target in plan.targets:
            if target.metric_id == metric.pk:
                count(found.setdefault(key_of(plan), Met()), target, sides[each])
    names = names_of(found)
    return [effect(key, met, names[key]) for key, met in sorted(found.items(), key=str)]


def key_of(plan: Plan) -> Key:
    standard = plan.kind == "standard"
    return (plan.kind, plan.segment_id, plan.stage_id) if standard else (plan.kind, None, None)


def count(met: Met, target: PlanTarget, side: tuple[float | None, float | None]) -> None:
    met.customers += 1
    for value, gaps in zip(side, (met.before, met.after), strict=True):
        if value is not None:
            gaps.append(gap(value, floor=target.floor, target=target.target))


def effect(key: Key, met: Met, name: Mapping[str, str]) -> Effect:
    return Effect(
        kind=key[0],
        name=name,
        customers=met.customers,
        met_before=met.before.count(0.0),
        met_after=met.after.count(0.0),
        gap_before=mean(met.before),
        gap_after=mean(met.after),
    )


def mean(gaps: list[float]) -> float | None:
    return sum(gaps) / len(gaps) if gaps else None


def names_of(keys: Collection[Key]) -> dict[Key, dict[str, str]]:
    """What each standard is for; empty for everyone, and where there is no standard."""
    segments = Segment.objects.in_bulk([segment for _, segment, _ in keys if segment])
    stages = Stage.objects.in_bulk([stage for _, _, stage in keys if stage])
    found = {}
    for key in keys:
        parts = list(spoken(segments.get(key[1] or 0), stages.get(key[2] or 0)))
        languages = {language for part in parts for language in part}
        found[key] = {one: " · ".join(part.get(one, "") for part in parts) for one in languages}
    return found


def spoken(*rows: Segment | Stage | None) -> Iterator[Mapping[str, str]]:
    yield from (row.name for row in rows if row is not None)
