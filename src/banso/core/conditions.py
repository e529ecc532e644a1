"""The condition grammar of segments, metrics and alerts: which of many hold, told as data.

A condition is a tree of comparisons. Every question has the answer yes or no: a value that is
not known is only `unknown` and, being nothing, `is_not` whatever is asked. Every store that
filters by a condition must agree with `holds`.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

type Op = Literal[
    "is",
    "is_not",
    "one_of",
    "contains",
    "lt",
    "le",
    "gt",
    "ge",
    "between",
    "known",
    "unknown",
    "within_days",
]
type Asked = str | float | int | bool
type Scalar = Asked | date
type Value = Scalar | Collection[Scalar] | None
type Condition = Is | All | AnyOf | Not

OPS: tuple[Op, ...] = get_args(Op.__value__)
ALONE = ("known", "unknown")
ORDERED = ("lt", "le", "gt", "ge", "between")
MOST_COMPARISONS = 50
DEEPEST = 6
LONGEST_TEXT = 300
MOST_DAYS = 36_600
_KEYS = {"all", "any", "not", "field"}


@dataclass(frozen=True)
class Is:
    """One comparison of a field. `value`: of `one_of` any number of them, of `between` the pair
    of inclusive bounds, of `known` and `unknown` None, else one. Days are ISO text.

    `within_days` N: a day from the day looked from to N days after it (before it, where N is
    negative), both ends included.
    """

    field: str
    op: Op
    value: Asked | tuple[Asked, ...] | None = None


@dataclass(frozen=True)
class All:
    """Every one of them holds; of none at all: everything does."""

    of: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """At least one of them holds."""

    of: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """It does not hold."""

    of: Condition


def holds(condition: Condition, values: Mapping[str, Value], *, as_of: date | None = None) -> bool:
    """Whether the condition holds for something with these values by field.

    A field of several values holds where one of them does, and `is_not` where none `is`. Text
    `contains` in any case of letters. Values of another kind than asked for are not equal and
    not in order. ValueError for `within_days` without the day looked from.
    """
    match condition:
        case All(of):
            return all(holds(each, values, as_of=as_of) for each in of)
        case AnyOf(of):
            return any(holds(each, values, as_of=as_of) for each in of)
        case Not(of):
            return not holds(of, values, as_of=as_of)
        case Is(field):
            return _answers(condition, _several(values.get(field)), as_of)


def comparisons(condition: Condition) -> Iterator[Is]:
    """Every comparison in the tree, in the order it is told."""
    match condition:
        case Is():
            yield condition
        case Not(of):
            yield from comparisons(of)
        case All(of) | AnyOf(of):
            for each in of:
                yield from comparisons(each)


def fields_of(condition: Condition) -> set[str]:
    """The fields that the condition asks for."""
    return {each.field for each in comparisons(condition)}


def dump(condition: Condition) -> dict[str, object]:
    """The condition as JSON-able values, `load`'s inverse: {"field", "op", "value"}, {"all": […]},
    {"any": […]}, {"not": {…}}."""
    match condition:
        case All(of):
            return {"all": [dump(each) for each in of]}
        case AnyOf(of):
            return {"any": [dump(each) for each in of]}
        case Not(of):
            return {"not": dump(of)}
        case Is(field, op, value):
            stored = list(value) if isinstance(value, tuple) else value
            return {"field": field, "op": op} | ({} if value is None else {"value": stored})


def load(data: object) -> Condition:
    """The condition that `dump` wrote. ValueError for an unknown key or op, a value of the wrong
    shape, a choice among nothing, over 50 comparisons or six levels."""
    condition = _load(data, DEEPEST)
    if sum(1 for _ in comparisons(condition)) > MOST_COMPARISONS:
        raise ValueError(f"a condition has at most {MOST_COMPARISONS} comparisons")
    return condition


def _answers(asked: Is, known: Collection[Scalar], as_of: date | None) -> bool:
    if asked.op in ALONE:
        return bool(known) == (asked.op == "known")
    if asked.op == "is_not":
        return not any(_equal(each, asked.value) for each in known)
    return any(_one(each, asked, as_of) for each in known)


def _one(value: Scalar, asked: Is, as_of: date | None) -> bool:
    match asked.op, asked.value:
        case "one_of", tuple(wanted):
            return any(_equal(value, each) for each in wanted)
        case "contains", str(wanted):
            return isinstance(value, str) and wanted.lower() in value.lower()
        case "between", (low, high):
            return _ordered(value, "ge", low) and _ordered(value, "le", high)
        case "within_days", int(days):
            return _within(value, days, as_of)
        case "is", wanted:
            return _equal(value, wanted)
        case op, wanted:
            return _ordered(value, op, wanted)


def _several(value: Value) -> Collection[Scalar]:
    if value is None:
        return ()
    if isinstance(value, str | float | int | date):
        return () if value == "" else (value,)
    return value


def _equal(value: Scalar, wanted: object) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, date):
        return value.isoformat() == wanted
    return value == wanted


def _ordered(value: Scalar, op: str, wanted: object) -> bool:
    pair = _comparable(value, wanted)
    if pair is None:
        return False
    left, right = pair
    answers = {"lt": left < right, "le": left <= right, "gt": left > right, "ge": left >= right}
    return answers[op]


def _comparable(value: Scalar, wanted: object) -> tuple[float, float] | None:
    """Both as numbers on one scale; None where they are of different kinds."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return None
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return value, wanted
    if isinstance(value, date) and isinstance(wanted, str) and (day := _day(wanted)):
        return value.toordinal(), day.toordinal()
    return None


def _within(value: Scalar, days: int, as_of: date | None) -> bool:
    if as_of is None:
        raise ValueError("within_days is looked at from a day")
    if not isinstance(value, date):
        return False
    first, last = span(days, as_of)
    return first <= value <= last


def span(days: int, as_of: date) -> tuple[date, date]:
    """The first and the last day of `within_days`."""
    other = as_of + timedelta(days=days)
    return min(as_of, other), max(as_of, other)


def _load(data: object, deeper: int) -> Condition:
    if not isinstance(data, Mapping) or len(_KEYS & set(data)) != 1:
        raise ValueError("a condition is an object with one of all, any, not and field")
    if not deeper:
        raise ValueError(f"a condition has at most {DEEPEST} levels")
    if "field" in data:
        return _comparison(data)
    if len(data) > 1:
        raise ValueError("a group has nothing beside it")
    if "not" in data:
        return Not(_load(data["not"], deeper - 1))
    return _group(data, deeper)


def _group(data: Mapping[str, object], deeper: int) -> All | AnyOf:
    [(key, inner)] = data.items()
    if not isinstance(inner, list) or (key == "any" and not inner):
        raise ValueError("a group is a list, and any of nothing is nobody")
    of = tuple(_load(each, deeper - 1) for each in inner)
    return All(of) if key == "all" else AnyOf(of)


def _comparison(data: Mapping[str, object]) -> Is:
    if unknown := set(data) - {"field", "op", "value"}:
        raise ValueError(f"unknown keys {sorted(map(str, unknown))}")
    field, op = data["field"], data.get("op")
    if not isinstance(field, str) or not field or len(field) > LONGEST_TEXT:
        raise ValueError("a field is a name")
    if op not in OPS:
        raise ValueError(f"unknown op {op!r}")
    return Is(field, op, _value(op, data.get("value")))


def _value(op: Op, value: object) -> Asked | tuple[Asked, ...] | None:
    if op in ALONE:
        if value is not None:
            raise ValueError(f"{op} asks for no value")
        return None
    if op in ("one_of", "between"):
        return _values(op, value)
    found = _asked(value)
    if op == "within_days" and (type(found) is not int or abs(found) > MOST_DAYS):
        raise ValueError(f"within_days is a whole number up to {MOST_DAYS}")
    if op == "contains" and not isinstance(found, str):
        raise ValueError("contains asks for text")
    if op in ORDERED and isinstance(found, bool):
        raise ValueError("yes and no have no order")
    return found


def _values(op: Op, value: object) -> tuple[Asked, ...]:
    if not isinstance(value, list | tuple) or not value or len(value) > MOST_COMPARISONS:
        raise ValueError(f"{op} asks for a list")
    found = tuple(_asked(each) for each in value)
    if op == "between" and (len(found) != 2 or type(found[0]) is bool):
        raise ValueError("between asks for two bounds")
    return found


def _asked(value: object) -> Asked:
    if isinstance(value, str):
        if not value or len(value) > LONGEST_TEXT:
            raise ValueError(f"a text has 1 to {LONGEST_TEXT} characters")
    elif not isinstance(value, bool | int | float) or not math.isfinite(value):
        raise ValueError("a value is text, a number, yes or no")
    return value


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
