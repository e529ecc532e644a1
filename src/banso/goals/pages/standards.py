"""The standards: which targets count for a segment, and how many customers they serve."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from banso.base.models import User
from banso.core.estimate import NotEstimable
from banso.engagements.access import hidden_from
from banso.engagements.values import current_ids
from banso.goals.forms import TargetRows
from banso.goals.pages.plan import ProposalLine, lines, refusal
from banso.goals.plans import Plan, PlanTarget, plan_for, segments_of, standards
from banso.goals.proposals import ProposedTarget, proposals, propose_targets


@dataclass(frozen=True)
class SegmentLine:
    """A segment ("": every segment without its own), its current customers and their plans.

    `served` of `customers` use `plan`; `own` have a plan of their own. For "" only those of
    segments without a standard are counted. `offer` holds what the segment's own history proposes
    (of "": that of all); `refused` says why nothing is offered.
    """

    segment: str
    plan: Plan | None
    offer: Sequence[PlanTarget]
    refused: NotEstimable | None
    customers: int
    served: int
    own: int

    @property
    def share(self) -> float | None:
        return self.served / self.customers if self.customers else None


@dataclass(frozen=True)
class StandardsPage:
    as_of: date
    may_write: bool
    lines: Sequence[SegmentLine]


@dataclass(frozen=True)
class StandardPage:
    """One standard being written."""

    segment: str
    plan: Plan | None
    rows: TargetRows
    proposals: Sequence[ProposalLine]
    refused: NotEstimable | None


def standards_page(user: User, as_of: date, *, may_write: bool) -> StandardsPage:
    current = current_ids(as_of) - hidden_from(user)
    segments = {each: name for each, name in segments_of(None).items() if each in current}
    plans = plan_for(sorted(current), as_of)
    written, proposed = standards(as_of), proposals(as_of)
    names = ["", *sorted({name for name in segments.values() if name} | (set(written) - {""}))]
    return StandardsPage(
        as_of,
        may_write,
        [
            segment_line(
                name,
                written.get(name),
                members(name, segments, written),
                plans,
                proposed.get(name, []),
            )
            for name in names
        ],
    )


def members(segment: str, segments: Mapping[int, str], written: Mapping[str, Plan]) -> list[int]:
    """Who the standard of a segment is for; "": those of segments without one."""
    return [
        each
        for each, name in segments.items()
        if name == segment or (not segment and name not in written)
    ]


def segment_line(
    segment: str,
    plan: Plan | None,
    members: Sequence[int],
    plans: Mapping[int, Plan],
    proposed: Sequence[ProposedTarget],
) -> SegmentLine:
    kinds = Counter(plans[each].kind for each in members)
    served = sum(plan is not None and plans[each].goal_id == plan.goal_id for each in members)
    return SegmentLine(
        segment=segment,
        plan=plan,
        offer=[each.metric for each in proposed if each.chosen],
        refused=refusal(proposed),
        customers=len(members),
        served=served,
        own=kinds["own"],
    )


def standard_page(segment: str, as_of: date, rows: TargetRows) -> StandardPage:
    plan = standards(as_of).get(segment)
    proposed = propose_targets(segment, as_of)
    return StandardPage(
        segment=segment,
        plan=plan,
        rows=rows,
        proposals=lines(proposed, {each.key for each in plan.targets} if plan else set()),
        refused=refusal(proposed),
    )
