"""Purpose and ideal beside now, target by target."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from banso.core.targets import progress, reached
from banso.engagements.models import Engagement
from banso.engagements.values import current_ids
from banso.goals.models import Agreement, Goal, Stage, Statement
from banso.goals.plans import Key, Plan, PlanKind, PlanTarget
from banso.goals.slots import Slot
from banso.goals.standing import Facts, StandingValue, TermValue, gather, standing
from banso.goals.terms import outdated
from banso.metrics.models import Segment


@dataclass(frozen=True)
class TargetNow:
    """A target and where it is: `progress` from the start (None without one or unmeasured),
    `gap` 0-1 and `share`, its part of the whole gap (None while too little is measured)."""

    target: PlanTarget
    value: float | None
    progress: float | None
    gap: float | None
    share: float | None


@dataclass(frozen=True)
class PlanNow:
    """A success plan as of a day. `state` is draft, shared or agreed; `agreement` its record;
    `changed`: the plan is no longer what was shared or agreed; `agreed`: the last version that
    somebody agreed to, also where a newer one is with them now; `spared`: a target on contacts
    does not count for a tech-touch customer; `slot` is whom a standard that counts is for."""

    engagement: Engagement
    as_of: date
    statement: Statement | None
    kind: PlanKind
    backwards: bool
    spared: bool
    slot: Slot | None
    state: str
    agreement: Agreement | None
    changed: bool
    agreed: Agreement | None
    targets: Sequence[TargetNow]
    standing: StandingValue


def plan_now(engagement: Engagement, as_of: date) -> PlanNow:
    """What they want to achieve, what ideal means, and how far each target is, as of a day."""
    return plans_now([engagement], as_of)[engagement.pk]


@dataclass(frozen=True)
class Said:
    """What was last said of a plan by a day: the words, how it was shown, what was agreed."""

    statement: Statement | None
    agreement: Agreement | None
    agreed: Agreement | None


def plans_now(engagements: Sequence[Engagement], as_of: date) -> dict[int, PlanNow]:
    """`plan_now` of several, by engagement id, with a fixed number of statements."""
    ids = [each.pk for each in engagements]
    facts = gather(as_of, ids, current_ids(as_of, ids))
    statements, agreements = statements_on(ids, as_of), agreements_on(ids, as_of)
    agreed = {pk: row for pk, row in agreements if row.state == Agreement.State.AGREED}
    latest = dict(agreements)
    slots = slots_of(facts.plans.values())
    return {
        pk: now(
            each,
            facts,
            Said(statements.get(pk), latest.get(pk), agreed.get(pk)),
            slots.get((facts.plans[pk].segment_id, facts.plans[pk].stage_id)),
        )
        for pk, each in zip(ids, engagements, strict=True)
    }


def now(engagement: Engagement, facts: Facts, said: Said, slot: Slot | None) -> PlanNow:
    stood, plan = standing(engagement.pk, facts), facts.plans[engagement.pk]
    measured = facts.values.get(engagement.pk, {})
    terms = {term.metric: term for term in stood.terms}
    return PlanNow(
        engagement=engagement,
        as_of=facts.as_of,
        statement=said.statement,
        kind=plan.kind,
        backwards=plan.backwards,
        spared=plan.spared,
        slot=slot,
        state=said.agreement.state if said.agreement else Agreement.State.DRAFT,
        agreement=said.agreement,
        changed=differs(said.agreement, said.statement, plan.targets),
        agreed=said.agreed,
        targets=[
            target_now(each, measured.get(each.key), terms.get(each.key)) for each in plan.targets
        ],
        standing=stood,
    )


def slots_of(plans: Iterable[Plan]) -> dict[Key, Slot]:
    """Whom the standards among the plans are for."""
    keys = {(p.segment_id, p.stage_id) for p in plans if p.kind == "standard"}
    segments = Segment.objects.in_bulk([each for each, _ in keys if each is not None])
    stages = Stage.objects.in_bulk([each for _, each in keys if each is not None])
    return {key: Slot(segments.get(key[0] or 0), stages.get(key[1] or 0)) for key in keys}


def target_now(target: PlanTarget, value: float | None, term: TermValue | None) -> TargetNow:
    return TargetNow(
        target=target,
        value=value,
        progress=progress_of(target, value),
        gap=term.gap if term else None,
        share=term.share if term else None,
    )


def progress_of(target: PlanTarget, value: float | None) -> float | None:
    """None where a value is missing, or where the target was only to be kept."""
    start, aim, upward = target.start, target.target, target.higher_is_better
    if value is None or start is None or reached(start, target=aim, upward=upward):
        return None
    return progress(value, start=start, target=aim)


def statement_on(goal: Goal, as_of: date) -> Statement | None:
    said = Statement.objects.filter(goal=goal, on__lte=as_of).select_related("said_by", "by")
    return said.order_by("-on", "-id").first()


def statements_on(ids: Collection[int], as_of: date) -> dict[int, Statement]:
    """What each engagement's purpose was last said to be by the day."""
    said = Statement.objects.filter(goal__engagement__in=ids, on__lte=as_of)
    rows = said.select_related("said_by", "by", "goal").order_by("on", "id")
    return {each.goal.engagement_id or 0: each for each in rows}


def agreements_on(ids: Collection[int], as_of: date) -> list[tuple[int, Agreement]]:
    """(engagement id, agreement) as recorded by the day, the latest last."""
    found = Agreement.objects.filter(goal__engagement__in=ids, on__lte=as_of)
    rows = found.select_related("by", "version", "goal").order_by("on", "id")
    return [(each.goal.engagement_id or 0, each) for each in rows]


def differs(
    agreement: Agreement | None, statement: Statement | None, targets: Sequence[PlanTarget]
) -> bool:
    words = (statement.words, statement.ideal) if statement else ("", "")
    return agreement is not None and outdated(agreement.snapshot, words, targets)
