"""Who the customers are, who looks after them, and what was planted in each."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from banso.demo import names
from banso.demo.book import CHURNED, Book, day_number
from banso.demo.calibration import FALL_DAYS, Ints, stratified

HIGH, LOW, TECH = 0, 1, 2
TOUCHES = ("high", "low", "tech")
SEGMENTS = ("enterprise", "middle", "small", "individual")
PEOPLE_PER_ACCOUNT = 60


@dataclass(frozen=True)
class Colleague:
    """A member of staff; success managers own books of customers."""

    person: names.Person
    email: str
    role: str


@dataclass(frozen=True)
class Customers:
    """Columns, one row per customer, numbered as in the book."""

    called: list[names.Called]
    industry: Ints
    place: Ints
    segment: Ints
    touch: Ints
    owner: Ints
    people: Ints
    first: Ints
    until: Ints
    annual: Ints
    loss: Ints
    silent: NDArray[np.bool_]
    refused: Ints
    back: Ints
    unconnected: NDArray[np.bool_]
    champion_left: Ints
    staff: list[Colleague]

    def __len__(self) -> int:
        return len(self.called)

    @cached_property
    def ids(self) -> list[str]:
        return [f"C{number + 1:05d}" for number in range(len(self))]

    @cached_property
    def offset(self) -> Ints:
        """Number of the first person of each customer; the first is the most active one."""
        return np.asarray(np.r_[0, np.cumsum(self.people)[:-1]])


def staff(customers: int, *, rng: np.random.Generator, language: names.Language) -> list[Colleague]:
    """An administrator, a manager and a success manager for every thirty customers."""
    managers = int(np.clip(round(customers / 30), 3, 200))
    roles = ["admin", "manager"] + ["success_manager"] * managers
    domain = names.COMPANIES[language].domain
    people = names.colleagues(len(roles), rng=rng)
    return [
        Colleague(person, f"{person.mailbox()}@{domain}", role)
        for person, role in zip(people, roles, strict=True)
    ]


def enrol(
    book: Book, customers: int, *, rng: np.random.Generator, today: date, language: names.Language
) -> Customers:
    """The customers of a book of contracts.

    Days, 0 where there is none: `first` it became a customer, `until` its newest contract
    runs, `loss` it ends for good or for a while, `refused` that becomes known, `back` it returns.
    """
    shown = book.rows(book.shown(today))
    newest = np.zeros(customers, dtype=np.int64)
    newest[shown.account] = np.arange(len(shown.account))
    annual = shown.annual[newest]
    industry = names.industries(annual, rng=rng)
    called = names.customers(industry, rng=rng)
    team = staff(customers, rng=rng, language=language)
    touch = _touch(annual, rng=rng)
    places = np.array([each[2] for each in names.words("names")["places"]], dtype=float)
    lost = np.flatnonzero(book.fate == CHURNED)
    loss, silent = np.zeros(customers, dtype=np.int64), np.zeros(customers, dtype=bool)
    loss[book.account[lost]], silent[book.account[lost]] = book.end[lost], book.silent[lost]
    refused = np.zeros(customers, dtype=np.int64)
    refused[book.account[lost]] = book.known[lost]
    back = np.zeros(customers, dtype=np.int64)
    back[book.account[book.returned][::-1]] = book.start[book.returned][::-1]
    live = ~_ended(shown, customers, today)
    return Customers(
        called=called,
        industry=industry,
        place=rng.choice(len(places), customers, p=places / places.sum()),
        segment=_segment(annual, industry),
        touch=touch,
        owner=_owners(touch, team, rng=rng),
        people=_people(shown.seats[newest], rng=rng),
        first=_first(book, customers),
        until=shown.end[newest],
        annual=annual,
        loss=loss,
        silent=silent,
        refused=refused,
        back=back,
        unconnected=_few(live & (loss == 0), 0.02, rng=rng),
        champion_left=_champions(live & (touch < TECH), loss, rng=rng, today=today),
        staff=team,
    )


def _touch(annual: Ints, *, rng: np.random.Generator) -> Ints:
    """High touch for the large, none but technical for the small, with some exceptions."""
    worth = annual * np.exp(0.25 * rng.standard_normal(len(annual)))
    return np.where(worth >= 6_000_000, HIGH, np.where(worth >= 1_000_000, LOW, TECH))


def _segment(annual: Ints, industry: Ints) -> Ints:
    sole = len(names.words("names")["industries"]) - 1
    by_size = np.select([annual >= 15_000_000, annual >= 3_600_000], [0, 1], 2)
    return np.where(industry == sole, 3, by_size)


def _owners(touch: Ints, team: list[Colleague], *, rng: np.random.Generator) -> Ints:
    """Uneven books: the last success managers serve the tech-touch customers; -1 is nobody."""
    managers = np.array([n for n, each in enumerate(team) if each.role == "success_manager"])
    digital = max(1, len(managers) // 6)
    weight = 0.82 ** np.arange(len(managers) - digital)
    personal = rng.choice(managers[:-digital], len(touch), p=weight / weight.sum())
    shared = rng.choice(managers[-digital:], len(touch))
    owner = np.where((touch == TECH) & (rng.random(len(touch)) < 0.8), shared, personal)
    return np.where((touch == TECH) & (rng.random(len(touch)) < 0.02), -1, owner)


def _people(seats: Ints, *, rng: np.random.Generator) -> Ints:
    issued = (seats * rng.uniform(0.45, 1.0, len(seats))).round().astype(np.int64)
    return issued.clip(1, PEOPLE_PER_ACCOUNT)


def _first(book: Book, customers: int) -> Ints:
    """The day each became a customer: its age at a contract's end, counted back."""
    month = book.end.astype("datetime64[D]").astype("datetime64[M]")
    day = book.end - month.astype("datetime64[D]").astype(np.int64)
    born = (month.astype(np.int64) - 12 * book.tenure).astype("datetime64[M]")
    return _least(book.account, born.astype("datetime64[D]").astype(np.int64) + day, customers)


def _least(account: Ints, day: Ints, customers: int) -> Ints:
    least = np.full(customers, np.iinfo(np.int64).max)
    np.minimum.at(least, account, day)
    return least


def _ended(shown: Book, customers: int, today: date) -> NDArray[np.bool_]:
    """Whose last known contract was refused."""
    newest = np.zeros(customers, dtype=np.int64)
    newest[shown.account] = np.arange(len(shown.account))
    return np.asarray((shown.outcome(today) == CHURNED)[newest])


def _few(
    eligible: NDArray[np.bool_], share: float, *, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """At least two of the eligible, where there are two."""
    chosen = np.zeros(len(eligible), dtype=bool)
    order = rng.permutation(np.flatnonzero(eligible))
    chosen[order[: max(2, round(share * len(order)))]] = True
    return chosen


def _champions(
    eligible: NDArray[np.bool_], loss: Ints, *, rng: np.random.Generator, today: date
) -> Ints:
    """The day the most active person left, for a few customers (0: still there)."""
    stays = eligible & ((loss == 0) | (loss > day_number(today) + FALL_DAYS))
    left = _few(stays, 0.03, rng=rng)
    ago = 20 + (stratified(rng, len(eligible), block=4) * 200).astype(np.int64)
    return np.where(left, day_number(today) - ago, 0)
