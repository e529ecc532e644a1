"""What was planted, so that a reader can be marked: losses, their signs, and every figure."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from banso.demo.book import CHURNED, OPEN, Book, day_number
from banso.demo.calibration import (
    BANDS,
    Floats,
    band_of,
    hazard,
)
from banso.demo.customers import Customers
from banso.demo.tally import rounded
from banso.demo.write import iso

YEAR = 365
UPCOMING = 180


@dataclass(frozen=True)
class Loss:
    """A contract that was (or, in `upcoming`, will be) refused. `kind`: "gradual" when usage
    falls before the end, "silent" when it does not."""

    account_id: str
    ended_on: str
    known_on: str
    kind: str
    annual_yen: int


@dataclass(frozen=True)
class Retained:
    """One band over the year until today, its customers and values fixed at the year's start.
    Renewals still open count as kept; customers that came back do not."""

    band: str
    customers: int
    nrr: float | None
    grr: float | None
    nrr_calibrated: float
    grr_calibrated: float


@dataclass(frozen=True)
class Refused:
    """Renewals of one-year contracts due at an age in years, decided by today."""

    tenure: int
    decided: int
    lost: int
    expected: float


@dataclass(frozen=True)
class Growth:
    """Customers and yearly value that run a year ago and today, in yen."""

    customers_before: int
    customers_now: int
    annual_before: int
    annual_now: int
    won: int
    lost: int


@dataclass(frozen=True)
class Truth:
    """Everything planted in one company. `files` maps a kind to its file's name in `out`."""

    synthetic: bool
    company: dict[str, str]
    seed: int
    today: str
    language: str
    customers: int
    files: dict[str, str]
    losses: list[Loss]
    upcoming: list[Loss]
    pending: list[str]
    renewals_in_90_days: list[str]
    reactivations: list[str]
    champions_left: dict[str, str]
    without_usage: list[str]
    retention: list[Retained]
    hazard: list[Refused]
    growth: Growth
    usage: dict[str, float | int | None] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def losses(book: Book, customers: Customers, *, since: int, until: int) -> list[Loss]:
    """Refused contracts that end after `since` and not after `until`, in order of their end."""
    rows = np.flatnonzero((book.fate == CHURNED) & (book.end > since) & (book.end <= until))
    return [
        Loss(
            account_id=customers.ids[int(book.account[row])],
            ended_on=iso(int(book.end[row])),
            known_on=iso(int(book.known[row])),
            kind="silent" if book.silent[row] else "gradual",
            annual_yen=int(book.annual[row]),
        )
        for row in rows[np.argsort(book.end[rows], kind="stable")]
    ]


def accounts(rows: NDArray[np.bool_], book: Book, customers: Customers) -> list[str]:
    """The customers of some rows of the book, each once."""
    return [customers.ids[int(account)] for account in np.unique(book.account[rows])]


def ending(book: Book, *, after: int, until: int, today: date) -> NDArray[np.bool_]:
    """Rows signed and undecided today that end in (after, until]."""
    undecided = book.shown(today) & (book.outcome(today) == OPEN)
    return np.asarray(undecided & (book.end > after) & (book.end <= until))


def retention(book: Book, customers: int, *, today: date) -> list[Retained]:
    now = day_number(today)
    before, after = _value(book, customers, now - YEAR), _value(book, customers, now)
    after = np.where(_returned(book, customers, since=now - YEAR), 0, after)
    band = np.where(before > 0, band_of(before), -1)
    return [_retained(number, before[band == number], after[band == number])
            for number in range(len(BANDS))]  # fmt: skip


def _retained(number: int, before: Floats, after: Floats) -> Retained:
    start = before.sum()
    return Retained(
        band=BANDS[number].code,
        customers=len(before),
        nrr=rounded(after.sum() / start) if start else None,
        grr=rounded(np.minimum(before, after).sum() / start) if start else None,
        nrr_calibrated=BANDS[number].nrr,
        grr_calibrated=BANDS[number].grr,
    )


def refused(book: Book, *, today: date) -> list[Refused]:
    """By age, beside the shifted-beta-geometric expectation."""
    decided = (book.known <= day_number(today)) & (book.years == 1) & ~book.returned
    found = []
    for tenure in np.unique(book.tenure[decided]).tolist():
        fates = book.fate[decided & (book.tenure == tenure)]
        expected = round(float(hazard(tenure)), 4)
        found.append(Refused(tenure, len(fates), int((fates == CHURNED).sum()), expected))
    return found


def growth(book: Book, customers: Customers, *, today: date) -> Growth:
    now = day_number(today)
    before, after = (_value(book, len(customers), day) for day in (now - YEAR, now))
    return Growth(
        customers_before=int((before > 0).sum()),
        customers_now=int((after > 0).sum()),
        annual_before=int(before.sum()),
        annual_now=int(after.sum()),
        won=int((customers.first > now - YEAR).sum()),
        lost=len(losses(book, customers, since=now - YEAR, until=now)),
    )


def _value(book: Book, customers: int, day: int) -> Floats:
    """Yearly value that runs on a day; a pending renewal counts as running."""
    running = (book.start <= day) & (book.end > day)
    return np.bincount(
        book.account[running], weights=book.annual[running], minlength=customers
    ).astype(np.float64)


def _returned(book: Book, customers: int, *, since: int) -> NDArray[np.bool_]:
    """Customers that came back after that day."""
    first = np.unique(book.account[book.returned & (book.previous < 0) & (book.start > since)])
    return np.isin(np.arange(customers), first)
