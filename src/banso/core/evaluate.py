"""The pure evaluator: a metric's meaning, told over a plain list of occurrences.

Every engine must agree with it. It favours the shortest telling over speed and shares no
window, zone or query code with any engine.
"""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Entered,
    Occurrence,
    Ratio,
    Seats,
    Simple,
    SumOf,
)

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
    if isinstance(definition, Ratio):
        _refuse_mixed_streams(definition)
        above = _simple(definition.numerator, occurrences, as_of, zone)
        below = (
            seats
            if isinstance(definition.denominator, Seats)
            else _simple(definition.denominator, occurrences, as_of, zone)
        )
        return above / below if below else None
    return _simple(_computed(definition), occurrences, as_of, zone)


def relevant(
    definition: Definition, occurrences: Sequence[Occurrence], *, as_of: date, zone: str
) -> list[Occurrence]:
    """The occurrences that the value of `definition` rests on, in their given order: leaving
    out all others gives the same value. Of `DaysSince`, those of the last day."""
    if not isinstance(definition, Ratio):
        return _basis(_computed(definition), occurrences, as_of, zone)
    _refuse_mixed_streams(definition)
    kept = {id(o) for o in _basis(definition.numerator, occurrences, as_of, zone)}
    if not isinstance(definition.denominator, Seats):
        kept |= {id(o) for o in _basis(definition.denominator, occurrences, as_of, zone)}
    return [o for o in occurrences if id(o) in kept]


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


def _computed(definition: Definition) -> Simple:
    if isinstance(definition, Entered | Ratio):
        raise ValueError("an entered metric has no occurrences to be computed from")
    return definition


def _refuse_mixed_streams(ratio: Ratio) -> None:
    below = ratio.denominator
    if not isinstance(below, Seats) and below.stream != ratio.numerator.stream:
        raise ValueError("both sides of a ratio must be over the same stream")


def _simple(metric: Simple, occurrences: Sequence[Occurrence], as_of: date, zone: str) -> float:
    basis = _basis(metric, occurrences, as_of, zone)
    match metric:
        case Count():
            return float(sum(o.count for o in basis))
        case DistinctPeople():
            return float(len({o.person for o in basis}))
        case ActiveDays():
            return float(len({_day(o, zone) for o in basis}))
        case DaysSince():
            return float((as_of - _day(basis[0], zone)).days if basis else metric.days)
        case SumOf():
            return math.fsum(_amount(o, metric.property) * o.count for o in basis)


def _basis(
    metric: Simple, occurrences: Iterable[Occurrence], as_of: date, zone: str
) -> list[Occurrence]:
    last = as_of - timedelta(days=0 if isinstance(metric, DaysSince) else metric.offset)
    first = last - timedelta(days=metric.days - 1)
    inside = [
        o for o in occurrences if metric.event in (None, o.event) and first <= _day(o, zone) <= last
    ]
    match metric:
        case DistinctPeople():
            return [o for o in inside if o.person is not None]
        case SumOf():
            return [o for o in inside if number(o.properties.get(metric.property)) is not None]
        case DaysSince():
            latest = max((_day(o, zone) for o in inside), default=None)
            return [o for o in inside if _day(o, zone) == latest]
        case _:
            return inside


def _amount(occurrence: Occurrence, name: str) -> float:
    return number(occurrence.properties.get(name)) or 0.0


def _day(occurrence: Occurrence, zone: str) -> date:
    return occurrence.at.astimezone(ZoneInfo(zone)).date()
