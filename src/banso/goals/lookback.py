"""Would Banso have caught the customers who were lost?

For each customer lost in a year, the place in the list of 90 days before, made from nothing but
what was known that day: contracts, outcomes, contacts, measurements, plans, and targets proposed
from the history known then. Beside it lists that anybody can make (longest silent, largest), and
ours without the value (gap and date alone), which shows what weighing by value does.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from banso.actions.streams import last_contacts
from banso.core.contracts import next_date
from banso.core.lookback import Followed, Lookback, Loss, followed, top_fifth
from banso.core.lookback import look_back as places_of
from banso.core.metrics import DaysSince
from banso.core.proposal import looked_at
from banso.engagements.values import (
    ContractOutcome,
    annual_values_at,
    contracts_of,
    current_ids,
    outcomes,
)
from banso.goals.plans import Plan, plans
from banso.goals.proposals import Levels, levels, of_segment, offered_plan, propose_all
from banso.goals.standing import Facts, StandingValue, keys_of, ranked, standing
from banso.metrics import values

YEAR_DAYS = 365
NEW_DAYS = 90
SMALL_GAP = 0.25
SILENCE_DAYS = 365
OURS, GAP, SILENT, LARGEST = "banso", "gap", "silent", "largest"
RULES = (OURS, GAP, SILENT, LARGEST)

type Progress = Callable[[int, int], None]
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


@dataclass(frozen=True)
class Day:
    """The lists of one day in the past."""

    standings: Mapping[int, StandingValue]
    rankings: Mapping[str, Sequence[str]]


def look_back(as_of: date, progress: Progress | None = None) -> LookBack:
    """The record of the year before `as_of`; `progress(done, total)` is told after each day."""
    since = as_of - timedelta(days=YEAR_DAYS)
    lost = lost_between(since, as_of)
    days = sorted({looked_at(each) for each in lost})
    history = History(days, levels(as_of))
    made = {}
    for number, day in enumerate(days, start=1):
        made[day] = history.day(day)
        if progress is not None:
            progress(number, len(days))
    rules = {rule: {day: lists.rankings[rule] for day, lists in made.items()} for rule in RULES}
    record = places_of([Loss(each.key, looked_at(each)) for each in lost], rules)
    losses = [
        lost_customer(each, number, record, made[looked_at(each)], history.began)
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


class History:
    """What the days of a look-back need, gathered for all of them at once."""

    def __init__(self, days: Sequence[date], known: Levels) -> None:
        self.known = known
        self.contracts = contracts_of(None)
        self.current = {day: current_ids(day) for day in days}
        self.plans = {day: self.plans_on(day) for day in days}
        pairs = [(each, day) for day in days for each in sorted(self.current[day])]
        keys = keys_of(plan for found in self.plans.values() for plan in found.values())
        self.meanings = values.definitions(keys)
        self.measured = values.measure(self.meanings, pairs)
        self.silence = values.measure({SILENT: DaysSince(None, SILENCE_DAYS)}, pairs)
        self.annual = annual_values_at(pairs)
        self.began = {
            each: min(contract.start_on for contract in found)
            for each, found in self.contracts.items()
            if found
        }

    def plans_on(self, day: date) -> dict[int, Plan]:
        found = propose_all(self.known, day)
        return plans(
            self.current[day], day, lambda segment: offered_plan(of_segment(found, segment))
        )

    def day(self, day: date) -> Day:
        """The three lists of one day."""
        facts = self.facts(day)
        standings = {each: standing(each, facts) for each in self.current[day]}
        return Day(
            standings,
            {
                OURS: [str(each.engagement_id) for each in ranked(standings.values())],
                GAP: by_size(self.current[day], pressing(standings)),
                SILENT: by_size(self.current[day], self.quiet(day, facts.contacts)),
                LARGEST: by_size(self.current[day], facts.annual),
            },
        )

    def facts(self, day: date) -> Facts:
        current = self.current[day]
        dates = {each: next_date(self.contracts[each], day) for each in current}
        return Facts(
            as_of=day,
            current=current,
            plans=self.plans[day],
            values={each: self.measured.get((each, day), {}) for each in current},
            annual={each: self.annual.get((each, day)) for each in current},
            dates={each: found for each, found in dates.items() if found is not None},
            contacts=last_contacts(day),
            meanings=self.meanings,
        )

    def quiet(self, day: date, contacts: Mapping[int, date]) -> dict[int, float | None]:
        """Days since the last sign of life, a contact or any use."""
        found = {}
        for each in self.current[day]:
            used = self.silence.get((each, day), {}).get(SILENT)
            spoken = (day - contacts[each]).days if each in contacts else None
            found[each] = min((n for n in (used, spoken) if n is not None), default=None)
        return found


def pressing(standings: Mapping[int, StandingValue]) -> dict[int, float | None]:
    """Gap times urgency: the stake, were all worth the same."""
    return {
        key: None if each.gap is None else each.gap * each.urgency
        for key, each in standings.items()
    }


def by_size(engagements: Collection[int], sizes: Mapping[int, float | None]) -> list[str]:
    """The largest first, the unknown last."""

    def key(engagement: int) -> tuple[float, int]:
        size = sizes.get(engagement)
        return (float("inf") if size is None else -size, engagement)

    return [str(each) for each in sorted(engagements, key=key)]


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
