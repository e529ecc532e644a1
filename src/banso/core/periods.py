"""Stretches of the calendar that follow one another: days, weeks from Monday, months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

type Grain = Literal["day", "week", "month"]

GRAINS: tuple[Grain, ...] = get_args(Grain.__value__)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included; `whole` where none of it is left out or
    still to come."""

    first: date
    last: date
    whole: bool = True


def periods(grain: Grain, since: date, until: date, *, today: date) -> list[Period]:
    """The periods from the one that `since` lies in to the one of `until`, which ends there; a
    period with `today` in it is not over."""
    found = []
    for first, last in _stretches(grain, since, until):
        found.append(Period(first, min(last, until), last <= until and last < today))
    return found


def start(grain: Grain, day: date) -> date:
    """The first day of the period that `day` lies in."""
    match grain:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)


def back(grain: Grain, day: date, number: int) -> date:
    """The first day of the period so many before that of `day`."""
    first = start(grain, day)
    for _ in range(number):
        first = start(grain, first - timedelta(days=1))
    return first


def _stretches(grain: Grain, since: date, until: date) -> Iterator[tuple[date, date]]:
    first = start(grain, since)
    while first <= until:
        after = _next(grain, first)
        yield first, after - timedelta(days=1)
        first = after


def _next(grain: Grain, first: date) -> date:
    return start(grain, first + timedelta(days={"day": 1, "week": 7, "month": 31}[grain]))
