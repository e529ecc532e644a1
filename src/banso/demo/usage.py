"""Two years of product usage, drawn for some hundred customers at a time.

A visit is one person's day in the product. Visits follow the customer's level (heavy-tailed
over customers, wandering from month to month), the week, the seasons, a ramp at the start,
and the fall before the day on which a loss becomes known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from banso.demo.book import Book, day_number
from banso.demo.calibration import (
    FALL,
    FALL_DAYS,
    FALLEN_DAYS,
    USAGE_DAYS,
    WEEKEND_SHARE,
    Floats,
    Ints,
)
from banso.demo.customers import Customers

CHUNK = 400
"""Customers drawn at once; memory is bounded by it whatever their number."""
LEVEL_MEAN, LEVEL_SPREAD, MONTH_SPREAD = -0.7, 2.03, 0.3
VISITS, VISITS_EACH = 14.0, 10.0
"""Visits in an ordinary month of a customer with one key event in it, and at most per person."""
SEATS_TELL = 0.55
"""Correlation of the log level with the log number of people."""
WEEKEND = WEEKEND_SHARE * 5 / (2 * (1 - WEEKEND_SHARE))
EVENTS = (
    "login",
    "report_viewed",
    "search",
    "invite_sent",
    "report_created",
    "export",
    "session_ended",
)
PRODUCTS = ("portal", "report", "library", "portal", "report", "report", "portal")
SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Usage:
    """Event rows of a run of customers, in order of time."""

    second: Ints
    account: Ints
    person: Ints
    event: Ints
    count: Ints
    minutes: Ints


def draw(customers: Customers, book: Book, *, seed: int, today: date) -> Iterator[Usage]:
    """The usage of all customers, a run at a time, each from its own random stream."""
    for number, low in enumerate(range(0, len(customers), CHUNK)):
        chosen = np.arange(low, min(low + CHUNK, len(customers)))
        rng = np.random.default_rng([seed, 7, number])
        visits = _visits(chosen, customers, book, rng=rng, today=today)
        yield _rows(visits, customers, rng=rng, today=today)


@dataclass(frozen=True)
class Visits:
    """Person-days; `person` is an index within the customer, `created` its key events."""

    account: Ints
    person: Ints
    day: Ints
    created: Ints


def _visits(
    chosen: Ints, customers: Customers, book: Book, *, rng: np.random.Generator, today: date
) -> Visits:
    days = day_number(today) + np.arange(-USAGE_DAYS, 1)
    level = _level(customers.people[chosen], rng=rng)
    relative = calendar(days) * _presence(chosen, days, customers, book)
    relative[:, -1] *= 0.15  # only the early morning of today has been
    relative = relative * _wander(len(chosen), days, rng=rng) * _dips(len(chosen), days, rng=rng)
    per_month = np.minimum(VISITS * level**0.5, VISITS_EACH * customers.people[chosen])
    n = rng.poisson(per_month[:, None] / 30.4 * relative)
    row, column = (np.repeat(index, n.ravel()) for index in np.indices(n.shape).reshape(2, -1))
    account, day = chosen[row], days[column]
    person = _person(account, day, customers, rng=rng)
    created = rng.poisson((level / per_month)[row])
    return _merged(account, person, day, created)


def _level(people: Ints, *, rng: np.random.Generator) -> Floats:
    """Key events a customer makes in an ordinary month: lognormal, the ranks drawn, so that a
    small company too has its heavy few."""
    noise = rng.standard_normal(len(people))
    size = (np.log(people) - 2.3) / 1.3
    rank = np.argsort(np.argsort(SEATS_TELL * size + np.sqrt(1 - SEATS_TELL**2) * noise))
    normal = [NormalDist().inv_cdf((each + 0.5) / len(people)) for each in rank.tolist()]
    return np.asarray(np.exp(LEVEL_MEAN + LEVEL_SPREAD * np.array(normal)))


def calendar(days: Ints) -> Floats:
    """Relative activity of days: weekends, New Year, the holidays of May, and Obon."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    numbered = month * 100 + day
    relative = np.where((days + 3) % 7 >= 5, WEEKEND, 1.0)
    relative = np.where((numbered >= 1228) | (numbered <= 104), 0.1 * relative, relative)
    relative = np.where((numbered >= 429) & (numbered <= 506), 0.4 * relative, relative)
    return np.where((numbered >= 811) & (numbered <= 816), 0.25 * relative, relative)


def _presence(chosen: Ints, days: Ints, customers: Customers, book: Book) -> Floats:
    """0 without a contract; a ramp in the first weeks; the fall before the decision to leave."""
    rows = slice(*np.searchsorted(book.account, [chosen[0], chosen[-1] + 1]))
    edge = np.zeros((len(chosen), len(days) + 1))
    at = book.account[rows] - chosen[0]
    np.add.at(edge, (at, (book.start[rows] - days[0]).clip(0, len(days))), 1)
    np.add.at(edge, (at, (book.end[rows] - days[0]).clip(0, len(days))), -1)
    running = np.cumsum(edge, axis=1)[:, :-1] * ~customers.unconnected[chosen, None]
    age = days - customers.first[chosen, None]
    left = customers.refused[chosen, None] - days
    falls = gradual(customers)[chosen, None] & (days <= customers.loss[chosen, None])
    steps = ((FALL_DAYS - left) / (FALL_DAYS - FALLEN_DAYS)).clip(0, 1)
    ramp = (0.3 + 0.7 * age / 75).clip(0, 1)
    return np.asarray(running * ramp * np.where(falls, (1 - FALL) ** steps, 1.0))


def gradual(customers: Customers) -> NDArray[np.bool_]:
    """Whose loss is preceded by a fall."""
    return np.asarray((customers.loss > 0) & ~customers.silent)


def _wander(n: int, days: Ints, *, rng: np.random.Generator) -> Floats:
    """Months differ, each remembering the one before."""
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    month = month - month[0]
    z = rng.standard_normal((n, month[-1] + 1))
    for each in range(1, month[-1] + 1):
        z[:, each] = 0.6 * z[:, each - 1] + 0.8 * z[:, each]
    return np.exp(MONTH_SPREAD * z - MONTH_SPREAD**2 / 2)[:, month]


def _dips(n: int, days: Ints, *, rng: np.random.Generator) -> Floats:
    """One customer in eight goes quiet for some weeks and comes back: not every fall is a loss."""
    begin = rng.integers(0, len(days), n)[:, None]
    length = np.where(rng.random(n) < 0.125, rng.integers(40, 90, n), 0)[:, None]
    column = np.arange(len(days))
    return np.where((column >= begin) & (column < begin + length), 0.4, 1.0)


def joined(first: Ints, index: Ints) -> Ints:
    """The day that the person with this index in a customer was invited."""
    return np.asarray(first + 15 * (index - 1).clip(0))


def _person(account: Ints, day: Ints, customers: Customers, *, rng: np.random.Generator) -> Ints:
    """Who came (index within the customer): the first far more often than the last. When the
    champion has left, a colleague takes over half of it; -1 is nobody."""
    invited = 2 + (day - customers.first[account]) // 15
    people = np.minimum(invited.clip(1), customers.people[account])
    index = np.exp(rng.random(len(day)) * np.log(people + 1)).astype(np.int64) - 1
    gone = customers.champion_left[account]
    missing = (index == 0) & (gone > 0) & (day >= gone)
    heir = np.where((rng.random(len(day)) < 0.5) & (people > 1), 1, -1)
    return np.where(missing, heir, index.clip(0, people - 1))


def _merged(account: Ints, person: Ints, day: Ints, created: Ints) -> Visits:
    """Two visits of one person on one day are one."""
    there = person >= 0
    keys = (account * 100 + person)[there] * 100_000 + day[there]
    unique, of = np.unique(keys, return_inverse=True)
    made = np.bincount(of, weights=created[there], minlength=len(unique)).astype(np.int64)
    who, when = np.divmod(unique, 100_000)
    return Visits(who // 100, who % 100, when, made)


def _rows(visits: Visits, customers: Customers, *, rng: np.random.Generator, today: date) -> Usage:
    """The events of each visit, from login to session_ended."""
    n = len(visits.day)
    minutes = (rng.lognormal(2.3, 0.8, n) + 3 * visits.created).clip(2, 150).astype(np.int64)
    begin = visits.day * SECONDS_A_DAY + _clock(visits.day, rng=rng, today=today)
    counts = np.stack(
        [
            1 + rng.poisson(0.3, n),
            1 + rng.poisson(1.6, n),
            np.where(rng.random(n) < 0.3, 1 + rng.poisson(0.7, n), 0),
            (rng.random(n) < 0.015).astype(np.int64),
            visits.created,
            np.where(rng.random(n) < 0.15, 1 + rng.poisson(0.3, n), 0),
            np.ones(n, dtype=np.int64),
        ],
        axis=1,
    )
    share = np.linspace(0, 1, len(EVENTS))
    second = begin[:, None] + (minutes[:, None] * 60 * share).astype(np.int64)
    visit, event = np.nonzero(counts)
    order = np.lexsort((event, visit, second[visit, event]))
    visit, event = visit[order], event[order]
    return Usage(
        second=second[visit, event],
        account=visits.account[visit],
        person=customers.offset[visits.account[visit]] + visits.person[visit],
        event=event,
        count=counts[visit, event],
        minutes=np.where(event == len(EVENTS) - 1, minutes[visit], 0),
    )


def _clock(day: Ints, *, rng: np.random.Generator, today: date) -> Ints:
    """Local second of the day at which visits begin; today, only the early morning has been."""
    early = rng.random(len(day)) < 0.55
    hour = np.where(early, rng.normal(9.6, 0.9, len(day)), rng.normal(14.8, 1.8, len(day)))
    hour = np.where(day == day_number(today), rng.uniform(5.5, 6.4, len(day)), hour)
    return (hour.clip(5.5, 21) * 3600).astype(np.int64)
