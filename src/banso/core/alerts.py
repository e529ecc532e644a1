"""Which moves of a customer matter, measured by its own past.

Everything is causal: what is found on a day uses nothing later. Each kind is looked for at five
levels of sensitivity (1: fewest alerts, 5: most); `levels` is a set of bits, bit L - 1 for level
L. The levels and floors were chosen on generated companies: docs/methods/alerts.md.
"""

from collections.abc import Callable, Sequence

import numpy as np

from banso.core.estimate import NotEstimable
from banso.core.moves import LEVELS, Days, Found, Kind, Persons, bit, cooled, levels_in
from banso.core.rhythm import (
    FEWEST_WEEKS,
    WEEK,
    WEEKS,
    Flags,
    Floats,
    Usual,
    Windows,
    at_quantile,
    shifted,
    usual,
    windows,
)
from banso.core.silence import champions, silent

MONTH = 28
FORTNIGHT = 14
NEEDED_USE = 8.0
"""Person-days in the window under which a move says nothing."""
LOW = {1: (3.3, 0.50), 2: (2.7, 0.42), 3: (2.2, 0.35), 4: (1.7, 0.28), 5: (1.3, 0.22)}
"""For a new low: standard deviations, and the share of four whole weeks that is missing."""
HEALTH_DROP = {1: 30.0, 2: 25.0, 3: 20.0, 4: 15.0, 5: 10.0}
"""For a new low of health: points under the usual."""
HIGH = {1: (4.2, 2.1), 2: (3.5, 1.8), 3: (3.0, 1.6), 4: (2.5, 1.4), 5: (2.1, 1.3)}
"""For a spike: standard deviations, and times the usual."""
BACK = {1: 1.0, 2: 0.95, 3: 0.9, 4: 0.85, 5: 0.8}
"""For a recovery: the share of what was usual before the fall."""
FEWEST_BACK = 4
RAISED_DAYS = 180
RAISING = ("new_low", "silent")


def detect(days: Days, persons: Persons, span: range, health: Floats | None = None) -> list[Found]:
    """All moves on the days (columns) of `span`, in order of day and customer, each fired once.

    `health` (0-100, NaN where not measured) has the shape of the counts.
    """
    silence = silent(days, span)
    lows = new_lows(days, span, health)
    found = cooled([*silence, *lows, *champions(days, persons, span), *spikes(days, span)])
    found += cooled(recoveries(days, [each for each in found if each.kind in RAISING], span))
    going = [each for each in found if days.going[each.row, each.day]]
    return sorted(going, key=lambda each: (each.day, each.row, each.kind))


def estimable(days: Days, row: int, day: int) -> NotEstimable | None:
    """Why a customer cannot be judged on a day; None where it can."""
    weeks = (day - MONTH - int(days.since[row])) // WEEK
    if weeks < FEWEST_WEEKS:
        return NotEstimable("short_history", {"weeks": max(0, weeks), "needed": FEWEST_WEEKS})
    if float(days.counts[row, max(0, day - WEEK * WEEKS) : day + 1].sum()) < 2 * NEEDED_USE:
        return NotEstimable("too_little_use", {"needed": int(2 * NEEDED_USE)})
    return None


def new_lows(days: Days, span: range, health: Floats | None) -> list[Found]:
    """Use in four weeks, or health, under everything of the half year before."""
    months = windows(days.counts, days.since, days.clock, MONTH)
    past = usual(months, span, skip=MONTH)
    now, counted = months.rate[:, span], months.count[:, span]
    expected = past.median * months.exposure[span][None, :]
    z = 2 * (np.sqrt(counted) - np.sqrt(expected)) / past.spread
    # four weeks with holidays say less of a customer, so as much must be missing as in whole ones
    whole = past.median * np.maximum(months.exposure[span], MONTH)[None, :]
    fell = (now < past.least) & (expected >= NEEDED_USE)

    def holds(level: int) -> Flags:
        deviations, share = LOW[level]
        return np.asarray(fell & (z <= -deviations) & (expected - counted >= share * whole))

    def told(row: int, day: int) -> dict[str, object]:
        return use_reason(months, past, row, day, span.start)

    found = begun("new_low", holds, told, span)
    if health is not None:
        found += health_lows(health, span)
    return found


def health_lows(health: Floats, span: range) -> list[Found]:
    """Health under everything of the half year before, by points under its median."""
    columns = np.array(span)
    past = np.stack([shifted(health, columns - WEEK * back) for back in range(1, WEEKS + 1)])
    weeks = np.isfinite(past).sum(axis=0)
    ordered = np.sort(past, axis=0)
    median = np.where(weeks >= FEWEST_WEEKS, at_quantile(ordered, weeks, 0.5), np.nan)
    least = at_quantile(ordered, weeks, 0.0)
    now = health[:, columns]

    def holds(level: int) -> Flags:
        return np.asarray((now < least - 1) & (now <= median - HEALTH_DROP[level]))

    def told(row: int, day: int) -> dict[str, object]:
        at = day - span.start
        numbers = {"now": now[row, at], "usual": median[row, at], "least": least[row, at]}
        return {"of": "health", **{name: round(float(n), 1) for name, n in numbers.items()}}

    return begun("new_low", holds, told, span)


def spikes(days: Days, span: range) -> list[Found]:
    """Use in a week above everything of the half year before."""
    weeks = windows(days.counts, days.since, days.clock, WEEK)
    past = usual(weeks, span, skip=WEEK)
    now, counted = weeks.rate[:, span], weeks.count[:, span]
    expected = past.median * weeks.exposure[span][None, :]
    z = 2 * (np.sqrt(counted) - np.sqrt(expected)) / past.spread
    rose = (now > past.largest) & (counted >= NEEDED_USE) & (weeks.exposure[span] >= 3)[None, :]

    def holds(level: int) -> Flags:
        deviations, times = HIGH[level]
        return np.asarray(rose & (z >= deviations) & (now >= times * past.median))

    def told(row: int, day: int) -> dict[str, object]:
        return use_reason(weeks, past, row, day, span.start)

    return begun("spike", holds, told, span)


def begun(
    kind: Kind,
    holds: Callable[[int], Flags],
    told: Callable[[int, int], dict[str, object]],
    span: range,
) -> list[Found]:
    """The days on which a condition began to hold, by level. On the first day of the span it
    counts as holding before."""
    levels: dict[tuple[int, int], int] = {}
    for level in LEVELS:
        held = holds(level)
        first = held[:, 1:] & ~held[:, :-1]
        for row, at in np.argwhere(first):
            key = (int(row), int(at) + 1 + span.start)
            levels[key] = levels.get(key, 0) | bit(level)
    return [Found(kind, row, day, bits, told(row, day)) for (row, day), bits in levels.items()]


def use_reason(found: Windows, past: Usual, row: int, day: int, start: int) -> dict[str, object]:
    """The numbers of a move of use, as person-days in a window of this length."""
    exposure = float(found.exposure[day])
    at = day - start
    return {
        "of": "use",
        "days": found.days,
        "now": int(found.count[row, day]),
        "usual": round(float(past.median[row, at]) * exposure),
        "low": round(float(past.low[row, at]) * exposure),
        "high": round(float(past.high[row, at]) * exposure),
        "weeks": int(past.weeks[row, at]),
    }


def recoveries(days: Days, raised: Sequence[Found], span: range) -> list[Found]:
    """Use is back at what was usual before a fall or a silence."""
    recent = windows(days.counts, days.since, days.clock, FORTNIGHT)
    months = windows(days.counts, days.since, days.clock, MONTH)
    found: dict[tuple[int, int], Found] = {}
    for fall in raised:
        before = usual_before(months, fall)
        for level in levels_in(fall.levels):
            day = day_back(recent, fall, BACK[level] * before) if before > 0 else None
            if day is not None and day in span:
                bits = bit(level) | (found[fall.row, day].levels if (fall.row, day) in found else 0)
                reason = back_reason(recent, fall, day, before)
                found[fall.row, day] = Found("recovered", fall.row, day, bits, reason)
    return list(found.values())


def usual_before(months: Windows, fall: Found) -> float:
    """The median rate of the four weeks that ended in the half year before a fall; 0 for none."""
    ends = np.arange(fall.day - MONTH, fall.day - MONTH - WEEK * WEEKS, -WEEK)
    past = months.rate[fall.row, ends[ends >= 0]]
    known = past[np.isfinite(past)]
    return float(np.median(known)) if len(known) else 0.0


def day_back(recent: Windows, fall: Found, needed: float) -> int | None:
    """The first day after a fall whose fortnight reached a rate, within 180 days."""
    later = slice(fall.day + 1, fall.day + RAISED_DAYS)
    reached = (recent.rate[fall.row, later] >= needed) & (
        recent.count[fall.row, later] >= FEWEST_BACK
    )
    first = np.flatnonzero(reached)
    return fall.day + 1 + int(first[0]) if len(first) else None


def back_reason(recent: Windows, fall: Found, day: int, before: float) -> dict[str, object]:
    return {
        "of": "use",
        "days": FORTNIGHT,
        "now": int(recent.count[fall.row, day]),
        "usual": round(before * float(recent.exposure[day])),
        "after": fall.kind,
        "since": day - fall.day,
    }
