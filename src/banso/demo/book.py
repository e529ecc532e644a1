"""A book of contracts as columns."""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from numpy.typing import NDArray

from banso.demo.calibration import Ints

EPOCH = date(1970, 1, 1).toordinal()
OPEN, RENEWED, CHURNED = 0, 1, 2


@dataclass(frozen=True)
class Book:
    """Contracts, one row each, sorted by account and start. Days are counted from 1970-01-01;
    the end is the day after the last.

    `fate` is what will have happened in the end; `outcome` is what is known today. `tenure` is
    the customer's age in years at the contract's end. `previous` is a row number or -1.
    """

    account: Ints
    start: Ints
    end: Ints
    notice: Ints
    known: Ints
    annual: Ints
    seats: Ints
    years: Ints
    tenure: Ints
    fate: Ints
    silent: NDArray[np.bool_]
    returned: NDArray[np.bool_]
    previous: Ints

    def rows(self, chosen: NDArray[np.bool_] | Ints) -> "Book":
        return Book(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})

    def outcome(self, today: date) -> Ints:
        return np.where(self.known <= day_number(today), self.fate, OPEN)

    def shown(self, today: date) -> NDArray[np.bool_]:
        """Signed by today: a first contract that began, or one whose predecessor was renewed."""
        day = day_number(today)
        first = self.previous < 0
        return np.where(first, self.start <= day, self.known[self.previous] <= day)

    @property
    def months(self) -> Ints:
        return self.years * 12


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - EPOCH


def on_day(month: Ints, day_of_month: Ints | int) -> Ints:
    """Days of months counted from January 1970."""
    first = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.asarray(first + day_of_month - 1)


def joined(books: list[Book]) -> Book:
    return Book(
        **{
            each.name: np.concatenate([getattr(book, each.name) for book in books])
            for each in fields(Book)
        }
    )


def ordered(book: Book) -> Book:
    return book.rows(np.lexsort((book.start, book.account)))
