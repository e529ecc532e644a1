"""Many days in one statement: every row is read once, whatever the number of days measured.

A day of an account is added to the stretch it lies in: the days are cut wherever a window of any
day measured begins or ends, so that every window is a run of whole stretches. A person's days
become a set of bits, one for each day measured on which the person counts: an active day sets
those of the days whose window it lies in, which is a run of them.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import batched
from typing import TYPE_CHECKING

from banso.core.atoms import Atom, Grain, Kind, atom, atoms
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Entered,
    LastOf,
    MeanOf,
    PerPerson,
    Simple,
    SumOf,
    stream_of,
)
from banso.core.windows import Window, counted, span
from banso.engine.connect import connect, create, insert
from banso.engine.measure import Values, measured
from banso.engine.relations import AccountRow, Pair, Streams, load_people, load_subjects
from banso.engine.rollup import relation
from banso.engine.sql import ALIAS, ONE, combined
from banso.engine.sql_atoms import Cell, all_of, of_rollup
from banso.engine.staged import spill
from banso.engine.store import Local, is_local

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "800MB"
_WORD = 62
_FETCHED = 5_000
_AT_ONCE = 50_000


def is_fast(definition: Definition) -> bool:
    """Whether its many days can be read off together: any number of product events but those
    that are told of people one by one."""
    if isinstance(definition, Entered | PerPerson):
        return False
    return stream_of(definition) == "events"


@dataclass(frozen=True)
class _Span:
    """A window as of any day: the one `before` windows ago, moved back by `offset` days."""

    window: Window
    offset: int
    before: int

    def days(self, as_of: date) -> tuple[date, date]:
        return span(self.window, as_of - timedelta(self.offset), self.before)


@dataclass
class _Many:
    """What definitions want of account-days and person-days; named as it is first needed."""

    sums: dict[tuple[str, str], str] = field(default_factory=dict)
    runs: dict[tuple[str, str, _Span], str] = field(default_factory=dict)
    bits: dict[tuple[str | None, _Span], str] = field(default_factory=dict)

    def simple(self, metric: Simple, before: int) -> str:
        """The value of a counted number on the day of a subject."""
        where = _Span(metric.window, metric.offset, before)
        match metric:
            case DistinctPeople():
                when = _cell(metric, "happened").when
                return f"coalesce(p.{self.bits.setdefault((when, where), f'w{len(self.bits)}')}, 0)"
            case Count() | SumOf():
                kind: Kind = "count" if isinstance(metric, Count) else "sum"
                return f"coalesce({self._run('sum', _cell(metric, kind).sql, where)}, 0)"
            case MeanOf():
                total = self._run("sum", _cell(metric, "sum").sql, where)
                weight = self._run("sum", _cell(metric, "weight").sql, where)
                return f"{total} / nullif(cast({weight} as double), 0)"
            case LastOf():
                return f"struct_extract({self._run('max', _cell(metric, 'last').sql, where)}, 'v')"
            case DaysSince():
                place = Cell(_cell(metric, "happened").when, "c.place").sql
                return f"coalesce(a.place - {self._run('max', place, where)}, {metric.days})"
            case ActiveDays():
                bit = Cell(_cell(metric, "happened").when, "c.bit").sql
                return f"coalesce({self._run('bit_or', bit, where)}, 0)"

    def _run(self, function: str, row: str, where: _Span) -> str:
        """The rows of a window: of each stretch first, then of a run of stretches."""
        one = self.sums.setdefault((function, row), f"b{len(self.sums)}")
        over = ("sum", f"bit_count({one})") if function == "bit_or" else (function, one)
        return f"a.{self.runs.setdefault((*over, where), f'r{len(self.runs)}')}"

    @property
    def spans(self) -> list[_Span]:
        """All windows, each once."""
        return list(dict.fromkeys([*(run[2] for run in self.runs), *(bit[1] for bit in self.bits)]))


@dataclass(frozen=True)
class _Calendar:
    """The days that may count, cut into stretches wherever a window begins or ends."""

    days: Sequence[date]
    spans: Sequence[_Span]

    @property
    def words(self) -> int:
        return (len(self.days) + _WORD - 1) // _WORD

    def load(self, connection: "DuckDBPyConnection") -> None:
        """Create `asked`, the days measured, and `calendar`, every day with its stretch, its bit
        in it, and for each window the bits of the days measured whose window holds it."""
        lows = [each.days(day)[0] for day in self.days for each in self.spans]
        first = min([*lows, *self.days])
        frames = [name for i in range(len(self.spans)) for name in (f"x{i}", f"y{i}")]
        create(connection, "asked", {**_ASKED, **dict.fromkeys(frames, "integer")})
        insert(connection, "asked", (self._asked(i, first) for i in range(len(self.days))))
        masks = [f"m{i}_{k}" for i in range(len(self.spans)) for k in range(self.words)]
        create(connection, "calendar", {**_CALENDAR, **dict.fromkeys(masks, "bigint")})
        insert(connection, "calendar", self._stretches(first))

    def _asked(self, number: int, first: date) -> tuple[object, ...]:
        day = self.days[number]
        ends = [(day - at).days for each in self.spans for at in each.days(day)]
        return (day, (day - first).days, *divmod(number, _WORD), *ends)

    def _stretches(self, first: date) -> Iterator[tuple[object, ...]]:
        held = [[each.days(day) for day in self.days] for each in self.spans]
        cuts = {first - timedelta(1), *self.days, *_every(first, self.days[-1])}
        cuts |= {cut for spans in held for low, high in spans for cut in (low - timedelta(1), high)}
        ends = sorted((cut - first).days for cut in cuts)
        for place in range((self.days[-1] - first).days + 1):
            day, after = first + timedelta(place), bisect_left(ends, place)
            kinds = (counted(day, "weekdays"), counted(day, "business_days"))
            bit = 1 << (place - ends[after - 1] - 1)
            masks = (mask for spans in held for mask in _masks(day, spans))
            yield (day, place, ends[after], bit, *kinds, *masks)


_ASKED = {"day": "date", "place": "integer", "word": "integer", "shift": "integer"}
_CALENDAR = {
    "day": "date",
    "place": "integer",
    "stretch": "integer",
    "bit": "bigint",
    "weekdays": "boolean",
    "business_days": "boolean",
}


def measured_over[K: Hashable](
    definitions: Mapping[str, Definition],
    accounts: Sequence[AccountRow[K]],
    pairs: Sequence[Pair[K]],
    streams: Streams[K],
) -> Iterator[tuple[Pair[K], Values]]:
    """As `measure.measured`: where most are asked for on most of several days, together what can
    be, the rest apart. Another engine is asked for each day: that text is DuckDB's alone."""
    together = is_local() and _is_dense(pairs)
    fast = {name: each for name, each in definitions.items() if together and is_fast(each)}
    rest = {name: each for name, each in definitions.items() if name not in fast}
    if not fast:
        for few in _cut(pairs):
            yield from measured(rest, accounts, few, streams)
        return
    many = history(fast, accounts, pairs, streams)
    for (pair, some), (_, others) in zip(
        many, measured(rest, accounts, pairs, streams), strict=True
    ):
        known = some | others
        yield pair, {name: known[name] for name in definitions}


def _is_dense[K: Hashable](pairs: Sequence[Pair[K]]) -> bool:
    """Whether it pays to tell every key of every day: half of all such pairs are asked for."""
    days, keys = {pair.day for pair in pairs}, {pair.key for pair in pairs}
    return len(days) > 1 and 2 * len(pairs) >= len(days) * len(keys)


def _cut[K: Hashable](pairs: Sequence[Pair[K]]) -> Iterator[Sequence[Pair[K]]]:
    """Of one day all at once; of several, where every row is met with each of its days, so many as
    memory holds."""
    if is_local() and len({pair.day for pair in pairs}) > 1:
        yield from batched(pairs, _AT_ONCE)
    else:
        yield pairs


def history[K: Hashable](
    definitions: Mapping[str, Definition],
    accounts: Sequence[AccountRow[K]],
    pairs: Sequence[Pair[K]],
    streams: Streams[K],
) -> Iterator[tuple[Pair[K], Values]]:
    """As `measure.measured`, for definitions that are all fast, and many days."""
    names, days = list(definitions), sorted({pair.day for pair in pairs})
    aside = spill(streams.files[0]) if streams.files else None
    with connect(*streams.paths, memory=MEMORY, spill=aside) as connection:
        load_subjects(Local(connection), accounts, pairs)
        load_people(Local(connection), streams)
        query = many_days(connection, definitions, days, streams)
        found = connection.execute(f"{query}\norder by s.subject")
        while rows := found.fetchmany(_FETCHED):
            for row in rows:
                yield pairs[row[0]], dict(zip(names, row[1:], strict=True))


def many_days[K: Hashable](
    connection: "DuckDBPyConnection",
    definitions: Mapping[str, Definition],
    days: Sequence[date],
    streams: Streams[K],
) -> str:
    """The statement that gives (subject, the values) of each row of `subject(subject, key, day,
    seats)`, whose days are `days`, ascending; what it needs besides that, `account` and `alias`
    is loaded."""
    many = _Many()
    values = [
        combined(each, many.simple)
        for each in definitions.values()
        if not isinstance(each, Entered)
    ]
    calendar = _Calendar(days, many.spans)
    calendar.load(connection)
    return _statement(many, values, atoms(definitions.values()), streams, calendar)


def _statement[K: Hashable](
    many: _Many,
    values: Sequence[str],
    asked: Sequence[Atom],
    streams: Streams[K],
    calendar: _Calendar,
) -> str:
    outputs = "".join(f",\n  cast({value} as double) as v{i}" for i, value in enumerate(values))
    joins = ""
    if many.runs:
        rows = relation("account", asked, streams.files, streams.rolled)
        joins += f"\nleft join ({_runs(many, rows, calendar)}) a on a.key = s.key and a.day = s.day"
    if many.bits:
        rows = relation("person", asked, streams.files, streams.rolled)
        seen = _seen(many, rows, calendar, merged=bool(streams.people))
        joins += f"\nleft join ({seen}) p on p.key = s.key and p.day = s.day"
    return f"select s.subject{outputs}\nfrom subject s{joins}"


def _runs(many: _Many, rows: str, calendar: _Calendar) -> str:
    """(key, day, place, the runs) of each account and day measured."""
    sums = "".join(f", {function}({row}) as {b}" for (function, row), b in many.sums.items())
    none = "".join(f", null as {b}" for b in many.sums.values())
    stretches = (
        f"select n.key, c.stretch as place, cast(null as date) as day{sums} from {rows} e"
        " join calendar c on c.day = e.day"
        " join account n on n.source = e.source and n.account = e.account"
        " group by n.key, c.stretch"
    )
    frames = "".join(
        f", 0 as x{i}, 0 as y{i}" for i, each in enumerate(calendar.spans) if not _rolls(each)
    )
    told = "".join(f", q.x{i}, q.y{i}" for i, each in enumerate(calendar.spans) if not _rolls(each))
    subjects = (
        f"select k.key, q.place, q.day{none}{told}"
        " from (select distinct key from subject) k cross join asked q"
    )
    runs = "".join(
        f",\n  {function}({row}) over (partition by key order by place"
        f" {_frame(where, calendar.spans.index(where))}) as {r}"
        for (function, row, where), r in many.runs.items()
    )
    every = f"select *{frames} from ({stretches}) union all {subjects}"
    return f"select key, day, place{runs}\nfrom ({every}) qualify day is not null"


def _rolls(where: _Span) -> bool:
    return isinstance(where.window, int)


def _frame(where: _Span, number: int) -> str:
    if isinstance(where.window, int):
        last = where.offset + where.before * where.window
        return f"range between {last + where.window - 1} preceding and {last} preceding"
    return f"range between x{number} preceding and y{number} preceding"


def _seen(many: _Many, rows: str, calendar: _Calendar, *, merged: bool) -> str:
    """(key, day, how many people) of each account and day measured on which there is anybody."""
    words = range(calendar.words)
    bits = {
        f"{w}_{k}": Cell(when, f"c.m{calendar.spans.index(where)}_{k}").sql
        for (when, where), w in many.bits.items()
        for k in words
    }
    by = "e.source, e.account, e.person"
    set_bits = "".join(f", bit_or({row}) as {name}" for name, row in bits.items())
    grouped = f"select {by}{set_bits} from {rows} e join calendar c on c.day = e.day group by {by}"
    who = ONE if merged else "g.source, g.person"
    alias = ALIAS if merged else ""
    either = "".join(f", bit_or({name}) as {name}" for name in bits)
    people = (
        f"select n.key{either} from ({grouped}) g join account n on n.source = g.source"
        f" and n.account = g.account{alias} group by n.key, {who}"
    )
    counts = "".join(
        f", sum(case q.word {''.join(f' when {k} then {w}_{k}' for k in words)} end >> q.shift & 1)"
        f" as {w}"
        for w in many.bits.values()
    )
    return f"select key, q.day{counts} from ({people}) cross join asked q group by key, q.day"


def _cell(metric: Simple, kind: Kind) -> Cell:
    """What a metric asks of a row, on the days that count."""
    by: Grain = "person" if isinstance(metric, DistinctPeople) else "account"
    cell = of_rollup(atom(metric, kind, by))
    return Cell(
        all_of(None if metric.on == "every_day" else f"c.{metric.on}", cell.when), cell.value
    )


def _every(first: date, last: date) -> Iterator[date]:
    """Cuts so that no stretch has more days than a word has bits."""
    for place in range(0, (last - first).days, _WORD):
        yield first + timedelta(place)


def _masks(day: date, spans: Sequence[tuple[date, date]]) -> Iterator[int]:
    for some in batched(spans, _WORD):
        yield sum(1 << bit for bit, (low, high) in enumerate(some) if low <= day <= high)
