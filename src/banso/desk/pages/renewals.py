"""The deciding days of the next 180 days, month by month and day by day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, DateField, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from banso.goals.models import Standing

HORIZON = timedelta(days=180)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Month:
    """A month of the horizon, or the part of it that lies within."""

    first: date
    last: date


@dataclass(frozen=True)
class Day:
    """A day with the customers that decide on it; `level` 0-3 by value, for the eye."""

    on: date
    count: int
    notices: int
    value: int
    level: int


@dataclass(frozen=True)
class Calendar:
    """Rows are months, cells are the days 1 to 31; None where the horizon has no such day."""

    rows: Sequence[tuple[Month, Sequence[Day | None]]]
    days: Sequence[int] = tuple(range(1, 32))


def months_from(today: date) -> list[Month]:
    """The months that the next 180 days touch."""
    end, first, found = today + HORIZON, today, []
    while first <= end:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append(Month(first, min(following - DAY, end)))
        first = following
    return found


@dataclass(frozen=True)
class Due:
    """How many customers of an owner decide on a day in one way, and their yearly value."""

    owner: int | None
    on: date
    notice: bool
    count: int
    value: int


def due_days(mine: QuerySet[Standing], today: date) -> list[Due]:
    """The deciding days of the horizon in one grouped statement.

    The day is asked of an expression, so that the database goes along the index that holds
    everything summed instead of one that leads to every row.
    """
    day = Coalesce("next_on", Value(date.min), output_field=DateField())
    rows = (
        mine.annotate(day=day)
        .filter(day__gte=today, day__lte=today + HORIZON)
        .values_list("owner", "day", "next_kind")
        .annotate(n=Count("pk"), worth=Sum("annual_minor", default=0))
    )
    return [Due(owner, on, kind == "notice", n, worth) for owner, on, kind, n, worth in rows]


def calendar(due: Iterable[Due], today: date) -> Calendar:
    """When the customers' next deciding days are."""
    found: dict[date, tuple[int, int, int]] = {}
    for each in due:
        count, notices, value = found.get(each.on, (0, 0, 0))
        more = each.count if each.notice else 0
        found[each.on] = (count + each.count, notices + more, value + each.value)
    most = max((value for _, _, value in found.values()), default=0)
    return Calendar([(month, days_of(month, found, most)) for month in months_from(today)])


def days_of(
    month: Month, found: Mapping[date, tuple[int, int, int]], most: int
) -> list[Day | None]:
    inside = range(month.first.day, month.last.day + 1)
    return [
        day_of(month.first.replace(day=number), found, most) if number in inside else None
        for number in range(1, 32)
    ]


def day_of(on: date, found: Mapping[date, tuple[int, int, int]], most: int) -> Day:
    count, notices, value = found.get(on, (0, 0, 0))
    level = min(3, 1 + 3 * value // (most + 1)) if count else 0
    return Day(on, count, notices, value, level)
