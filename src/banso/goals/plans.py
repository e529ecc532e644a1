"""Which targets count for whom on a day: their own, their segment's standard, or Banso's offer."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Literal

from django.db.models import Q, QuerySet

from banso.base.workspace import day_end
from banso.core.metrics import DaysSince, Definition
from banso.engagements.models import Engagement
from banso.goals.models import Target
from banso.metrics import values
from banso.metrics.models import Metric

type PlanKind = Literal["own", "standard", "proposed", "built_in", "none"]
CONTACT_TARGET_DAYS = 30
CONTACT_FLOOR_DAYS = 90


@dataclass(frozen=True)
class Basis:
    """What a proposed target rests on: known outcomes and how well the metric told them apart
    (the chance that a renewed one stood better than a lost one)."""

    n_renewed: int
    n_lost: int
    separation: float


@dataclass(frozen=True)
class PlanTarget:
    """A target as it counted on a day; `uid` is empty where no person wrote it down.

    `backwards`: it was written down after the day it is looked at from.
    """

    metric_id: int
    key: str
    name: Mapping[str, str]
    unit: str
    higher_is_better: bool
    start: float | None
    floor: float
    target: float
    weight: int
    due_on: date | None = None
    uid: str = ""
    backwards: bool = False
    basis: Basis | None = None


@dataclass(frozen=True)
class Plan:
    """The targets that count, and where they come from; `goal_id` where somebody set them.

    `spared`: a target on contacts was left out, since nobody is expected to be in touch.
    """

    kind: PlanKind
    targets: tuple[PlanTarget, ...] = ()
    goal_id: int | None = None
    spared: bool = False

    @property
    def backwards(self) -> bool:
        return any(target.backwards for target in self.targets)


type Offer = Callable[[str], Plan]


def plan_for(engagement_ids: Collection[int] | None, as_of: date) -> dict[int, Plan]:
    """The plan of each engagement (None: of all) as of a day; one object serves a segment.

    The engagement's own targets come first, then the standard of its segment, then the one for
    every segment, then Banso's own proposal from what was known that day.
    """
    from banso.goals.proposals import proposed_plan

    return plans(engagement_ids, as_of, lambda segment: proposed_plan(segment, as_of))


def plans(engagement_ids: Collection[int] | None, as_of: date, offer: Offer) -> dict[int, Plan]:
    """As plan_for, with `offer(segment)` where nobody has set any target."""
    segments = segments_of(engagement_ids)
    own = own_plans(engagement_ids, as_of)
    standard = standards(as_of)
    offered = cache(offer)
    tech = tech_touched(engagement_ids)
    silences = silence_keys() if tech else set()
    shared: dict[int, Plan] = {}

    def of(engagement: int, segment: str) -> Plan:
        plan = own.get(engagement) or standard.get(segment) or standard.get("") or offered(segment)
        if engagement not in tech:
            return plan
        return shared.setdefault(id(plan), spare(plan, silences))

    return {engagement: of(engagement, segment) for engagement, segment in segments.items()}


def segments_of(engagement_ids: Collection[int] | None) -> dict[int, str]:
    rows = Engagement.objects.order_by("id")
    if engagement_ids is not None:
        rows = rows.filter(id__in=list(engagement_ids))
    return dict(rows.values_list("id", "segment"))


def tech_touched(engagement_ids: Collection[int] | None) -> set[int]:
    """Whom nobody is expected to be in touch with."""
    rows = Engagement.objects.filter(touch=Engagement.Touch.TECH)
    if engagement_ids is not None:
        rows = rows.filter(id__in=list(engagement_ids))
    return set(rows.values_list("id", flat=True))


def silence_keys() -> set[str]:
    return {key for key, meaning in values.definitions().items() if counts_silence(meaning)}


def spare(plan: Plan, silences: Collection[str]) -> Plan:
    """The plan without the targets that count silence; the built-in one has no other."""
    kept = tuple(target for target in plan.targets if target.key not in silences)
    if len(kept) == len(plan.targets):
        return plan
    kind: PlanKind = "none" if plan.kind == "built_in" else plan.kind
    return replace(plan, kind=kind, targets=kept, spared=True)


def own_plans(engagement_ids: Collection[int] | None, as_of: date) -> dict[int, Plan]:
    rows = in_force(as_of).filter(goal__engagement__isnull=False)
    if engagement_ids is not None:
        rows = rows.filter(goal__engagement__in=list(engagement_ids))
    return grouped("own", as_of, ((row.goal.engagement_id, row) for row in rows))


def standards(as_of: date) -> dict[str, Plan]:
    """The standards by segment; "" serves every segment that has none."""
    rows = in_force(as_of).filter(goal__segment__isnull=False)
    return grouped("standard", as_of, ((row.goal.segment, row) for row in rows))


def in_force(as_of: date) -> QuerySet[Target]:
    """Targets that counted on the day: since then or before, and not ended by its end."""
    not_ended = Q(ended_at=None) | Q(ended_at__gte=day_end(as_of))
    return (
        Target.objects.filter(not_ended, since__lte=as_of)
        .select_related("goal", "metric")
        .order_by("goal_id", "id")
    )


def grouped[K](
    kind: PlanKind, as_of: date, rows: Iterable[tuple[K | None, Target]]
) -> dict[K, Plan]:
    found: dict[K, list[Target]] = {}
    for owner, row in rows:
        if owner is not None:
            found.setdefault(owner, []).append(row)
    end = day_end(as_of)
    return {owner: written(kind, end, targets) for owner, targets in found.items()}


def written(kind: PlanKind, end: datetime, rows: Sequence[Target]) -> Plan:
    targets = tuple(plan_target(row, backwards=row.set_at >= end) for row in rows)
    return Plan(kind, targets, rows[0].goal_id)


def plan_target(row: Target, *, backwards: bool = False) -> PlanTarget:
    return PlanTarget(
        metric_id=row.metric_id,
        key=row.metric.key,
        name=row.metric.name,
        unit=row.metric.unit,
        higher_is_better=row.metric.higher_is_better,
        start=row.start,
        floor=row.floor,
        target=row.target,
        weight=row.weight,
        due_on=row.due_on,
        uid=row.uid,
        backwards=backwards,
        basis=Basis(**row.proposal) if row.proposal else None,
    )


def built_in(definitions: Mapping[str, Definition]) -> Plan:
    """The plan of last resort: somebody spoke with them within 30 days, 90 at the worst."""
    keys = [key for key, meaning in definitions.items() if counts_silence(meaning)]
    metric = Metric.objects.filter(key__in=keys, retired_at=None).order_by("id").first()
    if metric is None:
        return Plan("none")
    target = PlanTarget(
        metric_id=metric.pk,
        key=metric.key,
        name=metric.name,
        unit=metric.unit,
        higher_is_better=False,
        start=None,
        floor=CONTACT_FLOOR_DAYS,
        target=CONTACT_TARGET_DAYS,
        weight=1,
    )
    return Plan("built_in", (target,))


def counts_silence(meaning: Definition) -> bool:
    """Whether a metric is the number of days since somebody spoke with them."""
    return isinstance(meaning, DaysSince) and meaning.stream == "contacts"
