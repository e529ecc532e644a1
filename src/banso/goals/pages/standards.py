"""The standards: which targets count for a segment or a stage, and how many they serve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from banso.base.models import User
from banso.core.estimate import NotEstimable
from banso.engagements.access import hidden_from
from banso.goals.adoption import Adoption
from banso.goals.forms import TargetRows
from banso.goals.models import Goal, Stage, Standing
from banso.goals.pages.plan import ProposalLine, lines, refusal
from banso.goals.plans import Plan, PlanTarget, standards
from banso.goals.proposals import proposals
from banso.goals.slots import Slot, propose_slot
from banso.goals.stages import stages_in_use
from banso.metrics.models import Segment
from banso.metrics.segments import segments_in_use


@dataclass(frozen=True)
class SlotLine:
    """A place for a standard, the one written there and how many current customers it serves.

    `offer` holds what the history of all proposes, where nobody has written any for everyone;
    `refused` says why nothing is offered.
    """

    slot: Slot
    plan: Plan | None
    served: int
    offer: Sequence[PlanTarget] = ()
    refused: NotEstimable | None = None


@dataclass(frozen=True)
class StandardsPage:
    """The standards in the order in which they serve, then the slots that have none; `own`
    customers have a plan of their own, of `customers`. A standard may be written for any of
    `segments` in any of `stages`."""

    as_of: date
    may_write: bool
    lines: Sequence[SlotLine]
    customers: int
    own: int
    segments: Sequence[Segment]
    stages: Sequence[Stage]

    @property
    def written(self) -> Sequence[SlotLine]:
        """Those with a standard, and everyone's place with what is offered there."""
        return [each for each in self.lines if each.plan or each.slot.everyone]

    @property
    def empty(self) -> Sequence[SlotLine]:
        return [each for each in self.lines if not (each.plan or each.slot.everyone)]


@dataclass(frozen=True)
class StandardPage:
    """One standard being written."""

    slot: Slot
    plan: Plan | None
    rows: TargetRows
    proposals: Sequence[ProposalLine]
    refused: NotEstimable | None
    effect: Adoption | None = None

    @property
    def bars(self) -> Sequence[tuple[str, int, int]]:
        """How many had a gap of so many tenths before and after, as (label, before, after)."""
        if self.effect is None:
            return ()
        before, after = tenths(self.effect.before), tenths(self.effect.after)
        return [(f"{10 * n}–{10 * n + 10}", before[n], after[n]) for n in range(10)]


def tenths(gaps: Sequence[float]) -> list[int]:
    found = [0] * 10
    for gap in gaps:
        found[min(9, int(gap * 10))] += 1
    return found


def standards_page(user: User, as_of: date, *, may_write: bool) -> StandardsPage:
    written, served = standards(as_of), counts(user, "goal_id")
    shared = {None, *Goal.objects.filter(engagement=None).values_list("pk", flat=True)}
    return StandardsPage(
        as_of,
        may_write,
        [slot_line(slot, written.get(slot.key), served, as_of) for slot in slots(user, written)],
        customers=sum(served.values()),
        own=sum(n for goal, n in served.items() if goal not in shared),
        segments=list(segments_in_use(user)),
        stages=stages_in_use(),
    )


def slots(user: User, written: Mapping[tuple[int | None, int | None], Plan]) -> list[Slot]:
    """In the order in which they serve: a stage of a segment only where it is written."""
    segments, stages = list(segments_in_use(user)), stages_in_use()
    both = [Slot(segment, stage) for segment in segments for stage in stages]
    return [
        *(slot for slot in both if slot.key in written),
        *(Slot(segment) for segment in segments),
        *(Slot(None, stage) for stage in stages),
        Slot(),
    ]


def slot_line(slot: Slot, plan: Plan | None, served: Mapping[object, int], as_of: date) -> SlotLine:
    if plan is not None or not slot.everyone:
        return SlotLine(slot, plan, served.get(plan.goal_id, 0) if plan else 0)
    proposed = proposals(as_of).get("", [])
    offer = [each.metric for each in proposed if each.chosen]
    return SlotLine(slot, None, 0, offer, refusal(proposed))


def counts(user: User, column: str) -> dict[object, int]:
    """How many current customers that `user` may read stand in each value of an indexed column."""
    found: dict[object, int] = {}
    rows = Standing.objects.filter(current=True).order_by()
    hidden = rows.filter(pk__in=hidden_from(user))
    for sign, among in ((1, rows), (-1, hidden)):
        for value, n in among.values_list(column).annotate(n=Count("pk")):
            found[value] = found.get(value, 0) + sign * n
    return found


def standard_page(
    slot: Slot, as_of: date, rows: TargetRows, effect: Adoption | None = None
) -> StandardPage:
    plan = standards(as_of).get(slot.key)
    proposed = propose_slot(slot, as_of)
    return StandardPage(
        slot=slot,
        plan=plan,
        rows=rows,
        proposals=lines(proposed, plan.targets if plan else ()),
        refused=refusal(proposed),
        effect=effect,
    )
