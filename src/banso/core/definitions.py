"""A metric's definition as a JSON-able dict and back; nonsense is refused with ValueError.

{"kind": "count", "event": "login", "days": 28, "offset": 0, "stream": "events"}, a ratio holding
two of them. Kinds: count, distinct_people, active_days, days_since, sum, ratio, seats, entered.
"""

from collections.abc import Mapping
from typing import get_args

from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Entered,
    Ratio,
    Seats,
    Simple,
    Stream,
    SumOf,
)

LONGEST_WINDOW_DAYS = 3660
LONGEST_NAME = 200
STREAMS: tuple[Stream, ...] = get_args(Stream.__value__)

_WINDOWED: dict[str, type[Count | DistinctPeople | ActiveDays]] = {
    "count": Count,
    "distinct_people": DistinctPeople,
    "active_days": ActiveDays,
}


def dump(definition: Definition | Seats) -> dict[str, object]:
    """The definition as JSON-able values, `load`'s inverse."""
    match definition:
        case Entered():
            return {"kind": "entered"}
        case Seats():
            return {"kind": "seats"}
        case Ratio(numerator, denominator):
            return {
                "kind": "ratio",
                "numerator": dump(numerator),
                "denominator": dump(denominator),
            }
        case _:
            return {"kind": kind_of(definition), **vars(definition)}


def load(data: object) -> Definition:
    """The definition that `dump` wrote. ValueError for an unknown kind, a missing or unknown
    field, a window outside 1 to 3660 days, an empty name, seats standing alone, or a ratio
    over two streams."""
    loaded = _load(data)
    if isinstance(loaded, Seats):
        raise ValueError("seats are only the lower side of a ratio")
    return loaded


def kind_of(definition: Definition | Seats) -> str:
    """The name of the definition's kind, as in the dict."""
    match definition:
        case DaysSince():
            return "days_since"
        case SumOf():
            return "sum"
        case Ratio():
            return "ratio"
        case Seats():
            return "seats"
        case Entered():
            return "entered"
        case _:
            return next(kind for kind, cls in _WINDOWED.items() if isinstance(definition, cls))


def _load(data: object) -> Definition | Seats:
    if not isinstance(data, Mapping):
        raise ValueError("a definition is an object")
    kind = data.get("kind")
    if kind == "ratio":
        return _ratio(data)
    if kind in ("seats", "entered"):
        _only(data, {"kind"})
        return Seats() if kind == "seats" else Entered()
    return _simple(kind, data)


def _simple(kind: object, data: Mapping[str, object]) -> Simple:
    event, days, stream = _name(data, "event", optional=True), _days(data), _stream(data)
    if kind == "days_since":
        _only(data, {"kind", "event", "days", "stream"})
        return DaysSince(event, days, stream)
    offset = _whole(data.get("offset", 0), "offset", lowest=0)
    if kind == "sum":
        _only(data, {"kind", "event", "property", "days", "offset", "stream"})
        return SumOf(event, _name(data, "property") or "", days, offset, stream)
    if not isinstance(kind, str) or kind not in _WINDOWED:
        raise ValueError(f"unknown kind {kind!r}")
    _only(data, {"kind", "event", "days", "offset", "stream"})
    return _WINDOWED[kind](event, days, offset, stream)


def _ratio(data: Mapping[str, object]) -> Ratio:
    _only(data, {"kind", "numerator", "denominator"})
    above, below = _load(data.get("numerator")), _load(data.get("denominator"))
    if isinstance(above, Seats | Ratio | Entered) or isinstance(below, Ratio | Entered):
        raise ValueError("a ratio is of two computed numbers, or of one to the seats")
    if not isinstance(below, Seats) and above.stream != below.stream:
        raise ValueError("both sides of a ratio must be over the same stream")
    return Ratio(above, below)


def _only(data: Mapping[str, object], known: set[str]) -> None:
    if unknown := set(data) - known:
        raise ValueError(f"unknown fields {sorted(map(str, unknown))}")


def _days(data: Mapping[str, object]) -> int:
    return _whole(data.get("days"), "days", lowest=1)


def _whole(value: object, field: str, *, lowest: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{field} is a whole number")
    if not lowest <= value <= LONGEST_WINDOW_DAYS:
        raise ValueError(f"{field} is from {lowest} to {LONGEST_WINDOW_DAYS}")
    return value


def _name(data: Mapping[str, object], field: str, *, optional: bool = False) -> str | None:
    value = data.get(field)
    if value is None and optional:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_NAME:
        raise ValueError(f"{field} is a name of 1 to {LONGEST_NAME} characters")
    return value


def _stream(data: Mapping[str, object]) -> Stream:
    found = next((s for s in STREAMS if s == data.get("stream", "events")), None)
    if found is None:
        raise ValueError(f"stream is one of {', '.join(STREAMS)}")
    return found
