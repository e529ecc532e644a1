"""The rhythm of a company's customers: the season they share, and what each one's own past says.

Days are columns, customers (or persons) rows. Time is counted in ordinary days of the company:
a Sunday or New Year on which hardly anybody works counts for little, so that silence over a
holiday is no silence.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]
type Flags = NDArray[np.bool_]

SEASON_DAYS = 91
FEWEST_SEASON_DAYS = 28
SHRINK = 5.0
"""Active customers a day that weigh as much as the weekday's own past."""
WEEK = 7
WEEKS = 26
"""How far back a customer's own past is looked at, in whole weeks."""
FEWEST_WEEKS = 12


def season(active: Ints) -> Floats:
    """How active each day was for the whole company, relative to an ordinary day (1).

    `active` counts the active customers of each day. A day is compared with the 91 days before
    it, so that nothing later is used; the fewer customers there are, the more its weekday's
    past says instead. The first days, without a past of 28, count as ordinary.
    """
    before = trailing_mean(active.astype(np.float64), SEASON_DAYS)
    weekday = np.ones(len(active))
    for start in range(WEEK):
        same = active[start::WEEK].astype(np.float64)
        past = trailing_mean(same, SEASON_DAYS // WEEK)
        mean = before[start::WEEK]
        weekday[start::WEEK] = np.divide(past, mean, out=np.ones_like(mean), where=mean > 0)
    index = (active + SHRINK * weekday) / (before + SHRINK)
    early = np.arange(len(active)) < FEWEST_SEASON_DAYS
    return np.where(early | ~np.isfinite(index), 1.0, index).clip(0.02, 4.0)


def trailing_mean(values: Floats, days: int) -> Floats:
    """The mean of up to `days` values before each; of none, the value itself."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    end = np.arange(len(values))
    begin = np.maximum(0, end - days)
    mean = np.divide(
        total[end] - total[begin], end - begin, out=values.astype(np.float64), where=end > begin
    )
    return np.asarray(mean)


@dataclass(frozen=True)
class Windows:
    """What the last `days` days up to each day held: `count[i, t]`, their company time
    `exposure[t]`, and `rate` per ordinary day; NaN where the row was not yet there."""

    days: int
    count: Floats
    exposure: Floats
    rate: Floats


def windows(counts: Floats, since: Ints, clock: Floats, days: int) -> Windows:
    """Moving sums over `days`; `since[i]` is the first column in which row i was there."""
    n, length = counts.shape
    total = np.concatenate([np.zeros((n, 1)), np.cumsum(counts, axis=1)], axis=1)
    time = np.concatenate([[0.0], clock])
    end = np.arange(length) + 1
    begin = np.maximum(0, end - days)
    count = total[:, end] - total[:, begin]
    exposure = time[end] - time[begin]
    there = (end - days)[None, :] >= since[:, None]
    rate = np.where(there, count / np.maximum(exposure, 0.1), np.nan)
    return Windows(days, count, exposure, rate)


@dataclass(frozen=True)
class Usual:
    """A row's own past as of each day of a span: the median, quartiles, least and largest rate
    of the windows before, the spread of the square roots, and how many windows there were."""

    median: Floats
    low: Floats
    high: Floats
    least: Floats
    largest: Floats
    spread: Floats
    weeks: Ints


def usual(found: Windows, span: range, *, skip: int) -> Usual:
    """What was usual before each day of `span`: the windows that ended `skip`, `skip` + 7, ...
    days earlier, 26 weeks back at most. Fewer than 12 of them: NaN."""
    columns = np.array(span)
    past = np.stack([shifted(found.rate, columns - skip - WEEK * back) for back in range(WEEKS)])
    ordered = np.sort(past, axis=0)  # NaN last
    weeks = np.isfinite(past).sum(axis=0)
    enough = weeks >= FEWEST_WEEKS
    median = at_quantile(ordered, weeks, 0.5)
    roots = np.abs(np.sqrt(past) - np.sqrt(np.where(enough, median, np.nan)))
    deviation = at_quantile(np.sort(roots, axis=0), weeks, 0.5)
    exposure = np.maximum(found.exposure[columns], 0.1)
    spread = np.maximum(1.0, 2 * 1.4826 * deviation * np.sqrt(exposure)[None, :])
    hidden = np.where(enough, 1.0, np.nan)
    return Usual(
        median=median * hidden,
        low=at_quantile(ordered, weeks, 0.25) * hidden,
        high=at_quantile(ordered, weeks, 0.75) * hidden,
        least=at_quantile(ordered, weeks, 0.0) * hidden,
        largest=at_quantile(ordered, weeks, 1.0) * hidden,
        spread=spread,
        weeks=weeks.astype(np.int64),
    )


def shifted(values: Floats, columns: Ints) -> Floats:
    """These columns; NaN before the first."""
    inside = columns >= 0
    return np.where(inside[None, :], values[:, np.maximum(columns, 0)], np.nan)


def at_quantile(ordered: Floats, n: Ints, share: float) -> Floats:
    """A quantile of the first n values along axis 0, which are in order; NaN for none."""
    place = share * (np.maximum(n, 1) - 1)
    below = np.floor(place).astype(np.int64)
    above = np.ceil(place).astype(np.int64)
    first = np.take_along_axis(ordered, below[None], axis=0)[0]
    second = np.take_along_axis(ordered, above[None], axis=0)[0]
    return np.asarray(first + (second - first) * (place - below))
