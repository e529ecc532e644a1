"""What came of alerts: the share that a real change followed, beside chance and naive rules.

A change is real if, within 60 days after the alert,
- of a new low, a silence or a champion gone quiet: a loss or a contraction became known, or use
  (or health) stayed low for four whole weeks: each at most 70 % of the usual (10 points under);
  of a champion also that the person was not seen once in the 60 days;
- of a spike: an expansion became known, or use stayed at 130 % of the usual or more for four
  whole weeks;
- of a recovery: use stayed at 80 % of the usual or more for four whole weeks and no loss became
  known.
*Usual* is the median week of the half year that ended four weeks before the alert.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np

from banso.core.estimate import Estimate, NotEstimable
from banso.core.intervals import wilson
from banso.core.moves import LEVELS, Days, Found, Persons, levels_in
from banso.core.rhythm import WEEK, Floats, Ints, shifted, usual, windows

type Direction = Literal["down", "up", "held"]

HORIZON = 60
LASTING_WEEKS = 4
FELL, ROSE, HELD = 0.7, 1.3, 0.8
HEALTH_FELL = 10.0
FEWEST_ALERTS = 10
SETTLED = 7 * 16
"""Days after which a customer has a past to be judged by."""
DIRECTION: Mapping[str, Direction] = {
    "new_low": "down",
    "silent": "down",
    "champion_quiet": "down",
    "spike": "up",
    "recovered": "held",
    "halved": "down",
    "thirty_days": "down",
}
NAIVE = ("halved", "thirty_days")
"""Rules anybody would write: use under half of the week before, looked at once a week; no use
for 30 days."""


@dataclass(frozen=True)
class Known:
    """When something about a customer (row) became known (column): contracts that were lost, cut
    or raised."""

    losses: Mapping[int, Sequence[int]]
    contractions: Mapping[int, Sequence[int]]
    expansions: Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class Verdict:
    """What followed one alert: the days until it was plain, or None; `row` is its customer."""

    kind: str
    levels: int
    days: int | None


@dataclass(frozen=True)
class Record:
    """The past of one kind at one level. `share` is of the alerts that a real change followed,
    with its 95 % interval; `chance` the share of days taken at random of customers for which
    the same came true; `lead_days` the median days until it was plain."""

    alerts: int
    followed: int
    chance: float | None
    lead_days: float | None

    @property
    def share(self) -> Estimate | NotEstimable:
        """NotEstimable ("too_few_alerts", {alerts, needed}) under ten."""
        if self.alerts < FEWEST_ALERTS:
            counts = {"alerts": self.alerts, "needed": FEWEST_ALERTS}
            return NotEstimable("too_few_alerts", counts)
        low, high = wilson(self.followed, self.alerts)
        return Estimate(self.followed / self.alerts, self.alerts, low, high)

    @property
    def beats_chance(self) -> bool:
        """The whole interval lies above chance."""
        low = self.share.low if isinstance(self.share, Estimate) else None
        return low is not None and self.chance is not None and low > self.chance


@dataclass(frozen=True)
class Lasting:
    """Days until four low (high, held) weeks were over, for each customer and day; 0: never."""

    down: Ints
    up: Ints
    held: Ints


def judge(
    found: Iterable[Found],
    days: Days,
    persons: Persons,
    known: Known,
    *,
    span: range,
    health: Floats | None = None,
) -> tuple[list[Verdict], dict[Direction, tuple[int, int]]]:
    """A verdict on each alert of `span`, and by direction how many of the customers' weeks
    (hits, all) the same came true for. The arrays must reach 60 days beyond the span."""
    lasting = lasting_changes(days, span, health)
    verdicts = [
        Verdict(each.kind, each.levels, after(each, lasting, known, persons, span))
        for each in found
    ]
    return verdicts, by_chance(days, lasting, known, span)


def records(
    verdicts: Iterable[Verdict], chance: Mapping[Direction, tuple[int, int]]
) -> dict[tuple[str, int], Record]:
    """The record of each kind and level."""
    grouped: dict[tuple[str, int], list[Verdict]] = defaultdict(list)
    for each in verdicts:
        for level in levels_in(each.levels):
            grouped[each.kind, level].append(each)
    return {
        (kind, level): record(of_one, chance.get(DIRECTION[kind], (0, 0)))
        for (kind, level), of_one in grouped.items()
    }


def record(verdicts: Sequence[Verdict], chance: tuple[int, int]) -> Record:
    """The record of one kind's verdicts; `chance` counts (hits, all)."""
    leads = [each.days for each in verdicts if each.days is not None]
    hits, every = chance
    return Record(
        alerts=len(verdicts),
        followed=len(leads),
        chance=hits / every if every else None,
        lead_days=float(median(leads)) if leads else None,
    )


def after(
    found: Found, lasting: Lasting, known: Known, persons: Persons, span: range
) -> int | None:
    """Days until the change that followed an alert was plain; None where none did."""
    direction = DIRECTION[found.kind]
    at, row = found.day - span.start, found.row
    if direction == "held":
        held = int(lasting.held[row, at])
        return held if held and next_of(known.losses, row, found.day) is None else None
    days = [int(getattr(lasting, direction)[row, at]) or None]
    if direction == "down":
        days += [next_of(known.losses, row, found.day), next_of(known.contractions, row, found.day)]
    else:
        days.append(next_of(known.expansions, row, found.day))
    if found.person >= 0:
        away = not persons.active[found.person, found.day + 1 : found.day + 1 + HORIZON].any()
        days.append(HORIZON if away else None)
    return min((each for each in days if each is not None), default=None)


def next_of(known: Mapping[int, Sequence[int]], row: int, day: int) -> int | None:
    """Days until the next of a customer's, within the horizon."""
    ahead = [each - day for each in known.get(row, ()) if 0 < each - day <= HORIZON]
    return min(ahead, default=None)


def lasting_changes(days: Days, span: range, health: Floats | None) -> Lasting:
    weeks = windows(days.counts, days.since, days.clock, WEEK)
    middle = usual(weeks, span, skip=WEEK * LASTING_WEEKS).median
    middle = np.where(middle > 0, middle, np.nan)
    down = first_stretch(weeks.rate, span, FELL * middle, above=False)
    if health is not None:
        fell = first_stretch(health, span, health_usual(health, span) - HEALTH_FELL, above=False)
        down = np.where((down == 0) | ((fell > 0) & (fell < down)), fell, down)
    return Lasting(
        down=down,
        up=first_stretch(weeks.rate, span, ROSE * middle, above=True),
        held=first_stretch(weeks.rate, span, HELD * middle, above=True),
    )


def first_stretch(values: Floats, span: range, limit: Floats, *, above: bool) -> Ints:
    """Days from each day of the span until the end of the first four weeks (read at their ends)
    that all keep the limit, within the horizon; 0 for none."""
    columns = np.array(span)
    found = np.zeros(limit.shape, dtype=np.int64)
    for begin in range(HORIZON - WEEK * (LASTING_WEEKS - 1), WEEK - 1, -1):
        ends = [within(values, columns + begin + WEEK * each) for each in range(LASTING_WEEKS)]
        kept = (np.min(ends, axis=0) >= limit) if above else (np.max(ends, axis=0) <= limit)
        found = np.where(kept, begin + WEEK * (LASTING_WEEKS - 1), found)
    return found


def within(values: Floats, columns: Ints) -> Floats:
    """These columns; NaN beyond the last."""
    inside = columns < values.shape[1]
    return np.where(inside[None, :], values[:, np.minimum(columns, values.shape[1] - 1)], np.nan)


def health_usual(health: Floats, span: range) -> Floats:
    columns = np.array(span)
    past = np.stack([shifted(health, columns - WEEK * back) for back in range(4, 30)])
    there = np.isfinite(past)
    ordered = np.sort(past, axis=0)
    middle = np.take_along_axis(ordered, (np.maximum(there.sum(axis=0), 1) // 2)[None], axis=0)[0]
    return np.where(there.sum(axis=0) >= 12, middle, np.nan)


def by_chance(
    days: Days, lasting: Lasting, known: Known, span: range
) -> dict[Direction, tuple[int, int]]:
    """Of every seventh day of every customer with a past: for how many the same came true."""
    hits: dict[Direction, int] = {"down": 0, "up": 0, "held": 0}
    every = 0
    columns = np.array(span[::WEEK])
    settled = columns[None, :] - days.since[:, None] >= SETTLED
    for row, place in np.argwhere(days.going[:, columns] & settled):
        day, at = int(columns[place]), int(columns[place]) - span.start
        lost, cut, raised = (
            next_of(each, int(row), day)
            for each in (known.losses, known.contractions, known.expansions)
        )
        every += 1
        hits["down"] += bool(lasting.down[row, at] or lost or cut)
        hits["up"] += bool(lasting.up[row, at] or raised)
        hits["held"] += bool(lasting.held[row, at] and not lost)
    return {direction: (count, every) for direction, count in hits.items()}


def naive(days: Days, span: range) -> list[Found]:
    """The alerts that the naive rules would have raised on the same customers and days; level
    bits are all set."""
    weeks = windows(days.counts, days.since, days.clock, WEEK)
    whole = (1 << len(LEVELS)) - 1
    found = [
        Found("halved", int(row), day, whole)
        for day in span[::WEEK]
        if day >= 2 * WEEK
        for row in np.flatnonzero(weeks.count[:, day] < 0.5 * weeks.count[:, day - WEEK])
    ]
    found += [
        Found("thirty_days", row, int(day), whole)
        for row in range(len(days.counts))
        for day in thirty_days(days.counts[row])
        if day in span
    ]
    return [each for each in found if days.going[each.row, each.day]]


def thirty_days(counts: Floats) -> Ints:
    """The days on which thirty without use were over."""
    on = np.flatnonzero(counts)
    ends = np.append(on[1:], len(counts))
    return np.asarray(on[ends - on > 30] + 30, dtype=np.int64)
