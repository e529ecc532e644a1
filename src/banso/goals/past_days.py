"""The lists as they would have been on days of the past, from what was known on each."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from banso.actions.streams import last_contacts
from banso.core.contracts import next_date
from banso.core.metrics import DaysSince
from banso.engagements.values import annual_values_at, contracts_of, current_ids
from banso.goals.plans import Plan, plans, standards_for
from banso.goals.proposals import Levels, of_segment, offered_plan, propose_all
from banso.goals.standing import Facts, StandingValue, keys_of, ranked, standing
from banso.metrics import values

SILENCE_DAYS = 365
MOST_PAIRS = 20_000
OURS, GAP, SILENT, LARGEST = "banso", "gap", "silent", "largest"
RULES = (OURS, GAP, SILENT, LARGEST)

type Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Day:
    """The lists of one day in the past."""

    standings: Mapping[int, StandingValue]
    rankings: Mapping[str, Sequence[str]]


def past_days(
    days: Sequence[date], known: Levels, progress: Progress | None = None
) -> dict[date, Day]:
    """The lists of each day; `progress(done, total)` is told in days."""
    made: dict[date, Day] = {}
    for current in batches(days):
        made |= Batch(current, known).days()
        if progress is not None:
            progress(len(made), len(days))
    return made


def batches(days: Sequence[date]) -> Iterator[dict[date, set[int]]]:
    """The days with who was current then, in batches that bound the memory of a statement."""
    batch: dict[date, set[int]] = {}
    for day in days:
        current = current_ids(day)
        if batch and sum(map(len, batch.values())) + len(current) > MOST_PAIRS:
            yield batch
            batch = {}
        batch[day] = current
    if batch:
        yield batch


class Batch:
    """Some days and who was current then, with what their lists need, gathered at once."""

    def __init__(self, current: Mapping[date, Collection[int]], known: Levels) -> None:
        self.known = known
        self.contracts = contracts_of(None)
        self.current = current
        self.standards = {day: standards_for(current[day], day) for day in current}
        self.plans = {day: self.plans_on(day) for day in current}
        pairs = [(each, day) for day in current for each in sorted(current[day])]
        keys = keys_of(plan for found in self.plans.values() for plan in found.values())
        self.meanings = values.definitions(keys)
        self.measured = values.measure(self.meanings, pairs)
        self.silence = values.measure({SILENT: DaysSince(None, SILENCE_DAYS)}, pairs)
        self.annual = annual_values_at(pairs)

    def days(self) -> dict[date, Day]:
        return {day: self.day(day) for day in self.current}

    def plans_on(self, day: date) -> dict[int, Plan]:
        found = propose_all(self.known, day)
        return plans(
            self.current[day],
            day,
            lambda label: offered_plan(of_segment(found, label)),
            self.standards[day],
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
            stages=self.standards[day].stages,
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
