"""Metric definitions as one SQL text in two levels: group by person, then by subject.

A subject is one account as of one day. Every row that may count comes with its `age`, the
whole days from its local day to the subject's day, so windows are comparisons of small
integers and the same text serves one day and many. The text keeps to what DuckDB and Spark
share, except for the functions that read a JSON property.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

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
    OfPerson,
    PerPerson,
    Ratio,
    Seats,
    Simple,
    Stream,
    SumOf,
    Trend,
    events_of,
    parts,
)
from banso.engine import sql_where
from banso.engine.connect import literal
from banso.engine.sql_window import back, frame, on

_WORD = 62  # days that fit into one signed 64-bit set

type Fold = Callable[[str, str], str]


@dataclass(frozen=True)
class Rows:
    """What a stream holds: a relation (source, person, age, day, as_of, ts, event, count,
    properties) of at least what `reach` says, with the column `subject`, or, where `named`, the
    column `account`.

    Named rows are grouped by person before the table `named(source, account, subject)` says whose
    they are, which spares joining every row; a person met under two names is then made one.
    """

    sql: str
    named: bool = False


@dataclass(frozen=True)
class Plan:
    """What the statements are made of. `holidays` are those of the days looked at; `merged` says
    that the table `alias(source, person, one)` tells whom two ids of people mean."""

    rows: Mapping[Stream, Rows]
    holidays: Sequence[date] = ()
    merged: bool = False


def statement(definitions: Mapping[str, Definition], plan: Plan) -> str:
    """One SELECT giving (subject, one double per definition in the mapping's order) for each row
    of the table `subject(subject, seats)`, from the rows of each stream.

    Raises ValueError for `Entered`, which is not computed, and for a ratio over two streams.
    """
    found: dict[Stream, _Part] = {}
    values = [_value(_computed(each), found, plan) for each in definitions.values()]
    outputs = "".join(f",\n  cast({value} as double) as v{i}" for i, value in enumerate(values))
    joins = "".join(
        f"\nleft join ({part.by_subject()}) {stream} on {stream}.subject = s.subject"
        for stream, part in found.items()
    )
    return f"select s.subject{outputs}\nfrom subject s{joins}"


def people_statement(of: OfPerson, seen: int, plan: Plan) -> str:
    """One SELECT giving (subject, person, the double) for everybody seen in the last days."""
    part = _Part(of.stream, plan)
    value, known = _simple(of, part, part.alone), _seen(part, seen)
    chosen = f"p.subject, p.person, cast({value} as double)"
    return f"select {chosen}\nfrom ({part.by_person()}) p where {known}"


def reach(definitions: Iterable[Definition]) -> dict[Stream, int]:
    """For each stream that the definitions read, how many days back they look."""
    days: dict[Stream, int] = {}
    for definition in map(_computed, definitions):
        for part in parts(definition):
            far = back(part.window, part.offset, int(isinstance(definition, Trend)))
            if isinstance(definition, PerPerson):
                far = max(far, definition.seen)
            days[part.stream] = max(far, days.get(part.stream, 0))
    return days


@dataclass
class _Part:
    """What one stream contributes: named aggregates by person, and over them by subject."""

    stream: Stream
    plan: Plan
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)

    def person(self, function: str, expression: str) -> str:
        """The name of an aggregate by person whose function also merges its own results."""
        return self.people.setdefault((function, expression), f"p{len(self.people)}")

    def subject(self, expression: str) -> str:
        name = self.subjects.setdefault(expression, f"a{len(self.subjects)}")
        return f"{self.stream}.{name}"

    def together(self, function: str, column: str) -> str:
        """An aggregate by person made one of the subject."""
        return self.subject(f"{function}({column})")

    def alone(self, function: str, column: str) -> str:
        """The same of each person."""
        del function
        return column

    def by_subject(self) -> str:
        subjects = "".join(f",\n  {text} as {name}" for text, name in self.subjects.items())
        return f"select subject{subjects}\nfrom ({self.by_person()}) p group by subject"

    def by_person(self) -> str:
        rows = self.plan.rows[self.stream]
        found = "".join(f",\n      {f}({text}) as {p}" for (f, text), p in self.people.items())
        by = f"{'account' if rows.named else 'subject'}, source, person"
        grouped = f"select {by}{found}\n    from ({rows.sql}) e group by {by}"
        return self._merged(grouped, rows.named) if rows.named or self.plan.merged else grouped

    def _merged(self, grouped: str, named: bool) -> str:
        whose, joins = ("n.subject", _NAMED) if named else ("g.subject", "")
        who = "g.source, g.person"
        if self.plan.merged:
            who, joins = f"{_ONE} as person", joins + _ALIAS
        by = f"{whose}, {_ONE if self.plan.merged else who}"
        found = "".join(f", {f}({p}) as {p}" for (f, _), p in self.people.items())
        return f"select {whose}, {who}{found}\n  from ({grouped}) g{joins} group by {by}"


_NAMED = "\n  join named n on n.source = g.source and n.account = g.account"
_ALIAS = "\n  left join alias a on a.source = g.source and a.person = g.person"
_ONE = "coalesce(a.one, g.source || ':' || g.person)"


def _computed(definition: Definition) -> Formula:
    if isinstance(definition, Entered):
        raise ValueError("an entered metric is not computed from events")
    return definition


def _value(formula: Formula, found: dict[Stream, _Part], plan: Plan) -> str:
    stream = parts(formula)[0].stream
    part = found.setdefault(stream, _Part(stream, plan))
    match formula:
        case Ratio(numerator, Seats()):
            return _divided(_simple(numerator, part, part.together), "s.seats")
        case Ratio(numerator, denominator) if not isinstance(denominator, Seats):
            below = _simple(denominator, part, part.together)
            return _divided(_simple(numerator, part, part.together), below)
        case Trend(of, change):
            now, then = (_simple(of, part, part.together, before) for before in (0, 1))
            return _divided(now, then) if change == "ratio" else f"({now}) - ({then})"
        case PerPerson():
            return part.subject(_summary(formula, part))
        case _:
            assert not isinstance(formula, Ratio)
            return _simple(formula, part, part.together)


def _divided(above: str, below: str) -> str:
    return f"cast({above} as double) / nullif(cast({below} as double), 0)"


def _summary(metric: PerPerson, part: _Part) -> str:
    value = f"cast({_simple(metric.of, part, part.alone)} as double)"
    known = _seen(part, metric.seen)
    if metric.aggregate == "share":
        enough = f"sum(case when {known} and {value} >= {metric.at_least!r} then 1 else 0 end)"
        return _divided(enough, f"sum(case when {known} and {value} is not null then 1 end)")
    function = {"mean": "avg", "median": "median"}[metric.aggregate]
    return f"{function}(case when {known} then {value} end)"


def _seen(part: _Part, days: int) -> str:
    return f"(person is not null and {part.person('min', 'age')} < {days})"


def _simple(metric: Simple, part: _Part, fold: Fold, before: int = 0) -> str:
    match metric:
        case Count():
            counted = part.person("sum", f"case when {_match(metric, part, before)} then count end")
            return f"coalesce({fold('sum', counted)}, 0)"
        case SumOf() | MeanOf() | LastOf():
            return _of_property(metric, part, fold, before)
        case DistinctPeople():
            return _distinct_people(metric, part, before)
        case DaysSince():
            latest = fold("min", part.person("min", _youngest(metric, part)))
            return f"case when {latest} < {metric.days} then {latest} else {metric.days} end"
        case ActiveDays():
            return _active_days(metric, part, fold, before)


def _of_property(metric: SumOf | MeanOf | LastOf, part: _Part, fold: Fold, before: int) -> str:
    match, value = _match(metric, part, before), sql_where.number(metric.property)
    if isinstance(metric, LastOf):
        row = (
            f"case when {match} and {value} is not null then struct_pack(t := ts, v := {value}) end"
        )
        return f"struct_extract({fold('max', part.person('max', row))}, 'v')"
    total = fold("sum", part.person("sum", f"case when {match} then count * {value} end"))
    if isinstance(metric, SumOf):
        return f"coalesce({total}, 0)"
    weight = part.person("sum", f"case when {match} and {value} is not null then count end")
    return f"{total} / nullif(cast({fold('sum', weight)} as double), 0)"


def _distinct_people(metric: DistinctPeople, part: _Part, before: int) -> str:
    age = frame(metric, before).age
    if age is None:
        inside = f"{part.person('max', f'case when {_match(metric, part, before)} then 1 end')} = 1"
    else:  # the youngest row that is old enough serves windows of every length
        inside = f"{part.person('min', _youngest(metric, part, age[0]))} <= {age[1]}"
    who = f"person is not null and {inside}"
    return f"coalesce({part.subject(f'sum(case when {who} then 1 end)')}, 0)"


def _active_days(metric: ActiveDays, part: _Part, fold: Fold, before: int) -> str:
    match, where = _match(metric, part, before), frame(metric, before)
    words = []
    for low in range(0, where.days, _WORD):
        high = min(low + _WORD, where.days) - 1
        inside = (
            match if where.days <= _WORD else f"{match} and {where.place} between {low} and {high}"
        )
        bit = f"cast(1 as bigint) << ({where.place} - {low})"
        word = fold("bit_or", part.person("bit_or", f"case when {inside} then {bit} end"))
        words.append(f"coalesce(cast(bit_count({word}) as integer), 0)")
    return f"({' + '.join(words)})"


def _youngest(metric: Simple, part: _Part, low: int = 0) -> str:
    inside = _all(_asked(metric, part), f"age >= {low}" if low else None)
    return f"case when {inside} then age end" if inside else "age"


def _match(metric: Simple, part: _Part, before: int) -> str:
    return _all(frame(metric, before).inside, _asked(metric, part))


def _asked(metric: Simple, part: _Part) -> str:
    return _all(
        _happened(events_of(metric.event)),
        on(metric.on, part.plan.holidays),
        None if metric.where is None else sql_where.holds(metric.where),
    )


def _happened(names: Sequence[str]) -> str | None:
    if not names:
        return None
    listed = ", ".join(map(literal, names))
    return f"event = {listed}" if len(names) == 1 else f"event in ({listed})"


def _all(*conditions: str | None) -> str:
    return " and ".join(c for c in conditions if c)
