"""The page on which a success plan is written, agreed, and its versions read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils import timezone

from banso.core.estimate import NotEstimable
from banso.core.proposal import Proposal
from banso.engagements.models import Engagement
from banso.goals.forms import AgreementForm, PurposeForm, TargetRows
from banso.goals.models import Agreement, Goal, Statement, Target
from banso.goals.pages.now import PlanNow, plan_now
from banso.goals.pages.sharing import Sharing, sharing_of
from banso.goals.plans import PlanTarget, silence_keys
from banso.goals.proposals import ProposedTarget, propose_targets


@dataclass(frozen=True)
class ProposalLine:
    """A target the workspace's own history proposes; `taken`: the plan has the very same."""

    proposed: ProposedTarget
    proposal: Proposal
    taken: bool


@dataclass(frozen=True)
class Version:
    """What changed on a day and by whom; `targets` are those in force from then."""

    kind: Literal["words", "targets", "shared", "agreed"]
    on: date
    at: datetime
    by: str
    statement: Statement | None = None
    targets: Sequence[Target] = ()
    agreement: Agreement | None = None


@dataclass(frozen=True)
class PlanPage:
    """The plan beside now, its forms, what the history proposes, and its versions.

    `refused` is why the history proposes nothing, where it does not.
    """

    engagement: Engagement
    may_write: bool
    now: PlanNow
    purpose: PurposeForm
    rows: TargetRows
    agreement: AgreementForm
    proposals: Sequence[ProposalLine]
    refused: NotEstimable | None
    versions: Sequence[Version]
    sharing: Sharing

    @property
    def tech_touch(self) -> bool:
        return self.engagement.touch == Engagement.Touch.TECH

    @property
    def own(self) -> bool:
        return self.now.kind == "own"


def plan_page(
    engagement: Engagement,
    today: date,
    *,
    may_write: bool,
    purpose: PurposeForm,
    rows: TargetRows,
    agreement: AgreementForm,
) -> PlanPage:
    now = plan_now(engagement, today)
    proposed = proposed_to(engagement, today)
    mine = [each.target for each in now.targets if each.target.uid and now.kind == "own"]
    return PlanPage(
        engagement=engagement,
        may_write=may_write,
        now=now,
        purpose=purpose,
        rows=rows,
        agreement=agreement,
        proposals=lines(proposed, mine),
        refused=refusal(proposed),
        versions=versions(engagement),
        sharing=sharing_of(engagement, now),
    )


def lines(proposed: Sequence[ProposedTarget], own: Sequence[PlanTarget]) -> list[ProposalLine]:
    has = {numbers_of(each) for each in own}
    return [
        ProposalLine(each, each.result, numbers_of(each.metric) in has)
        for each in proposed
        if isinstance(each.result, Proposal) and each.chosen
    ]


def numbers_of(target: PlanTarget) -> tuple[str, float, float]:
    return target.key, target.floor, target.target


def proposed_to(engagement: Engagement, today: date) -> list[ProposedTarget]:
    """Without the targets on contacts that would not count for a tech-touch customer."""
    tech = engagement.touch == Engagement.Touch.TECH
    idle = silence_keys() if tech else set()
    found = propose_targets(engagement.segment, today)
    return [each for each in found if each.metric.key not in idle]


def refusal(proposed: Sequence[ProposedTarget]) -> NotEstimable | None:
    """Why nothing is proposed: too few outcomes before any other reason; nothing measured."""
    if any(each.chosen for each in proposed):
        return None
    reasons = [each.result for each in proposed if isinstance(each.result, NotEstimable)]
    few = [each for each in reasons if each.reason == "too_few_outcomes"]
    return next(iter([*few, *reasons]), NotEstimable("nothing_measured"))


def versions(engagement: Engagement) -> list[Version]:
    """The latest change first."""
    goal = Goal.objects.filter(engagement=engagement).first()
    if goal is None:
        return []
    found = [*said(goal), *set_targets(goal), *agreed(goal)]
    return sorted(found, key=lambda each: (each.on, each.at), reverse=True)


def said(goal: Goal) -> list[Version]:
    return [
        Version("words", each.on, each.at, name_of(each.by), statement=each)
        for each in Statement.objects.filter(goal=goal).select_related("by", "said_by")
    ]


def set_targets(goal: Goal) -> list[Version]:
    rows = list(Target.objects.filter(goal=goal).select_related("metric", "set_by").order_by("id"))
    moments = {row.since: row for row in rows}
    return [
        Version(
            "targets",
            on,
            row.set_at,
            name_of(row.set_by),
            targets=[t for t in rows if counted(t, on)],
        )
        for on, row in moments.items()
    ]


def counted(row: Target, on: date) -> bool:
    return row.since <= on and (row.ended_at is None or timezone.localdate(row.ended_at) > on)


def agreed(goal: Goal) -> list[Version]:
    return [
        Version(
            "agreed" if each.state == Agreement.State.AGREED else "shared",
            each.on,
            each.recorded_at,
            name_of(each.by),
            agreement=each,
        )
        for each in Agreement.objects.filter(goal=goal).select_related("by", "version")
    ]


def name_of(user: object) -> str:
    return str(user) if user is not None else ""
