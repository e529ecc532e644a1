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


@dataclass(frozen=True)
class Rows:
    """What a stream holds: a relation (source, person, age, event, count, properties) of at least
    what `reach` says, with the column `subject`, or, where `named`, the column `account`.

    Named rows are grouped by person before the table `named(source, account, subject)` says whose
    they are, which spares joining every row; a person met under two names is then made one.
    """

    sql: str
    named: bool = False


def statement(definitions: Mapping[str, Definition], rows: Mapping[Stream, Rows]) -> str:
    """One SELECT giving (subject, one double per definition in the mapping's order) for each row
    of the table `subject(subject, seats)`, from the rows of each stream.

    Raises ValueError for `Entered`, which is not computed, and for a ratio over two streams.
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
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)

    def person(self, function: str, expression: str) -> str:
        """The name of an aggregate by person whose function also merges its own results."""
        return self.people.setdefault((function, expression), f"p{len(self.people)}")

    def subject(self, expression: str) -> str:
        name = self.subjects.setdefault(expression, f"a{len(self.subjects)}")
        return f"{self.stream}.{name}"

    def sql(self, rows: Rows) -> str:
        people = self._by_account(rows.sql) if rows.named else self._by_subject(rows.sql)
        subjects = "".join(f",\n  {text} as {name}" for text, name in self.subjects.items())
        return f"select subject{subjects}\nfrom ({people}) p group by subject"

    def _by_subject(self, rows: str) -> str:
        found = "".join(f",\n    {f}({text}) as {p}" for (f, text), p in self.people.items())
        by = "subject, source, person"
        return f"select {by}{found}\n  from ({rows}) e group by {by}"

    def _by_account(self, rows: str) -> str:
        found = "".join(f",\n      {f}({text}) as {p}" for (f, text), p in self.people.items())
        by = "source, account, person"
        merged = "".join(f", {f}({p}) as {p}" for (f, _), p in self.people.items())
        whose = "n.subject, g.source, g.person"
        grouped = f"select {by}{found}\n    from ({rows}) e group by {by}"
        named = "named n on n.source = g.source and n.account = g.account"
        return f"select {whose}{merged}\n  from ({grouped}) g\n  join {named} group by {whose}"


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
            counted = part.person("sum", f"case when {_match(metric)} then count end")
            return f"coalesce({part.subject(f'sum({counted})')}, 0)"
        case SumOf():
            amount = f"count * {_number(metric.property)}"
            summed = part.person("sum", f"case when {_match(metric)} then {amount} end")
            return f"coalesce({part.subject(f'sum({summed})')}, 0)"
        case DistinctPeople():
            latest = part.person("min", _youngest(metric.event, metric.offset))
            inside = f"person is not null and {latest} < {metric.offset + metric.days}"
            return f"coalesce({part.subject(f'sum(case when {inside} then 1 end)')}, 0)"
        case DaysSince():
            youngest = part.person("min", _youngest(metric.event, 0))
            latest = part.subject(f"min({youngest})")
            return f"case when {latest} < {metric.days} then {latest} else {metric.days} end"
        case ActiveDays():
            return _active_days(metric, part)


def _active_days(metric: ActiveDays, part: _Part) -> str:
    end = metric.offset + metric.days
    words = []
    for low in range(metric.offset, end, _WORD):
        inside = _all(_happened(metric.event), f"age between {low} and {min(low + _WORD, end) - 1}")
        bit = f"cast(1 as bigint) << (age - {low})"
        word = part.person("bit_or", f"case when {inside} then {bit} end")
        words.append(f"coalesce({part.subject(f'cast(bit_count(bit_or({word})) as integer)')}, 0)")
    return " + ".join(words)


def _youngest(event: str | None, offset: int) -> str:
    inside = _all(_happened(event), f"age >= {offset}" if offset else None)
    return f"case when {inside} then age end" if inside else "age"


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
