"""Fifteen years of customers won, renewed, grown, cut and lost, as columns of contracts."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from banso.demo.book import CHURNED, RENEWED, Book, day_number, joined, on_day, ordered
from banso.demo.calibration import (
    BANDS,
    GROWTH,
    LEDGER_YEARS,
    SILENT_SHARE,
    YEARS,
    Floats,
    Ints,
    band_of,
    refusal,
    stratified,
)

MONTH_WEIGHT = np.array([5, 5, 6, 26, 5, 5, 9, 4, 5, 19, 6, 5], dtype=float)
"""January to December: fiscal years begin in April, the second half in October."""
SEAT_YEAR = 96_000
"""List price of a seat for a year, in yen; large customers pay less."""
HORIZON_YEARS = 2
"""Fates are drawn this far beyond today, so that a decline under way has an end to go to."""


def sell(customers: int, *, rng: np.random.Generator, today: date) -> Book:
    """The contracts of exactly `customers` customers that were there during the ledger's time."""
    book = _silence(_live(int(customers * 1.6) + 20, rng=rng, today=today), rng=rng)
    day = day_number(today)
    recent = book.rows(book.end >= day - int(365.25 * LEDGER_YEARS))
    there = np.unique(recent.account[recent.start <= day])
    keep = there[np.linspace(0, len(there) - 1, customers).round().astype(np.int64)]
    kept = recent.rows(np.isin(recent.account, keep))
    return _pending(_return(_number(kept, keep), rng=rng, today=today), today=today)


@dataclass(frozen=True)
class Buyers:
    """Month and day of the first contract, years of a term, and the yearly value now."""

    month: Ints
    day: Ints
    years: Ints
    annual: Floats


def _live(n: int, *, rng: np.random.Generator, today: date) -> Book:
    month, day = _starts(n, rng=rng, today=today)
    annual = np.exp(np.log(0.8e6) + 1.35 * rng.standard_normal(n)).clip(1.2e5, 1.5e8)
    buyers = Buyers(month, day, np.where(rng.random(n) < 0.05, 2, 1), annual)
    alive = np.arange(n)
    rounds = []
    for tenure in range(1, YEARS + HORIZON_YEARS + 1):
        due = alive[tenure % buyers.years[alive] == 0]
        years, value = buyers.years[due], buyers.annual[due]
        lost = stratified(rng, len(due)) < refusal(tenure, value, years)
        rounds.append(_round(buyers, due, tenure, lost, rng=rng))
        buyers.annual[due] = _grow(rng, value, years)
        alive = np.setdiff1d(alive, due[lost], assume_unique=True)
    return ordered(joined(rounds))


def _starts(n: int, *, rng: np.random.Generator, today: date) -> tuple[Ints, Ints]:
    """Month (from January 1970) and day of the first contract, oldest first."""
    now = (today.year - 1970) * 12 + today.month - 1
    months = now - np.arange(12 * YEARS)[::-1]
    weight = MONTH_WEIGHT[months % 12] * GROWTH ** (np.arange(12 * YEARS) / 12)
    uniform = (np.arange(n) + rng.random(n)) / n
    chosen = months[np.searchsorted(np.cumsum(weight) / weight.sum(), uniform)]
    day = np.where(rng.random(n) < 0.85, 1, rng.integers(1, 29, n))
    return chosen, np.where(chosen == now, np.minimum(day, today.day), day)


def _round(
    buyers: Buyers, due: Ints, tenure: int, lost: NDArray[np.bool_], *, rng: np.random.Generator
) -> Book:
    """The contracts that end when their customers are `tenure` years old."""
    n = len(due)
    month, day, years = buyers.month[due], buyers.day[due], buyers.years[due]
    start = on_day(month + 12 * (tenure - years), day)
    end = on_day(month + 12 * tenure, day)
    notice = end - rng.choice([30, 60, 90], n, p=[0.5, 0.3, 0.2])
    value = (buyers.annual[due] / 12_000).round().astype(np.int64).clip(1) * 12_000
    price = SEAT_YEAR * (value / 1.2e6).clip(1) ** -0.25
    return Book(
        account=due,
        start=start,
        end=end,
        notice=notice,
        known=_known(rng, end, notice, lost),
        annual=value,
        seats=(value / price).round().astype(np.int64).clip(1),
        years=years.astype(np.int64),
        tenure=np.full(n, tenure),
        fate=np.where(lost, CHURNED, RENEWED),
        silent=np.zeros(n, dtype=bool),
        returned=np.zeros(n, dtype=bool),
        previous=np.full(n, -1),
    )


def _known(rng: np.random.Generator, end: Ints, notice: Ints, lost: NDArray[np.bool_]) -> Ints:
    """The day the answer was known: a refusal around the notice date, a renewal in the two
    months before the end, a fifth of renewals only after it (the window was still open)."""
    n = len(end)
    refused = notice - rng.integers(-10, 40, n)
    agreed = end - rng.integers(1, 60, n)
    late = end + rng.integers(3, 60, n)
    return np.where(lost, np.minimum(refused, end), np.where(rng.random(n) < 0.2, late, agreed))


def _grow(rng: np.random.Generator, annual: Floats, years: Ints) -> Floats:
    """Yearly value after a renewal: cut, raised or as it was."""
    band = band_of(annual)
    cut = np.array([each.cut for each in BANDS])[band] * years
    rise = np.array([each.rise for each in BANDS])[band] * years
    uniform = stratified(rng, len(annual))
    size = rng.uniform(-1, 1, len(annual))
    factor = np.where(uniform < cut / 0.25, 1 - (0.25 + 0.15 * size), 1.0)
    return np.asarray(annual * np.where(uniform > 1 - rise / 0.3, 1 + 0.3 + 0.2 * size, factor))


def _silence(book: Book, *, rng: np.random.Generator) -> Book:
    """Some of the lost gave no sign: spread evenly over time."""
    lost = np.flatnonzero(book.fate == CHURNED)
    in_time = lost[np.argsort(book.end[lost], kind="stable")]
    silent = np.zeros(len(book.account), dtype=bool)
    silent[in_time] = stratified(rng, len(lost), block=20) < SILENT_SHARE
    return replace(book, silent=silent)


def _number(book: Book, accounts: Ints) -> Book:
    """Accounts numbered from 0 in the order they came, each row linked to the one before."""
    account = np.searchsorted(accounts, book.account)
    follows = np.r_[False, account[1:] == account[:-1]]
    return replace(
        book, account=account, previous=np.where(follows, np.arange(len(account)) - 1, -1)
    )


def _return(book: Book, *, rng: np.random.Generator, today: date) -> Book:
    """A few of those lost one to two and a half years ago came back after some months."""
    ago = day_number(today) - book.end
    gone = np.flatnonzero((book.fate == CHURNED) & (ago > 330) & (ago < 900))
    back = np.sort(rng.permutation(gone)[: max(1, len(gone) // 16)])
    if not len(gone):
        return book
    again = book.rows(back)
    month = again.end.astype("datetime64[D]").astype("datetime64[M]").astype(
        np.int64
    ) + rng.integers(5, 10, len(back))
    added = [_term(again, month + 12 * year) for year in range(4)]
    whole = ordered(joined([book, *added]))
    follows = np.r_[False, whole.account[1:] == whole.account[:-1]]
    came_back = np.r_[False, whole.fate[:-1] == CHURNED]
    previous = np.where(follows & ~came_back, np.arange(len(follows)) - 1, -1)
    return replace(whole, previous=previous)


def _term(lost: Book, month: Ints) -> Book:
    """One more year, smaller than before, of customers that came back."""
    n = len(lost.account)
    start, end = on_day(month, 1), on_day(month + 12, 1)
    return replace(
        lost,
        start=start,
        end=end,
        notice=end - 60,
        known=end - 20,
        annual=(lost.annual * 0.6 / 12_000).round().astype(np.int64).clip(1) * 12_000,
        seats=(lost.seats * 0.6).round().astype(np.int64).clip(1),
        years=np.ones(n, dtype=np.int64),
        fate=np.full(n, RENEWED),
        silent=np.zeros(n, dtype=bool),
        returned=np.ones(n, dtype=bool),
    )


def _pending(book: Book, *, today: date) -> Book:
    """At least two renewal windows are open today, whatever the season."""
    day = day_number(today)
    lately = np.flatnonzero((book.fate == RENEWED) & (book.end <= day) & (book.end > day - 60))
    known = book.known.copy()
    missing = max(0, 2 - int((known[lately] > day).sum()))
    decided = lately[known[lately] <= day]
    known[decided[np.argsort(book.end[decided], kind="stable")][::-1][:missing]] = day + 15
    return replace(book, known=known)
