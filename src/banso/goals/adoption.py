"""What adopting a set of targets as a standard would change, before anybody adopts it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from banso.base.models import User
from banso.core.adoption import Judged, Record, judge
from banso.core.conditions import load
from banso.core.estimate import NotEstimable
from banso.core.proposal import Outcome, Proposal
from banso.core.targets import score
from banso.engagements.models import Engagement
from banso.goals.access import standings
from banso.goals.actions import TargetDraft
from banso.goals.plans import (
    Plan,
    PlanTarget,
    Standards,
    offer_of,
    plans,
    rank_of,
    standards_for,
)
from banso.goals.proposals import Levels, level_of, levels, propose_group
from banso.goals.segments import among
from banso.goals.slots import Slot, outcomes_of
from banso.goals.standing import keys_of, readings_of
from banso.metrics import values
from banso.metrics.models import Segment

MOST_LOOKED_AT = 2_000
MOVERS = 5
type Values = Mapping[str, float | None]


@dataclass(frozen=True)
class Mover:
    """A customer whose gap would change most."""

    engagement: Engagement
    before: float
    after: float


@dataclass(frozen=True)
class Adoption:
    """The current customers whom the standard would serve, with their gaps before and after.

    `looked_at` of `customers` were computed, evenly chosen. `opened` have no gap before and one
    after, `closed` the other way round; `lost_sight` and `seen` change between measured and not.
    `record` is what both would have said of those whose fate is known; `tested_later`: the
    proposal was fitted anew on the older half of them and tested on the newer half.
    """

    customers: int
    looked_at: int
    before: Sequence[float]
    after: Sequence[float]
    opened: int
    closed: int
    seen: int
    lost_sight: int
    movers: Sequence[Mover]
    record: Record | NotEstimable
    tested_later: bool


def adoption(slot: Slot, drafts: Sequence[TargetDraft], user: User, as_of: date) -> Adoption:
    """What it would change for those whom `user` may read and it would serve."""
    ids, whole = candidates(slot, user)
    known = standards_for(ids, as_of)
    wanted = Plan("standard", tuple(map(planned, drafts)))
    before = plans(ids, as_of, offer_of(as_of), known)
    served = would_serve(slot, ids, before, known)
    pairs = gaps(served, before, wanted, as_of)
    moved = [(each, one, two) for each, (one, two) in pairs.items()
             if one is not None and two is not None]  # fmt: skip
    record, later = judged(slot, before, wanted, as_of)
    return Adoption(
        customers=round(whole * len(served) / len(ids)) if ids else 0,
        looked_at=len(served),
        before=[one for one, _ in pairs.values() if one is not None],
        after=[two for _, two in pairs.values() if two is not None],
        opened=sum(one == 0 and two > 0 for _, one, two in moved),
        closed=sum(one > 0 and two == 0 for _, one, two in moved),
        seen=sum(one is None and two is not None for one, two in pairs.values()),
        lost_sight=sum(one is not None and two is None for one, two in pairs.values()),
        movers=movers(moved),
        record=record,
        tested_later=later,
    )


def candidates(slot: Slot, user: User) -> tuple[list[int], int]:
    """Current customers in the slot, at most 2,000 of them evenly chosen; and how many in all."""
    rows = standings(user).filter(current=True)
    if slot.stage is not None:
        rows = rows.filter(stage=slot.stage)
    if slot.segment is not None:
        rows = rows.filter(among(load(slot.segment.condition)))
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    step = -(-len(found) // MOST_LOOKED_AT) or 1
    return found[::step], len(found)


def planned(draft: TargetDraft) -> PlanTarget:
    return PlanTarget(
        metric_id=draft.metric.pk,
        key=draft.metric.key,
        name=draft.metric.name,
        unit=draft.metric.unit,
        higher_is_better=draft.metric.higher_is_better,
        start=None,
        floor=draft.floor,
        target=draft.target,
        weight=draft.weight,
        basis=draft.basis,
    )


def would_serve(
    slot: Slot, ids: Collection[int], before: Mapping[int, Plan], known: Standards
) -> list[int]:
    """Those in the slot without a plan of their own and without a more specific standard."""
    segments = Segment.objects.in_bulk([key[0] for key, _ in known.order if key[0]])
    everyone = [*segments.values(), *([slot.segment] if slot.segment else [])]
    place = {each.pk: (each.position, each.pk) for each in everyone}
    mine = rank_of(slot.key, place)
    earlier = [key for key, _ in known.order if rank_of(key, place) < mine]
    return [
        each
        for each in ids
        if before[each].kind != "own" and not any(known.serves(key, each) for key in earlier)
    ]


def gaps(
    ids: Collection[int], before: Mapping[int, Plan], wanted: Plan, as_of: date
) -> dict[int, tuple[float | None, float | None]]:
    """The gap of each to the targets that count now and to those wanted."""
    keys = keys_of([wanted, *(before[each] for each in ids)])
    found = values.snapshot(keys, as_of, ids) if ids else {}
    return {each: (gap_to(before[each], found[each]), gap_to(wanted, found[each])) for each in ids}


def gap_to(plan: Plan, measured: Values) -> float | None:
    result = score(readings_of(plan.targets, measured))
    return None if isinstance(result, NotEstimable) else result.gap


def movers(moved: Sequence[tuple[int, float, float]]) -> list[Mover]:
    """Whose gap would change most, the largest change first."""
    first = sorted(moved, key=lambda row: -abs(row[2] - row[1]))[:MOVERS]
    first = [row for row in first if row[1] != row[2]]
    known = Engagement.objects.select_related("party").in_bulk([each for each, _, _ in first])
    return [Mover(known[each], before, after) for each, before, after in first]


def judged(
    slot: Slot, before: Mapping[int, Plan], wanted: Plan, as_of: date
) -> tuple[Record | NotEstimable, bool]:
    """What both sets would have said of the known outcomes of the slot.

    Targets taken from a proposal were fitted on these very outcomes and would look better than
    they are: they are fitted anew on the older half and both sets judged on the newer half.
    """
    history = levels(as_of)
    ended = sorted(outcomes_of(slot, history, as_of), key=lambda each: each.ended_on)
    fitted = any(target.basis for target in wanted.targets)
    half = len(ended) // 2 if fitted else 0
    tested = refitted(wanted, ended[:half], history) if fitted else wanted
    usual = usual_plan(before)
    rows = [
        Judged(each.renewed, gap_to(usual, row), gap_to(tested, row))
        for each in ended[half:]
        for row in [level_of(each, history)]
    ]
    return judge(rows), fitted


def refitted(wanted: Plan, older: Sequence[Outcome], history: Levels) -> Plan:
    """The targets that the proposal would have been on the older outcomes; typed ones stay."""
    found = {each.metric.key: each for each in propose_group(older, history)}
    targets = [
        target if target.basis is None else found[target.key].metric
        for target in wanted.targets
        if target.basis is None
        or (target.key in found and isinstance(found[target.key].result, Proposal))
    ]
    return replace(wanted, targets=tuple(targets))


def usual_plan(before: Mapping[int, Plan]) -> Plan:
    """What counts for most of them now."""
    tally: dict[int, int] = {}
    distinct = {id(plan): plan for plan in before.values()}
    for plan in before.values():
        tally[id(plan)] = tally.get(id(plan), 0) + (plan.kind != "own")
    most = max(tally, key=lambda each: tally[each], default=None)
    return distinct[most] if most is not None else Plan("none")
