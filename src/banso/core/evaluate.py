"""The pure evaluator: a metric's meaning, told over a plain list of occurrences.

Every engine must agree with it. It favours the shortest telling over speed and shares no
window, zone or query code with any engine.
"""

import math
import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from banso.core.conditions import Value, holds
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Entered,
    Formula,
    LastOf,
    MeanOf,
    Occurrence,
    OfPerson,
    PerPerson,
    Ratio,
    Seats,
    Simple,
    SumOf,
    Trend,
    events_of,
    parts,
)
from banso.core.windows import counted, span

_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


def evaluate(
    definition: Definition,
    occurrences: Sequence[Occurrence],
    *,
    as_of: date,
    zone: str,
    seats: int | None,
) -> float | None:
    """The metric of one engagement on local day `as_of` in `zone` (an IANA name).

    `occurrences` are those of the definition's stream, in any order; later ones are ignored.
    `seats` are those of the contracts that run on `as_of`, None when no contract does.
    None means that there is no number. Raises ValueError for `Entered`, whose values are
    typed in, and for a ratio over two different streams.
    """
    formula = _computed(definition)
    match formula:
        case Ratio(numerator, denominator):
            parts(formula)
            below = (
                seats
                if isinstance(denominator, Seats)
                else _simple(denominator, occurrences, as_of, zone)
            )
            return _divided(_simple(numerator, occurrences, as_of, zone), below)
        case Trend(of, change):
            now, then = (_simple(of, occurrences, as_of, zone, before) for before in (0, 1))
            if change == "ratio" or now is None or then is None:
                return _divided(now, then)
            return now - then
        case PerPerson(of):
            people = _people(formula, occurrences, as_of, zone)
            found = (_simple(of, rows, as_of, zone) for rows in people.values())
            return _summary(formula, [value for value in found if value is not None])
        case _:
            return _simple(formula, occurrences, as_of, zone)


def relevant(
    definition: Definition, occurrences: Sequence[Occurrence], *, as_of: date, zone: str
) -> list[Occurrence]:
    """The occurrences that the value of `definition` rests on, in their given order: leaving
    out all others gives the same value. Of `DaysSince`, those of the last day."""
    formula = _computed(definition)
    match formula:
        case PerPerson(of):
            people = _people(formula, occurrences, as_of, zone).values()
            bases = [_basis(of, rows, as_of, zone) for rows in people]
            bases += [[max(_seen(formula, rows, as_of, zone), key=_moment)] for rows in people]
        case Trend(of):
            bases = [_basis(of, occurrences, as_of, zone, before) for before in (0, 1)]
        case _:
            bases = [_basis(part, occurrences, as_of, zone) for part in parts(formula)]
    kept = {id(o) for basis in bases for o in basis}
    return [o for o in occurrences if id(o) in kept]


def by_person(
    of: OfPerson, occurrences: Sequence[Occurrence], *, as_of: date, zone: str, seen: int
) -> dict[str, float | None]:
    """The number of each person seen in the `seen` days up to `as_of`."""
    people = _people(PerPerson(of, "mean", seen=seen), occurrences, as_of, zone)
    return {person: _simple(of, rows, as_of, zone) for person, rows in people.items()}


def number(value: object) -> float | None:
    """A property's value as a finite number: numbers and plain decimal text (ASCII digits,
    optional sign, point and exponent, spaces around) are; truth values and the rest are not."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not _DECIMAL.fullmatch(value.strip(" ")):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def _computed(definition: Definition) -> Formula:
    if isinstance(definition, Entered):
        raise ValueError("an entered metric has no occurrences to be computed from")
    return definition


def _divided(above: float | None, below: float | None) -> float | None:
    return above / below if below and above is not None else None


def _people(
    metric: PerPerson, occurrences: Iterable[Occurrence], as_of: date, zone: str
) -> dict[str, list[Occurrence]]:
    people: dict[str, list[Occurrence]] = {}
    for o in occurrences:
        if o.person is not None:
            people.setdefault(o.person, []).append(o)
    return {person: rows for person, rows in people.items() if _seen(metric, rows, as_of, zone)}


def _seen(
    metric: PerPerson, rows: Iterable[Occurrence], as_of: date, zone: str
) -> list[Occurrence]:
    first = as_of - timedelta(days=metric.seen - 1)
    return [o for o in rows if first <= _day(o, zone) <= as_of]


def _summary(metric: PerPerson, values: Sequence[float]) -> float | None:
    if not values:
        return None
    match metric.aggregate:
        case "mean":
            return math.fsum(values) / len(values)
        case "median":
            return statistics.median(values)
        case "share":
            return sum(value >= (metric.at_least or 0.0) for value in values) / len(values)


def _simple(
    metric: Simple, occurrences: Iterable[Occurrence], as_of: date, zone: str, before: int = 0
) -> float | None:
    basis = _basis(metric, occurrences, as_of, zone, before)
    match metric:
        case Count():
            return float(sum(o.count for o in basis))
        case DistinctPeople():
            return float(len({o.person for o in basis}))
        case ActiveDays():
            return float(len({_day(o, zone) for o in basis}))
        case DaysSince(days=days):
            return float((as_of - _day(basis[0], zone)).days if basis else days)
        case SumOf(property=name) | MeanOf(property=name):
            total = math.fsum(_amount(o, name) * o.count for o in basis)
            counts = sum(o.count for o in basis)
            return total if isinstance(metric, SumOf) else _divided(total, counts)
        case LastOf(property=name):
            return max(((o.at, _amount(o, name)) for o in basis), default=(None, None))[1]


def _basis(
    metric: Simple, occurrences: Iterable[Occurrence], as_of: date, zone: str, before: int = 0
) -> list[Occurrence]:
    inside = [o for o in occurrences if _counts(metric, o, as_of, zone, before)]
    match metric:
        case DistinctPeople():
            return [o for o in inside if o.person is not None]
        case SumOf(property=name) | MeanOf(property=name):
            return [o for o in inside if number(o.properties.get(name)) is not None]
        case LastOf(property=name):
            known = [o for o in inside if number(o.properties.get(name)) is not None]
            last = max(map(_moment, known), default=None)
            return [o for o in known if o.at == last]
        case DaysSince():
            latest = max((_day(o, zone) for o in inside), default=None)
            return [o for o in inside if _day(o, zone) == latest]
        case _:
            return inside


def _counts(metric: Simple, o: Occurrence, as_of: date, zone: str, before: int) -> bool:
    day, names = _day(o, zone), events_of(metric.event)
    first, last = span(metric.window, as_of - timedelta(days=metric.offset), before)
    return (
        first <= day <= last
        and (not names or o.event in names)
        and counted(day, metric.on)
        and (metric.where is None or holds(metric.where, _asked(o.properties)))
    )


def _asked(properties: Mapping[str, str | float | int | bool | None]) -> dict[str, Value]:
    return {name: _several(value) for name, value in properties.items()}


def _several(value: str | float | int | bool | None) -> Value:
    """What a condition asks of a property: a text that is a number is both, infinity nothing."""
    found = number(value)
    if isinstance(value, str) and found is not None:
        return value, found
    return None if isinstance(value, float) and found is None else value


def _moment(occurrence: Occurrence) -> datetime:
    return occurrence.at


def _amount(occurrence: Occurrence, name: str) -> float:
    return number(occurrence.properties.get(name)) or 0.0


def _day(occurrence: Occurrence, zone: str) -> date:
    return occurrence.at.astimezone(ZoneInfo(zone)).date()
