"""Where every engagement stands on a day: gap, health, stake, next date, and the reason.

`stand` gathers what was known that day in a fixed number of statements and then only
calculates, so it serves today, any day in the past and the look-back alike.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F
from django.db.models.expressions import OrderBy

from banso.actions.streams import last_contacts
from banso.core.contracts import NextDate
from banso.core.estimate import NotEstimable
from banso.core.metrics import Definition
from banso.core.stake import days_left, stake, urgency
from banso.core.targets import Reading, Score, score
from banso.engagements.values import (
    annual_value_minor,
    contracts_of,
    critical_dates,
    current_ids,
)
from banso.goals.plans import (
    Plan,
    PlanKind,
    PlanTarget,
    criteria_for,
    offer_of,
    plans,
    standards_for,
)
from banso.goals.reasons import Reason, reason
from banso.goals.stages import StageNow
from banso.metrics import values

RANKING: tuple[OrderBy | str, ...] = (
    F("by_stake").desc(),
    F("by_gap").desc(),
    F("by_exposure").desc(),
    "engagement_id",
)
FEW = 500


@dataclass(frozen=True)
class TermValue:
    """One measured target's part of the gap; the shares add up to it."""

    metric: str
    value: float
    floor: float
    target: float
    weight: float
    gap: float
    share: float


@dataclass(frozen=True)
class StandingValue:
    """Where one engagement stands; gap 0-1 and health 0-100 are None when too little is
    measured, `stake` and `annual_minor` (workspace currency, minor unit) without a value. Nobody
    new in a stage has a stake: they are not ranked among the rest."""

    engagement_id: int
    as_of: date
    current: bool
    gap: float | None
    health: float | None
    measured: int
    targets: int
    plan: PlanKind
    annual_minor: int | None
    urgency: float
    stake: int | None
    next_on: date | None
    next_kind: str
    last_contact_on: date | None
    terms: tuple[TermValue, ...]
    reason: Reason
    goal_id: int | None = None
    stage_id: int | None = None
    stage_since: date | None = None
    in_grace: bool = False
    criteria: int = 0
    criteria_met: int = 0


@dataclass(frozen=True)
class Facts:
    """What was known on a day, by engagement."""

    as_of: date
    current: Collection[int]
    plans: Mapping[int, Plan]
    values: Mapping[int, Mapping[str, float | None]]
    annual: Mapping[int, int | None]
    dates: Mapping[int, NextDate]
    contacts: Mapping[int, date]
    meanings: Mapping[str, Definition]
    stages: Mapping[int, StageNow] = field(default_factory=dict)
    criteria: Mapping[int, Plan] = field(default_factory=dict)


def stand(as_of: date, ids: Collection[int] | None = None) -> dict[int, StandingValue]:
    """Where the engagements stand as of a day: those asked for, else all current then."""
    current = current_ids(as_of, ids)
    chosen = sorted(current if ids is None else ids)
    facts = gather(as_of, chosen, current)
    return {engagement: standing(engagement, facts) for engagement in chosen}


def facts_of(engagement: int, as_of: date) -> Facts:
    """What was known on a day of one engagement."""
    return gather(as_of, [engagement], current_ids(as_of, [engagement]))


def gather(as_of: date, chosen: Collection[int], current: Collection[int]) -> Facts:
    known = standards_for(chosen, as_of)
    found = plans(chosen, as_of, offer_of(as_of), known)
    criteria = criteria_for(chosen, known)
    meanings = values.definitions(keys_of([*found.values(), *criteria.values()]))
    contracts = contracts_of(chosen)
    return Facts(
        as_of=as_of,
        current=current,
        plans=found,
        values=measured_on(as_of, chosen, meanings),
        annual=annual_value_minor(chosen, as_of, contracts),
        dates=critical_dates(chosen, as_of, contracts),
        contacts=last_contacts(as_of, few(chosen)),
        meanings=meanings,
        stages=known.stages,
        criteria=criteria,
    )


def measured_on(
    as_of: date, ids: Collection[int], meanings: Mapping[str, Definition]
) -> dict[int, Mapping[str, float | None]]:
    """The values of the day, by engagement."""
    if not meanings:
        return {}
    found = values.measure(meanings, [(each, as_of) for each in ids])
    return {each: row for (each, _), row in found.items()}


def few(ids: Collection[int]) -> Collection[int] | None:
    """The ids where they are few enough to be named in a statement; None: read everybody's."""
    return ids if len(ids) <= FEW else None


def keys_of(plans: Iterable[Plan]) -> list[str]:
    """The metrics that the plans speak of."""
    distinct = {id(plan): plan for plan in plans}
    return sorted({target.key for plan in distinct.values() for target in plan.targets})


def standing(engagement: int, facts: Facts) -> StandingValue:
    """Where one engagement stands, from the facts alone."""
    plan = facts.plans.get(engagement, Plan("none"))
    measured = facts.values.get(engagement, {})
    readings = readings_of(plan.targets, measured)
    result = score(readings)
    following = facts.dates.get(engagement)
    pressing = urgency(days_left(following.on if following else None, as_of=facts.as_of))
    worth = facts.annual.get(engagement)
    gap = result.gap if isinstance(result, Score) else None
    stage = facts.stages.get(engagement)
    fresh = stage is not None and stage.in_grace
    criteria = facts.criteria.get(engagement, Plan("none")).targets
    spoken = facts.contacts.get(engagement)
    return StandingValue(
        engagement_id=engagement,
        as_of=facts.as_of,
        current=engagement in facts.current,
        gap=gap,
        health=result.health if isinstance(result, Score) else None,
        measured=sum(each.value is not None for each in readings),
        targets=len(readings),
        plan=plan.kind,
        annual_minor=worth,
        urgency=pressing,
        stake=None if gap is None or worth is None or fresh else round(stake(gap, worth, pressing)),
        next_on=following.on if following else None,
        next_kind=following.kind if following else "",
        last_contact_on=spoken,
        terms=terms_of(result, readings),
        reason=reason(
            result,
            readings=readings,
            targets=plan.targets,
            meanings=facts.meanings,
            next_date=following,
            silence=(facts.as_of - spoken).days if spoken else None,
        ),
        goal_id=plan.goal_id,
        stage_id=stage.stage.pk if stage else None,
        stage_since=stage.since if stage else None,
        in_grace=fresh,
        criteria=len(criteria),
        criteria_met=sum(is_met(each, measured.get(each.key)) for each in criteria),
    )


def is_met(target: PlanTarget, value: float | None) -> bool:
    """Whether a criterion is reached; what is not measured is not."""
    if value is None:
        return False
    return value >= target.target if target.target > target.floor else value <= target.target


def readings_of(
    targets: Iterable[PlanTarget], measured: Mapping[str, float | None]
) -> list[Reading]:
    return [
        Reading(each.key, each.weight, measured.get(each.key), each.floor, each.target)
        for each in targets
    ]


def terms_of(result: Score | NotEstimable, readings: Iterable[Reading]) -> tuple[TermValue, ...]:
    if isinstance(result, NotEstimable):
        return ()
    found = {each.key: each for each in readings}
    return tuple(
        TermValue(
            metric=term.key,
            value=found[term.key].value or 0.0,
            floor=found[term.key].floor,
            target=found[term.key].target,
            weight=term.weight,
            gap=term.gap,
            share=term.share,
        )
        for term in result.terms
    )


def ranked(standings: Iterable[StandingValue]) -> list[StandingValue]:
    """The day's one order, as RANKING says it in SQL: by stake; then those without a value by
    gap; then the unmeasured by value times urgency."""
    return sorted(standings, key=rank_key)


def rank_key(value: StandingValue) -> tuple[float, float, float, int]:
    exposed = None if value.annual_minor is None else value.annual_minor * value.urgency
    return (down(value.stake), down(value.gap), down(exposed), value.engagement_id)


def down(number: float | None) -> float:
    """A sort key for "largest first, unknown last"."""
    return float("inf") if number is None else -number
