"""Metric definitions as one SQL text in two levels: group by person, then by subject.

A subject is one account as of one day. Every row that may count comes with its `age`, the
whole days from its local day to the subject's day, so windows are comparisons of small
integers and the same text serves one day and many. The text keeps to what DuckDB and Spark
share, except for the two functions that read a JSON property.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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
from banso.engine.connect import literal

_WORD = 62  # days that fit into one signed 64-bit set
DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
_LARGEST = "1.7976931348623157e308"


def statement(definitions: Mapping[str, Definition], rows: Mapping[Stream, str]) -> str:
    """One SELECT giving (subject, one double per definition in the mapping's order) for each row
    of the table `subject(subject, seats)`.

    `rows[stream]` is a relation (subject, source, person, age, event, count, properties) of at
    least what `reach` says. Raises ValueError for `Entered`, which is not computed, and for a
    ratio over two streams.
    """
    parts: dict[Stream, _Part] = {}
    values = [_value(definition, parts) for definition in definitions.values()]
    outputs = "".join(f",\n  cast({value} as double) as v{i}" for i, value in enumerate(values))
    joins = "".join(
        f"\nleft join ({part.sql(rows[stream])}) {stream} on {stream}.subject = s.subject"
        for stream, part in parts.items()
    )
    return f"select s.subject{outputs}\nfrom subject s{joins}"


def reach(definitions: Iterable[Definition]) -> dict[Stream, int]:
    """For each stream that the definitions read, how many days back they look."""
    days: dict[Stream, int] = {}
    for simple in (s for definition in definitions for s in _simples(definition)):
        back = simple.days + (0 if isinstance(simple, DaysSince) else simple.offset)
        days[simple.stream] = max(back, days.get(simple.stream, 0))
    return days


@dataclass
class _Part:
    """What one stream contributes: named aggregates by person, and over them by subject."""

    stream: Stream
    people: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)

    def person(self, expression: str) -> str:
        return self.people.setdefault(expression, f"p{len(self.people)}")

    def subject(self, expression: str) -> str:
        name = self.subjects.setdefault(expression, f"a{len(self.subjects)}")
        return f"{self.stream}.{name}"

    def sql(self, rows: str) -> str:
        people = "".join(f",\n    {text} as {name}" for text, name in self.people.items())
        subjects = "".join(f",\n  {text} as {name}" for text, name in self.subjects.items())
        return (
            f"select subject{subjects}\nfrom (select subject, source, person{people}"
            f"\n  from ({rows}) e group by subject, source, person) p group by subject"
        )


def _simples(definition: Definition) -> Sequence[Simple]:
    match definition:
        case Entered():
            raise ValueError("an entered metric is not computed from events")
        case Ratio(numerator, denominator):
            if isinstance(denominator, Seats):
                return [numerator]
            if numerator.stream != denominator.stream:
                raise ValueError("both sides of a ratio must be over the same stream")
            return [numerator, denominator]
        case _:
            return [definition]


def _value(definition: Definition, parts: dict[Stream, _Part]) -> str:
    above, *below = [
        _simple(s, parts.setdefault(s.stream, _Part(s.stream))) for s in _simples(definition)
    ]
    if not isinstance(definition, Ratio):
        return above
    divisor = below[0] if below else "s.seats"
    return f"cast({above} as double) / nullif(cast({divisor} as double), 0)"


def _simple(metric: Simple, part: _Part) -> str:
    match metric:
        case Count():
            counted = part.person(f"sum(case when {_match(metric)} then count end)")
            return f"coalesce({part.subject(f'sum({counted})')}, 0)"
        case SumOf():
            amount = f"count * {_number(metric.property)}"
            summed = part.person(f"sum(case when {_match(metric)} then {amount} end)")
            return f"coalesce({part.subject(f'sum({summed})')}, 0)"
        case DistinctPeople():
            latest = part.person(_youngest(metric.event, metric.offset))
            inside = f"person is not null and {latest} < {metric.offset + metric.days}"
            return f"coalesce({part.subject(f'sum(case when {inside} then 1 end)')}, 0)"
        case DaysSince():
            latest = part.subject(f"min({part.person(_youngest(metric.event, 0))})")
            return f"case when {latest} < {metric.days} then {latest} else {metric.days} end"
        case ActiveDays():
            return _active_days(metric, part)


def _active_days(metric: ActiveDays, part: _Part) -> str:
    end = metric.offset + metric.days
    words = []
    for low in range(metric.offset, end, _WORD):
        inside = _all(_happened(metric.event), f"age between {low} and {min(low + _WORD, end) - 1}")
        bit = f"cast(1 as bigint) << (age - {low})"
        word = part.person(f"bit_or(case when {inside} then {bit} end)")
        words.append(f"coalesce({part.subject(f'cast(bit_count(bit_or({word})) as integer)')}, 0)")
    return " + ".join(words)


def _youngest(event: str | None, offset: int) -> str:
    inside = _all(_happened(event), f"age >= {offset}" if offset else None)
    return f"min(case when {inside} then age end)" if inside else "min(age)"


def _match(metric: Count | SumOf) -> str:
    return _all(
        _happened(metric.event),
        f"age < {metric.offset + metric.days}",
        f"age >= {metric.offset}" if metric.offset else None,
    )


def _happened(event: str | None) -> str | None:
    return None if event is None else f"event = {literal(event)}"


def _all(*conditions: str | None) -> str:
    return " and ".join(c for c in conditions if c)


def _number(name: str) -> str:
    pointer = literal("/" + name.replace("~", "~0").replace("/", "~1"))
    text = f"trim(json_extract_string(properties, {pointer}), ' ')"
    value = f"try_cast({text} as double)"
    finite = f"abs({value}) <= {_LARGEST}"
    return f"case when regexp_full_match({text}, '{DECIMAL}') and {finite} then {value} end"
