"""A year of contacts, as success managers write them down."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from banso.demo import names
from banso.demo.book import day_number
from banso.demo.calibration import FALL_DAYS, Ints
from banso.demo.customers import HIGH, LOW, Customers
from banso.demo.people import Member
from banso.demo.usage import calendar

DAYS_BETWEEN = {HIGH: 20.0, LOW: 55.0}
DAYS_BETWEEN_TECH = 220.0
YEAR = 365
WITHDRAWN_SHARE, WITHDRAWN_DAYS = 0.4, 90
"""Of the losses with a fall, those who are not reached either in the days before the decision."""
NEW_YEAR = 0.15
"""Below this activity of the calendar nobody calls."""
CHANNELS = ("call", "mail", "meeting", "visit", "chat")
CHANNEL_WEIGHT = {HIGH: [0.2, 0.15, 0.4, 0.2, 0.05], LOW: [0.35, 0.25, 0.25, 0.05, 0.1]}
CHANNEL_WEIGHT_TECH = [0.1, 0.75, 0.0, 0.0, 0.15]


@dataclass(frozen=True)
class Contact:
    """Who spoke with whom, when and how, and what was said in both languages."""

    account: int
    second: int
    channel: str
    with_whom: Member
    pair: list[str]


def talk(
    customers: Customers,
    leaders: dict[int, list[Member]],
    *,
    rng: np.random.Generator,
    today: date,
) -> Iterator[Contact]:
    """The contacts of the year until today, customer by customer, oldest first."""
    for account in range(len(customers)):
        people = leaders.get(account, [])
        days = _days(account, customers, rng=rng, today=day_number(today))
        said: dict[str, int] = {}
        for day in days if people else []:
            yield _contact(account, day, customers, people, said, rng=rng, today=today)


def _days(account: int, customers: Customers, *, rng: np.random.Generator, today: int) -> list[int]:
    """Working days on which the two spoke. Some managers fall behind: one customer in ten was
    not spoken to for a season."""
    between = DAYS_BETWEEN.get(int(customers.touch[account]), DAYS_BETWEEN_TECH)
    gaps = rng.gamma(4.0, between / 4.0, size=int(2 * YEAR / between) + 3)
    late = 45 if rng.random() < 0.1 else 0
    first_gap = rng.uniform(0, between)
    days = today - 1 - late - first_gap - np.r_[0, np.cumsum(gaps)]
    loss, back = int(customers.loss[account]), int(customers.back[account])
    whole = np.unique([_working(int(day)) for day in days if day > today - YEAR]).astype(np.int64)
    there = (whole >= customers.first[account]) & (calendar(whole) > NEW_YEAR)
    if loss:
        there &= (whole < loss) | ((whole >= back - 30) if back else False)
        there &= ~_withdrawn(account, whole, customers, rng=rng)
    return [int(day) for day in whole[there]]


def _withdrawn(
    account: int, days: Ints, customers: Customers, *, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Some of those whose usage falls also stop answering, until the talk about leaving."""
    quiet = not customers.silent[account] and rng.random() < WITHDRAWN_SHARE
    left = int(customers.refused[account]) - days
    return np.asarray(quiet & (left > 0) & (left <= WITHDRAWN_DAYS))


def _working(day: int) -> int:
    """That day, or the Friday before a weekend."""
    return day - max(0, (day + 3) % 7 - 4)


def _contact(
    account: int,
    day: int,
    customers: Customers,
    people: list[Member],
    said: dict[str, int],
    *,
    rng: np.random.Generator,
    today: date,
) -> Contact:
    topic = _topic(account, day, customers, rng=rng)
    notes = names.words("notes")[topic]
    turn = said.setdefault(topic, account + int(rng.integers(len(notes))))
    said[topic] += 1
    note = notes[turn % len(notes)]
    weights = CHANNEL_WEIGHT.get(int(customers.touch[account]), CHANNEL_WEIGHT_TECH)
    channel = CHANNELS[int(rng.choice(len(CHANNELS), p=weights))]
    second = day * 86_400 + int(rng.integers(9 * 12, 18 * 12)) * 300
    return Contact(
        account=account,
        second=second,
        channel=note[2] if len(note) > 2 else channel,
        with_whom=_partner(account, day, customers, people, topic, rng=rng),
        pair=note[:2],
    )


def _topic(account: int, day: int, customers: Customers, *, rng: np.random.Generator) -> str:
    """What they will have spoken about: what is known to them on that day, no more."""
    dice = rng.random()
    pressing = _pressing(account, day, customers)
    if pressing:
        return pressing
    left = int(customers.refused[account]) - day
    if 0 < left <= FALL_DAYS and not customers.silent[account] and dice < 0.5:
        return "risk"
    if 0 < int(customers.until[account]) - day <= 90 and dice < 0.5:
        return "renewal"
    return "expansion" if dice > 0.94 else "risk" if dice > 0.91 else "regular"


def _pressing(account: int, day: int, customers: Customers) -> str | None:
    """What nobody would pass over."""
    left, back = int(customers.champion_left[account]), int(customers.back[account])
    if 0 < int(customers.refused[account]) <= day < int(customers.loss[account]):
        return "leaving"
    if back and back - 30 <= day < back + 20:
        return "returned"
    if left and left - 20 <= day < left + 60:
        return "champion"
    return "onboarding" if day - customers.first[account] < 75 else None


def _partner(
    account: int,
    day: int,
    customers: Customers,
    people: list[Member],
    topic: str,
    *,
    rng: np.random.Generator,
) -> Member:
    """Mostly the most active person, as long as that person is there."""
    gone = int(customers.champion_left[account])
    known = [each for each in people if each.since <= day] or people[:1]
    if topic == "champion" or len(known) == 1:
        return known[0]
    if gone and day >= gone:
        return known[1]
    return known[0] if rng.random() < 0.75 else known[1]
