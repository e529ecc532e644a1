"""Would Banso have caught the customers who were lost?

For each customer lost in a year, the place in the list of 90 days before, made from nothing but
what was known that day: contracts, outcomes, contacts, measurements, plans, and targets proposed
from the history known then. Beside it lists that anybody can make (longest silent, largest), and
ours without the value (gap and date alone), which shows what weighing by value does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from banso.core.estimate import NotEstimable
from banso.core.lookback import Followed, Lookback, Loss, followed, top_fifth
from banso.core.lookback import look_back as places_of
from banso.core.proposal import looked_at
from banso.engagements.values import ContractOutcome, contracts_of, outcomes
from banso.goals.past_days import GAP, OURS, RULES, Day, Progress, past_days
from banso.goals.proposals import levels
from banso.goals.standing import StandingValue

YEAR_DAYS = 365
NEW_DAYS = 90
SMALL_GAP = 0.25

type Cause = Literal[
    "new", "not_listed", "unmeasured", "no_value", "healthy", "small_value", "others_larger"
]


@dataclass(frozen=True)
class Missed:
    """Why a lost customer was not in the top fifth: a code and the numbers behind it."""

    cause: Cause
    gap: float | None
    annual_minor: int | None
    began_on: date | None


@dataclass(frozen=True)
class LostCustomer:
    """A customer lost in the year, where it stood 90 days before; `missed` None: in the top
    fifth. `ranks` holds the place by each rule (None: not in that list then), of `n`."""

    engagement_id: int
    ended_on: date
    known_on: date
    looked_at: date
    n: int
    ranks: Mapping[str, int | None]
    standing: StandingValue | None
    missed: Missed | None

    @property
    def place(self) -> int | None:
        return self.ranks[OURS]

    @property
    def annual_minor(self) -> int:
        return (self.standing.annual_minor if self.standing else None) or 0


@dataclass(frozen=True)
class LookBack:
    """The year's record: the lost customers, what each rule would have caught, and how many of
    those each put near the top were lost soon after."""

    since: date
    until: date
    losses: tuple[LostCustomer, ...]
    rules: Mapping[str, Lookback]
    after: Mapping[str, Followed]

    @property
    def ours(self) -> Lookback:
        return self.rules[OURS]

    @property
    def value_lost(self) -> int:
        """What the lost customers were worth a year, when they were looked at."""
        return sum(each.annual_minor for each in self.losses)

    def value_caught(self, rule: str) -> int:
        """The same of those in a rule's top fifth."""
        places = self.rules[rule].places
        return sum(
            each.annual_minor
            for each, place in zip(self.losses, places, strict=True)
            if place.in_top_fifth
        )

    @property
    def part_caught(self) -> float | None:
        """The part of the value lost that was in our top fifth; None where a share of the
        losses would be chance too, or no value was known."""
        if isinstance(self.ours.share, NotEstimable) or not self.value_lost:
            return None
        return self.value_caught(OURS) / self.value_lost


def look_back(as_of: date, progress: Progress | None = None) -> LookBack:
    """The record of the year before `as_of`; `progress(done, total)` is told in days."""
    since = as_of - timedelta(days=YEAR_DAYS)
    lost = lost_between(since, as_of)
    days = sorted({looked_at(each) for each in lost})
    made = past_days(days, levels(as_of), progress)
    rules = {rule: {day: lists.rankings[rule] for day, lists in made.items()} for rule in RULES}
    record = places_of([Loss(each.key, looked_at(each)) for each in lost], rules)
    began = beginnings()
    losses = [
        lost_customer(each, number, record, made[looked_at(each)], began)
        for number, each in enumerate(lost)
    ]
    ends = {(each.key, each.ended_on) for each in outcomes(as_of) if not each.renewed}
    after = {rule: followed(rankings, ends) for rule, rankings in rules.items()}
    return LookBack(since, as_of, tuple(losses), record, after)


def lost_between(since: date, until: date) -> list[ContractOutcome]:
    """The losses that became known after `since`, the last of each customer."""
    found = {
        each.engagement_id: each
        for each in outcomes(until)
        if not each.renewed and since < each.known_on
    }
    return sorted(found.values(), key=lambda each: (each.ended_on, each.engagement_id))


def beginnings() -> dict[int, date]:
    """The first day of each customer's first contract."""
    return {
        each: min(contract.start_on for contract in found)
        for each, found in contracts_of(None).items()
        if found
    }


def lost_customer(
    outcome: ContractOutcome,
    number: int,
    record: Mapping[str, Lookback],
    day: Day,
    began: Mapping[int, date],
) -> LostCustomer:
    place = record[OURS].places[number]
    stood = day.standings.get(outcome.engagement_id)
    caught = place.in_top_fifth
    return LostCustomer(
        engagement_id=outcome.engagement_id,
        ended_on=outcome.ended_on,
        known_on=outcome.known_on,
        looked_at=place.looked_at,
        n=place.n,
        ranks={rule: found.places[number].rank for rule, found in record.items()},
        standing=stood,
        missed=None if caught else missed(stood, day, began.get(outcome.engagement_id)),
    )


def missed(stood: StandingValue | None, day: Day, began: date | None) -> Missed:
    """Why it was not near the top, the first cause that holds."""
    if stood is None:
        return Missed("not_listed", None, None, began)
    return Missed(cause_of(stood, day, began), stood.gap, stood.annual_minor, began)


def cause_of(stood: StandingValue, day: Day, began: date | None) -> Cause:
    if stood.gap is None:
        return "unmeasured"
    if stood.annual_minor is None:
        return "no_value"
    if began is not None and (stood.as_of - began).days < NEW_DAYS:
        return "new"
    if stood.gap < SMALL_GAP:
        return "healthy"
    return "small_value" if would_be_near_the_top(stood, day) else "others_larger"


def would_be_near_the_top(stood: StandingValue, day: Day) -> bool:
    """Whether, were all worth the same, it would have been in the top fifth."""
    place = day.rankings[GAP].index(str(stood.engagement_id))
    return place < top_fifth(len(day.rankings[GAP]))
