"""Silence: of a customer longer than its rhythm explains, of a person while others come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from banso.core.moves import LEVELS, Days, Found, Kind, Persons, bit
from banso.core.rhythm import Flags, Floats, Ints

YEAR = 365
FEWEST_GAPS = 10
SHORTEST = 7
SHORTEST_PERSON = 21
"""Pauses of no more plain days than that are nobody's news."""
QUIET = {1: 0.02, 2: 0.05, 3: 0.12, 4: 0.25, 5: 0.5}
"""How often a year the rhythm itself may give a silence, by level."""
AWAY = {1: 0.0003, 2: 0.001, 3: 0.005, 4: 0.02, 5: 0.06}
"""How often a year a person's share of the visits may give an absence, by level."""
CARRIES = 0.25
"""A champion made this share of the person-days of the quarter before."""
QUARTER = 91


@dataclass(frozen=True)
class Pause:
    """One stretch without a sign of life, from the last active day until the day before the
    next (or the end), and the gaps that came before it, in ordinary days and in plain days."""

    row: int
    last: int
    until: int
    gaps: Floats
    plain: Ints


def pauses(
    active: Flags, clock_of: Callable[[int], Floats], span: range, *, shortest: int
) -> list[Pause]:
    """The stretches of more than `shortest` days that reach into `span`, of rows with at least
    ten earlier gaps in the year before; gaps by the row's clock and in plain days."""
    found = []
    for row in range(len(active)):
        on = np.flatnonzero(active[row])
        if len(on) <= FEWEST_GAPS:
            continue
        ends = np.append(on[1:], active.shape[1])
        long = (ends - on > shortest) & (ends > span.start) & (on < span.stop)
        clock = clock_of(row)
        for each in np.flatnonzero(long):
            begin = int(np.searchsorted(on, on[each] - YEAR))
            if each - begin >= FEWEST_GAPS:
                known = on[begin : each + 1]
                gaps, plain = np.diff(clock[known]), np.diff(known)
                found.append(Pause(row, int(on[each]), int(ends[each]), gaps, plain))
    return found


def unlikely_gap(gaps: Floats, per_year: float, *, false_alarms: float) -> float:
    """The gap, in ordinary days, that this rhythm would exceed by itself `false_alarms` times a
    year: peaks over the ninth decile with an exponential tail (Pickands 1975).

    `per_year` is how many gaps a year has.
    """
    threshold = float(np.quantile(gaps, 0.9))
    beyond = gaps[gaps > threshold] - threshold
    mean = float(gaps.mean())
    tail = (float(beyond.sum()) + mean) / (len(beyond) + 1)
    return threshold + tail * max(0.0, float(np.log(0.1 * per_year / false_alarms)))


def silent(days: Days, span: range) -> list[Found]:
    """Longer without a sign of life than the customer's own rhythm explains."""
    long = pauses(days.counts > 0, lambda row: days.clock, span, shortest=SHORTEST)
    return [found for each in long for found in crossings("silent", each, days.clock, span)]


def crossings(
    kind: Kind,
    pause: Pause,
    clock: Floats,
    span: range,
    *,
    least: int = SHORTEST,
    rates: Mapping[int, float] = QUIET,
) -> list[Found]:
    """The days on which a pause became longer than each level takes for usual."""
    per_year = YEAR * len(pause.gaps) / max(1, int(pause.plain.sum()))
    days: dict[int, int] = {}
    for level in LEVELS:
        limit = unlikely_gap(pause.gaps, per_year, false_alarms=rates[level])
        day = int(np.searchsorted(clock, clock[pause.last] + limit, side="right"))
        day = max(day, pause.last + least + 1)
        if day < pause.until and day in span:
            days[day] = days.get(day, 0) | bit(level)
    return [
        Found(kind, pause.row, day, bits, pause_reason(pause, day)) for day, bits in days.items()
    ]


def pause_reason(pause: Pause, day: int) -> dict[str, object]:
    return {
        "days": day - pause.last,
        "usual": int(np.median(pause.plain)),
        "longest": int(pause.plain.max()),
        "gaps": len(pause.plain),
    }


def champions(days: Days, persons: Persons, span: range) -> list[Found]:
    """A person who carried most of the use stays away, while others still come. Time is counted
    in visits of the others, so that a quiet season or customer is nobody's absence."""

    def visits(person: int) -> Floats:
        others = days.counts[int(persons.customer[person])] - persons.active[person]
        return np.asarray(np.cumsum(others))

    long = pauses(persons.active, visits, span, shortest=SHORTEST_PERSON)
    found = []
    for pause in long:
        row, begin = int(persons.customer[pause.row]), max(0, pause.last + 1 - QUARTER)
        own = int(persons.active[pause.row, begin : pause.last + 1].sum())
        whole = float(days.counts[row, begin : pause.last + 1].sum())
        if own < CARRIES * whole:
            continue
        clock, least = visits(pause.row), SHORTEST_PERSON
        for each in crossings("champion_quiet", pause, clock, span, least=least, rates=AWAY):
            others = int(clock[each.day] - clock[pause.last])
            reason = {**each.reason, "share": round(own / whole, 3), "others": others}
            person = pause.row
            found.append(Found("champion_quiet", row, each.day, each.levels, reason, person))
    return found
