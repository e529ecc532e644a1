"""Which targets count for whom on a day: their own, the standard that serves them, or Banso's
offer."""

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
from banso.goals.stages import StageNow, stage_of
from banso.metrics import values
from banso.metrics.models import Metric, Segment
from banso.metrics.segments import memberships
from banso.metrics.values import everybody

type PlanKind = Literal["own", "standard", "proposed", "built_in", "none"]
TECH = Engagement.Touch.TECH
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
    """The targets that count, and where they come from; `goal_id` where somebody set them, for
    the segment and the stage that a standard is for.

    `spared`: a target on contacts was left out, since nobody is expected to be in touch.
    """

    kind: PlanKind
    targets: tuple[PlanTarget, ...] = ()
    goal_id: int | None = None
    segment_id: int | None = None
    stage_id: int | None = None
    spared: bool = False

    @property
    def backwards(self) -> bool:
        return any(target.backwards for target in self.targets)


type Offer = Callable[[str], Plan]
type Key = tuple[int | None, int | None]


@dataclass(frozen=True)
class Standards:
    """The standards of a day, the most specific first: of a stage of a segment, of a segment, of
    a stage, of everyone; of several segments, that of the first in their order.

    `members` holds whom each segment with a standard has, `stages` where everyone is.
    """

    order: Sequence[tuple[Key, Plan]]
    members: Mapping[int, Collection[int]]
    stages: Mapping[int, StageNow]

    def of(self, engagement: int) -> Plan | None:
        """The standard that serves the engagement."""
        return next((plan for key, plan in self.order if self.serves(key, engagement)), None)

    def criteria_of(self, engagement: int) -> Plan | None:
        """The standard of the engagement's stage: what is to be met before it moves on."""
        staged = ((key, plan) for key, plan in self.order if key[1] is not None)
        return next((plan for key, plan in staged if self.serves(key, engagement)), None)

    def serves(self, key: Key, engagement: int) -> bool:
        segment, stage = key
        now = self.stages.get(engagement)
        inside = segment is None or engagement in self.members.get(segment, ())
        return inside and (stage is None or (now is not None and now.stage.pk == stage))


def plan_for(engagement_ids: Collection[int] | None, as_of: date) -> dict[int, Plan]:
    """The plan of each engagement (None: of all) as of a day; one object serves a standard.

    The engagement's own targets come first, then the standard that serves it, then Banso's own
    proposal from what was known that day.
    """
    return plans(engagement_ids, as_of, offer_of(as_of), standards_for(engagement_ids, as_of))


def offer_of(as_of: date) -> Offer:
    """Banso's proposal for those without any target, by the segment name in their list."""
    from banso.goals.proposals import proposed_plan

    return lambda label: proposed_plan(label, as_of)


def plans(
    engagement_ids: Collection[int] | None, as_of: date, offer: Offer, known: Standards
) -> dict[int, Plan]:
    """As plan_for, with `offer(label)` where nobody has set any target."""
    rows = engagements_of(engagement_ids).values_list("id", "segment", "touch")
    labels = {each: (label, touch) for each, label, touch in rows}
    own = own_plans(engagement_ids, as_of)
    offered = cache(offer)
    spared = sparing({each for each, (_, touch) in labels.items() if touch == TECH})

    def of(engagement: int, label: str) -> Plan:
        return spared(engagement, own.get(engagement) or known.of(engagement) or offered(label))

    return {engagement: of(engagement, label) for engagement, (label, _) in labels.items()}


def criteria_for(engagement_ids: Collection[int], known: Standards) -> dict[int, Plan]:
    """What each engagement that is in a stage is to meet before it moves on."""
    found = {each: known.criteria_of(each) for each in engagement_ids if each in known.stages}
    spared = sparing(tech_touched(found) if found else ())
    return {each: spared(each, plan) for each, plan in found.items() if plan is not None}


def standards_for(engagement_ids: Collection[int] | None, as_of: date) -> Standards:
    """The standards of a day with whom they serve among these engagements (None: all)."""
    written = standards(as_of)
    segments = list(Segment.objects.filter(pk__in=[key[0] for key in written if key[0]]))
    place = {each.pk: (each.position, each.pk) for each in segments}
    everyone = everybody() if engagement_ids is None and segments else engagement_ids or ()
    return Standards(
        order=sorted(written.items(), key=lambda found: rank_of(found[0], place)),
        members=memberships(segments, everyone, as_of),
        stages=stage_of(engagement_ids, as_of),
    )


def rank_of(key: Key, place: Mapping[int, tuple[int, int]]) -> tuple[int, tuple[int, int]]:
    segment, stage = key
    rank = {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}
    return rank[segment is not None, stage is not None], place.get(segment or 0, (0, 0))


def sparing(tech: Collection[int]) -> Callable[[int, Plan], Plan]:
    """Takes targets on contacts out of the plans of those whom nobody is to be in touch with."""
    silences = silence_keys() if tech else set()
    shared: dict[int, Plan] = {}

    def spared(engagement: int, plan: Plan) -> Plan:
        if engagement not in tech:
            return plan
        return shared.setdefault(id(plan), spare(plan, silences))

    return spared


def engagements_of(engagement_ids: Collection[int] | None) -> QuerySet[Engagement]:
    rows = Engagement.objects.order_by("id")
    return rows if engagement_ids is None else rows.filter(id__in=list(engagement_ids))


def labels_of(engagement_ids: Collection[int] | None) -> dict[int, str]:
    """The segment name in the workspace's list."""
    return dict(engagements_of(engagement_ids).values_list("id", "segment"))


def tech_touched(engagement_ids: Collection[int] | None) -> set[int]:
    """Whom nobody is expected to be in touch with."""
    rows = engagements_of(engagement_ids).filter(touch=TECH)
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
    return grouped("own", as_of, ((row.goal.engagement_id or 0, row) for row in rows))


def standards(as_of: date) -> dict[Key, Plan]:
    """The standards in use by segment and stage, (None, None) being everyone's."""
    end = day_end(as_of)
    gone = Q(goal__segment__retired_at__lt=end) | Q(goal__stage__retired_at__lt=end)
    rows = in_force(as_of).filter(goal__engagement=None).exclude(gone)
    return grouped(
        "standard", as_of, (((row.goal.segment_id, row.goal.stage_id), row) for row in rows)
    )


def in_force(as_of: date) -> QuerySet[Target]:
    """Targets that counted on the day: since then or before, and not ended by its end."""
    not_ended = Q(ended_at=None) | Q(ended_at__gte=day_end(as_of))
    return (
        Target.objects.filter(not_ended, since__lte=as_of)
        .select_related("goal", "metric")
        .order_by("goal_id", "id")
    )


def grouped[K](kind: PlanKind, as_of: date, rows: Iterable[tuple[K, Target]]) -> dict[K, Plan]:
    found: dict[K, list[Target]] = {}
    for owner, row in rows:
        found.setdefault(owner, []).append(row)
    end = day_end(as_of)
    return {owner: written(kind, end, targets) for owner, targets in found.items()}


def written(kind: PlanKind, end: datetime, rows: Sequence[Target]) -> Plan:
    targets = tuple(plan_target(row, backwards=row.set_at >= end) for row in rows)
    goal = rows[0].goal
    return Plan(kind, targets, goal.pk, segment_id=goal.segment_id, stage_id=goal.stage_id)


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
