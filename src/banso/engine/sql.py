"""Metric definitions as one SQL text in two levels: group by person, then by subject.

A subject is one account as of one day. Every row that may count comes with its `age`, the
whole days from its local day to the subject's day, so windows are comparisons of small
integers and the same text serves one day and many. The text keeps to what DuckDB and Spark
share, except for the functions that read a JSON property.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from banso.core.atoms import Atom, Grain, Kind, atom, grain
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
    parts,
)
from banso.engine.sql_atoms import Cell, all_of, of_event, of_rollup
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

    Where the rows are those of rollups, atoms are columns in the place of (ts, event, count,
    properties): `people` holds the person-days, and `sql` the account-days, which have no person.
    """

    sql: str
    named: bool = False
    people: str | None = None


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
    found: _Parts = {}
    values = [_value(_computed(each), found, plan) for each in definitions.values()]
    outputs = "".join(f",\n  cast({value} as double) as v{i}" for i, value in enumerate(values))
    joins = "".join(
        f"\nleft join ({part.by_subject()}) {part.name} on {part.name}.subject = s.subject"
        for part in found.values()
    )
    return f"select s.subject{outputs}\nfrom subject s{joins}"


def people_statement(of: OfPerson, seen: int, plan: Plan) -> str:
    """One SELECT giving (subject, person, the double) for everybody seen in the last days."""
    part = _Part(of.stream, "person", plan)
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
    """What one relation of a stream contributes: named aggregates by person, and over them by
    subject. Account-days have no person: there the first are by account."""

    stream: Stream
    grain: Grain
    plan: Plan
    people: dict[tuple[str, str], str] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.stream}_{self.grain}"

    @property
    def rows(self) -> Rows:
        return self.plan.rows[self.stream]

    def cell(self, metric: Simple, kind: Kind) -> Cell:
        """What a metric asks of a row, on the days that count."""
        asked: Atom = atom(metric, kind, self.grain)
        cell = of_event(asked) if self.rows.people is None else of_rollup(asked)
        return Cell(all_of(on(metric.on, self.plan.holidays), cell.when), cell.value)

    def person(self, function: str, expression: str) -> str:
        """The name of an aggregate by person whose function also merges its own results."""
        return self.people.setdefault((function, expression), f"p{len(self.people)}")

    def subject(self, expression: str) -> str:
        name = self.subjects.setdefault(expression, f"a{len(self.subjects)}")
        return f"{self.name}.{name}"

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
        rows, persons = self.rows, self.grain == "person"
        found = "".join(f",\n      {f}({text}) as {p}" for (f, text), p in self.people.items())
        by = f"{'account' if rows.named else 'subject'}, source{', person' if persons else ''}"
        relation = rows.people if persons and rows.people else rows.sql
        grouped = f"select {by}{found}\n    from ({relation}) e group by {by}"
        merged = persons and self.plan.merged
        return self._merged(grouped, merged) if rows.named or merged else grouped

    def _merged(self, grouped: str, merged: bool) -> str:
        whose, joins = ("n.subject", _NAMED) if self.rows.named else ("g.subject", "")
        who = ", g.source, g.person" if self.grain == "person" else ""
        by = f"{whose}{who}"
        if merged:
            who, by, joins = f", {ONE} as person", f"{whose}, {ONE}", joins + ALIAS
        found = "".join(f", {f}({p}) as {p}" for (f, _), p in self.people.items())
        return f"select {whose}{who}{found}\n  from ({grouped}) g{joins} group by {by}"


type _Parts = dict[tuple[Stream, Grain], _Part]

_NAMED = "\n  join named n on n.source = g.source and n.account = g.account"
ALIAS = "\n  left join alias a on a.source = g.source and a.person = g.person"
ONE = "coalesce(a.one, g.source || ':' || g.person)"


def _computed(definition: Definition) -> Formula:
    if isinstance(definition, Entered):
        raise ValueError("an entered metric is not computed from events")
    return definition


def _part(formula: Formula, of: Simple, found: _Parts, plan: Plan) -> _Part:
    """Events are read once for all; of rollups, people's only where people are told apart."""
    rolled = plan.rows[of.stream].people is not None
    by: Grain = grain(formula, of) if rolled else "person"
    return found.setdefault((of.stream, by), _Part(of.stream, by, plan))


def combined(formula: Formula, simple: Callable[[Simple, int], str]) -> str:
    """What a definition makes of its counted numbers, which `simple` gives for a window, or for
    the one before it (1); `s` is the row of the subject."""
    match formula:
        case Ratio(numerator, Seats()):
            return _divided(simple(numerator, 0), "s.seats")
        case Ratio():
            return _divided(*(simple(each, 0) for each in parts(formula)))
        case Trend(of, change):
            now, then = (simple(of, before) for before in (0, 1))
            return _divided(now, then) if change == "ratio" else f"({now}) - ({then})"
        case PerPerson():
            raise ValueError("a number per person is not made of the numbers of an account")
        case _:
            return simple(formula, 0)


def _value(formula: Formula, found: _Parts, plan: Plan) -> str:
    def simple(metric: Simple, before: int) -> str:
        part = _part(formula, metric, found, plan)
        return _simple(metric, part, part.together, before)

    if isinstance(formula, PerPerson):
        part = _part(formula, formula.of, found, plan)
        return part.subject(_summary(formula, part))
    return combined(formula, simple)


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
        case Count() | SumOf():
            kind: Kind = "count" if isinstance(metric, Count) else "sum"
            return f"coalesce({_total(metric, kind, part, fold, before)}, 0)"
        case MeanOf():
            total = _total(metric, "sum", part, fold, before)
            weight = _total(metric, "weight", part, fold, before)
            return f"{total} / nullif(cast({weight} as double), 0)"
        case LastOf():
            row = _inside(metric, part.cell(metric, "last"), before)
            return f"struct_extract({fold('max', part.person('max', row))}, 'v')"
        case DistinctPeople():
            return _distinct_people(metric, part, before)
        case DaysSince():
            latest = fold("min", part.person("min", _youngest(metric, part)))
            return f"case when {latest} < {metric.days} then {latest} else {metric.days} end"
        case ActiveDays():
            return _active_days(metric, part, fold, before)


def _total(metric: Simple, kind: Kind, part: _Part, fold: Fold, before: int) -> str:
    return fold("sum", part.person("sum", _inside(metric, part.cell(metric, kind), before)))


def _inside(metric: Simple, cell: Cell, before: int) -> str:
    return Cell(all_of(frame(metric, before).inside, cell.when), cell.value).sql


def _distinct_people(metric: DistinctPeople, part: _Part, before: int) -> str:
    age, cell = frame(metric, before).age, part.cell(metric, "happened")
    if age is None:
        row = _inside(metric, Cell(cell.when, "1"), before)
        inside = f"{part.person('max', row)} = 1"
    else:  # the youngest row that is old enough serves windows of every length
        inside = f"{part.person('min', _youngest(metric, part, age[0]))} <= {age[1]}"
    who = f"person is not null and {inside}"
    return f"coalesce({part.subject(f'sum(case when {who} then 1 end)')}, 0)"


def _active_days(metric: ActiveDays, part: _Part, fold: Fold, before: int) -> str:
    when, where = part.cell(metric, "happened").when, frame(metric, before)
    words = []
    for low in range(0, where.days, _WORD):
        high = min(low + _WORD, where.days) - 1
        place = f"{where.place} between {low} and {high}" if where.days > _WORD else None
        bit = f"cast(1 as bigint) << ({where.place} - {low})"
        row = Cell(all_of(where.inside, when, place), bit).sql
        word = fold("bit_or", part.person("bit_or", row))
        words.append(f"coalesce(cast(bit_count({word}) as integer), 0)")
    return f"({' + '.join(words)})"


def _youngest(metric: Simple, part: _Part, low: int = 0) -> str:
    when = part.cell(metric, "happened").when
    return Cell(all_of(when, f"age >= {low}" if low else None), "age").sql
