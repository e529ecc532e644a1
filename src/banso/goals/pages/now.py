"""Purpose and ideal beside now, target by target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from banso.core.targets import progress
from banso.engagements.models import Engagement
from banso.goals.models import Agreement, Goal, Statement
from banso.goals.plans import PlanKind, PlanTarget
from banso.goals.standing import StandingValue, TermValue, facts_of, standing
from banso.goals.terms import outdated


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
    does not count for a tech-touch customer."""

    engagement: Engagement
    as_of: date
    statement: Statement | None
    kind: PlanKind
    backwards: bool
    spared: bool
    state: str
    agreement: Agreement | None
    changed: bool
    agreed: Agreement | None
    targets: Sequence[TargetNow]
    standing: StandingValue


def plan_now(engagement: Engagement, as_of: date) -> PlanNow:
    """What they want to achieve, what ideal means, and how far each target is, as of a day."""
    facts = facts_of(engagement.pk, as_of)
    stood, plan = standing(engagement.pk, facts), facts.plans[engagement.pk]
    measured = facts.values.get(engagement.pk, {})
    terms = {term.metric: term for term in stood.terms}
    goal = Goal.objects.filter(engagement=engagement).first()
    statement = statement_on(goal, as_of) if goal else None
    agreement = agreement_on(goal, as_of) if goal else None
    return PlanNow(
        engagement=engagement,
        as_of=as_of,
        statement=statement,
        kind=plan.kind,
        backwards=plan.backwards,
        spared=plan.spared,
        state=agreement.state if agreement else Agreement.State.DRAFT,
        agreement=agreement,
        changed=differs(agreement, statement, plan.targets),
        agreed=agreed_on(goal, as_of) if goal else None,
        targets=[
            target_now(each, measured.get(each.key), terms.get(each.key)) for each in plan.targets
        ],
        standing=stood,
    )


def target_now(target: PlanTarget, value: float | None, term: TermValue | None) -> TargetNow:
    known = value is not None and target.start is not None
    return TargetNow(
        target=target,
        value=value,
        progress=progress(value, start=target.start, target=target.target) if known else None,  # type: ignore[arg-type]
        gap=term.gap if term else None,
        share=term.share if term else None,
    )


def statement_on(goal: Goal, as_of: date) -> Statement | None:
    said = Statement.objects.filter(goal=goal, on__lte=as_of).select_related("said_by", "by")
    return said.order_by("-on", "-id").first()


def agreement_on(goal: Goal, as_of: date) -> Agreement | None:
    found = Agreement.objects.filter(goal=goal, on__lte=as_of).select_related("by", "version")
    return found.order_by("-on", "-id").first()


def agreed_on(goal: Goal, as_of: date) -> Agreement | None:
    found = Agreement.objects.filter(goal=goal, on__lte=as_of, state=Agreement.State.AGREED)
    return found.select_related("version").order_by("-on", "-id").first()


def differs(
    agreement: Agreement | None, statement: Statement | None, targets: Sequence[PlanTarget]
) -> bool:
    words = (statement.words, statement.ideal) if statement else ("", "")
    return agreement is not None and outdated(agreement.snapshot, words, targets)
