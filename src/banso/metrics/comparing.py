"""Comparisons of the grammar as filters over rows, so that fields need to name a column only."""

from collections.abc import Callable
from datetime import date

from django.db.models import Q, QuerySet

from banso.core.conditions import Is, holds, span

type Rows = Callable[[date], QuerySet]  # type: ignore[type-arg]
type Comparing = Callable[[Is, date], Q]
LOOKUPS = {
    "is": "",
    "one_of": "__in",
    "between": "__range",
    "contains": "__icontains",
    "lt": "__lt",
    "le": "__lte",
    "gt": "__gt",
    "ge": "__gte",
}


def column(path: str, *, text: bool = False) -> Comparing:
    """Over a column of the engagement or of a row that it points to."""

    def q(asked: Is, today: date) -> Q:
        if asked.op in ("is_not", "unknown"):
            return ~_positive(path, _turned(asked), today, text)
        return _positive(path, asked, today, text)

    return q


def any_row(
    rows: Rows, path: str, *, key: str = "engagement", link: str = "pk", text: bool = False
) -> Comparing:
    """Over rows of which an engagement has none, one or several: it holds where it does for one.
    `key` names the row's engagement, or what the engagement's `link` points to."""

    def q(asked: Is, today: date) -> Q:
        denied = asked.op in ("is_not", "unknown")
        inner = _positive(path, _turned(asked) if denied else asked, today, text)
        found = Q(**{f"{link}__in": rows(today).filter(inner).values(key)})
        return ~found if denied else found

    return q


def how_many(rows: Rows, path: str = "n", *, key: str = "engagement") -> Comparing:
    """Over a number that is counted; where there is no row, it is 0."""

    def q(asked: Is, today: date) -> Q:
        some = rows(today)
        if not holds(asked, {asked.field: 0}, as_of=today):
            return Q(pk__in=some.filter(column(path)(asked, today)).values(key))
        others = some.exclude(column(path)(asked, today))
        return ~Q(pk__in=others.values(key))

    return q


def _turned(asked: Is) -> Is:
    """What `is_not` and `unknown` deny."""
    return Is(asked.field, "is", asked.value) if asked.op == "is_not" else Is(asked.field, "known")


def _positive(path: str, asked: Is, today: date, text: bool) -> Q:
    if asked.op == "known":
        there = Q(**{f"{path}__isnull": False})
        return there & ~Q(**{path: ""}) if text else there
    if asked.op == "within_days" and isinstance(asked.value, int):
        return Q(**{f"{path}__range": span(asked.value, today)})
    return Q(**{f"{path}{LOOKUPS[asked.op]}": asked.value})
