"""The people at the customers, and what some of them said they want to achieve."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from banso.demo import names
from banso.demo.book import day_number
from banso.demo.customers import HIGH, LOW, Customers
from banso.demo.usage import joined

LEADERS = 3
"""How many people of a customer are spoken with."""
LEADING_TITLES = 5


@dataclass(frozen=True, slots=True)
class Member:
    """A person at a customer; `number` is unique over all customers."""

    number: int
    account: int
    person: names.Person
    title: int
    email: str
    since: int

    @property
    def id(self) -> str:
        return f"U{self.number + 1:06d}"


def members(customers: Customers, *, rng: np.random.Generator, today: date) -> Iterator[Member]:
    """Everybody who was invited by today, customer by customer, the most active first (who has
    one of the leading titles)."""
    account = np.repeat(np.arange(len(customers)), customers.people)
    index = np.arange(len(account)) - customers.offset[account]
    since = joined(customers.first[account], index)
    people = names.strangers(len(account), rng=rng)
    title = rng.integers(0, len(names.words("names")["titles"]), len(account))
    title = np.where(index == 0, title % LEADING_TITLES, title)
    used: set[str] = set()
    for number in np.flatnonzero(since <= day_number(today)).tolist():
        if index[number] == 0:
            used.clear()
        yield Member(
            number=number,
            account=int(account[number]),
            person=people[number],
            title=int(title[number]),
            email=_email(people[number], int(account[number]), used),
            since=int(since[number]),
        )


def noting(everybody: Iterable[Member], leaders: dict[int, list[Member]]) -> Iterator[Member]:
    """The same people; the first few of each customer are noted in `leaders` as they pass."""
    for member in everybody:
        known = leaders.setdefault(member.account, [])
        if len(known) < LEADERS:
            known.append(member)
        yield member


def _email(person: names.Person, account: int, used: set[str]) -> str:
    """An address under a reserved domain that no mail server answers for."""
    domain = f"c{account + 1:05d}.example"
    address, count = f"{person.mailbox()}@{domain}", 1
    while address in used:
        count += 1
        address = f"{person.mailbox()}{count}@{domain}"
    used.add(address)
    return address


@dataclass(frozen=True)
class Purpose:
    """What a customer wants to achieve, in its own words, as somebody there said it."""

    account: int
    said_by: Member
    said_on: int
    pair: list[str]


def purposes(
    customers: Customers,
    leaders: dict[int, list[Member]],
    *,
    rng: np.random.Generator,
    today: date,
) -> list[Purpose]:
    """Four in five high-touch customers and one in five low-touch have told theirs; among the
    first 240 customers no sentence is told twice."""
    told = np.where(customers.touch == HIGH, 0.8, np.where(customers.touch == LOW, 0.2, 0.0))
    live = (customers.loss == 0) | (customers.loss > day_number(today)) | (customers.back > 0)
    asked = np.flatnonzero(live & (rng.random(len(customers)) < told))
    sentences = _sentences(-(-len(customers) // 240))
    found = []
    for account in asked[np.argsort(customers.touch[asked], kind="stable")].tolist():
        pair = next(sentences[int(customers.industry[account])], None)
        if pair is not None and account in leaders:
            ago = int(rng.integers(20, 330))
            day = max(day_number(today) - ago, int(customers.first[account]))
            found.append(Purpose(account, leaders[account][0], day, pair))
    return sorted(found, key=lambda each: each.account)


def _sentences(times: int) -> list[Iterator[list[str]]]:
    """Per industry, its sentences, each `times` times."""
    told = names.words("purposes")
    codes = [each["code"] for each in names.words("names")["industries"]]
    return [iter(told[code] * times) for code in codes]
