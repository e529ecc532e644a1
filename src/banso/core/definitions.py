"""A metric's definition as a JSON-able dict and back; nonsense is refused with ValueError.

{"kind": "count", "event": "login", "days": 28, "offset": 0, "stream": "events"}, a ratio holding
two of them. Kinds: count, distinct_people, active_days, days_since, sum, mean, last, ratio, seats,
trend, per_person, entered. "event" may be a list of names; "period" takes the place of "days";
"where" is a condition (`conditions.dump`) and "on" a kind of day, each left out where all count.
"""

import math
from collections.abc import Mapping
from typing import get_args

from banso.core import conditions
from banso.core.conditions import Condition
from banso.core.metrics import (
    SEEN_DAYS,
    ActiveDays,
    Aggregate,
    Change,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Entered,
    Events,
    LastOf,
    MeanOf,
    PerPerson,
    Ratio,
    Seats,
    Simple,
    Stream,
    SumOf,
    Trend,
    parts,
)
from banso.core.windows import DAY_KINDS, PERIODS, Window

LONGEST_WINDOW_DAYS = 3660
LONGEST_NAME = 200
MOST_EVENTS = 50
STREAMS: tuple[Stream, ...] = get_args(Stream.__value__)
AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate.__value__)
CHANGES: tuple[Change, ...] = get_args(Change.__value__)

_COUNTED: dict[str, type[Count | DistinctPeople | ActiveDays]] = {
    "count": Count,
    "distinct_people": DistinctPeople,
    "active_days": ActiveDays,
}
_OF_PROPERTY: dict[str, type[SumOf | MeanOf | LastOf]] = {
    "sum": SumOf,
    "mean": MeanOf,
    "last": LastOf,
}
_KINDS: dict[type, str] = {
    **{cls: kind for kind, cls in _COUNTED.items()},
    **{cls: kind for kind, cls in _OF_PROPERTY.items()},
    DaysSince: "days_since",
    Ratio: "ratio",
    Seats: "seats",
    Trend: "trend",
    PerPerson: "per_person",
    Entered: "entered",
}
_SHARED = {"kind", "event", "days", "stream", "where"}
_WINDOWED = _SHARED | {"period", "offset", "on"}


def dump(definition: Definition | Seats) -> dict[str, object]:
    """The definition as JSON-able values, `load`'s inverse."""
    kind = {"kind": kind_of(definition)}
    match definition:
        case Entered() | Seats():
            return {**kind}
        case Ratio(numerator, denominator):
            return {**kind, "numerator": dump(numerator), "denominator": dump(denominator)}
        case Trend(of, change):
            return {**kind, "of": dump(of), "change": change}
        case PerPerson(of, aggregate, at_least, seen):
            above = {} if at_least is None else {"at_least": at_least}
            return {**kind, "of": dump(of), "aggregate": aggregate, **above, "seen": seen}
        case _:
            return {**kind, **_dumped(definition)}


def load(data: object) -> Definition:
    """The definition that `dump` wrote. ValueError for an unknown kind, a missing or unknown
    field, a window outside 1 to 3660 days, an empty name, seats standing alone, a ratio over two
    streams, a condition on days, or a share of people without its bound."""
    loaded = _load(data)
    if isinstance(loaded, Seats):
        raise ValueError("seats are only the lower side of a ratio")
    return loaded


def kind_of(definition: Definition | Seats) -> str:
    """The name of the definition's kind, as in the dict."""
    return _KINDS[type(definition)]


def _dumped(simple: Simple) -> dict[str, object]:
    cells = dict(vars(simple))
    if isinstance(simple.event, tuple):
        cells["event"] = list(simple.event)
    if "window" in cells:
        window = cells.pop("window")
        cells["days" if isinstance(window, int) else "period"] = window
    where = cells.pop("where")
    if cells.get("on") == "every_day":
        del cells["on"]
    return cells if where is None else {**cells, "where": conditions.dump(where)}


def _load(data: object) -> Definition | Seats:
    if not isinstance(data, Mapping):
        raise ValueError("a definition is an object")
    match kind := data.get("kind"):
        case "ratio":
            return _ratio(data)
        case "trend":
            return _trend(data)
        case "per_person":
            return _per_person(data)
        case "seats" | "entered":
            _only(data, {"kind"})
            return Seats() if kind == "seats" else Entered()
        case _:
            return _simple(kind, data)


def _simple(kind: object, data: Mapping[str, object]) -> Simple:
    event, where, stream = _event(data), _where(data), _choice(data, "stream", STREAMS, "events")
    if kind == "days_since":
        _only(data, _SHARED)
        return DaysSince(event, _days(data), stream, where)
    window, on = _window(data), _choice(data, "on", DAY_KINDS, "every_day")
    offset = _whole(data.get("offset", 0), "offset", lowest=0)
    if isinstance(kind, str) and (counted := _COUNTED.get(kind)):
        _only(data, _WINDOWED)
        return counted(event, window, offset, stream, where, on)
    if isinstance(kind, str) and (of_property := _OF_PROPERTY.get(kind)):
        _only(data, _WINDOWED | {"property"})
        name = _name(data.get("property"), "property")
        return of_property(event, name, window, offset, stream, where, on)
    raise ValueError(f"unknown kind {kind!r}")


def _ratio(data: Mapping[str, object]) -> Ratio:
    _only(data, {"kind", "numerator", "denominator"})
    above, below = _load(data.get("numerator")), _load(data.get("denominator"))
    if isinstance(above, Seats | Ratio | Trend | PerPerson | Entered) or isinstance(
        below, Ratio | Trend | PerPerson | Entered
    ):
        raise ValueError("a ratio is of two computed numbers, or of one to the seats")
    found = Ratio(above, below)
    parts(found)
    return found


def _trend(data: Mapping[str, object]) -> Trend:
    _only(data, {"kind", "of", "change"})
    of = _load(data.get("of"))
    if isinstance(of, Seats | Ratio | Trend | PerPerson | Entered | DaysSince):
        raise ValueError("a trend is of a number that has a window")
    return Trend(of, _choice(data, "change", CHANGES, "ratio"))


def _per_person(data: Mapping[str, object]) -> PerPerson:
    _only(data, {"kind", "of", "aggregate", "at_least", "seen"})
    of = _load(data.get("of"))
    if isinstance(of, Seats | Ratio | Trend | PerPerson | Entered | DistinctPeople):
        raise ValueError("a number per person is a count, days or a property")
    aggregate, at_least = _choice(data, "aggregate", AGGREGATES, None), data.get("at_least")
    if (at_least is None) == (aggregate == "share"):
        raise ValueError("a share of people, and nothing else, has a bound")
    bound = None if at_least is None else _number(at_least, "at_least")
    seen = _whole(data.get("seen", SEEN_DAYS), "seen", lowest=1)
    return PerPerson(of, aggregate, bound, seen)


def _only(data: Mapping[str, object], known: set[str]) -> None:
    if unknown := set(data) - known:
        raise ValueError(f"unknown fields {sorted(map(str, unknown))}")


def _window(data: Mapping[str, object]) -> Window:
    if "period" not in data:
        return _days(data)
    if "days" in data:
        raise ValueError("a window is of days or of the calendar")
    return _choice(data, "period", PERIODS, None)


def _days(data: Mapping[str, object]) -> int:
    return _whole(data.get("days"), "days", lowest=1)


def _whole(value: object, field: str, *, lowest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{field} is a whole number")
    if not lowest <= value <= LONGEST_WINDOW_DAYS:
        raise ValueError(f"{field} is from {lowest} to {LONGEST_WINDOW_DAYS}")
    return value


def _number(value: object, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{field} is a number")
    return value


def _event(data: Mapping[str, object]) -> Events:
    value = data.get("event")
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        return _name(value, "event")
    if not 0 < len(value) <= MOST_EVENTS:
        raise ValueError(f"events are from 1 to {MOST_EVENTS}")
    names = tuple(sorted({_name(each, "event") for each in value}))
    return names if len(names) > 1 else names[0]


def _where(data: Mapping[str, object]) -> Condition | None:
    if "where" not in data:
        return None
    where = conditions.load(data["where"])
    if any(each.op == "within_days" for each in conditions.comparisons(where)):
        raise ValueError("a property is no day")
    return where


def _name(value: object, field: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_NAME:
        raise ValueError(f"{field} is a name of 1 to {LONGEST_NAME} characters")
    return value


def _choice[T: str](
    data: Mapping[str, object], field: str, known: tuple[T, ...], default: T | None
) -> T:
    found = next((each for each in known if each == data.get(field, default)), None)
    if found is None:
        raise ValueError(f"{field} is one of {', '.join(known)}")
    return found
