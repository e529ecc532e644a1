"""Measurements: the values of many metrics for many accounts, from the lake in one statement."""

import json
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from banso.core.metrics import Definition, Occurrence, OfPerson, PerPerson, Stream
from banso.core.windows import holidays_of
from banso.engine.connect import connect, create, insert, literal, parquet
from banso.engine.lake import EVENT, canonical
from banso.engine.own import rows_of
from banso.engine.sql import Plan, Rows, people_statement, reach, statement

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

type Values = dict[str, float | None]


@dataclass(frozen=True)
class AccountRow[K: Hashable]:
    """What the caller calls `key` is called `account` by `source`. A key may have several such
    names, one row each, or none (both None: only contacts and contracts speak of it). `seats`
    are those of the contracts running on the day measured, the same in each row of a key."""

    key: K
    source: int | None = None
    account: str | None = None
    seats: int | None = None


@dataclass(frozen=True)
class Pair[K: Hashable]:
    """One account as of one day, with the seats of the contracts that run on that day."""

    key: K
    day: date
    seats: int | None = None


type Keyed[K: Hashable] = Iterable[tuple[K, Occurrence]]
type Merged = Sequence[tuple[int, str, str]]
"""(source, person, one): people whom several ids mean, each id with the name of the one."""

IN_LAKE: frozenset[Stream] = frozenset({"events", "acts"})
_EVENT = "e.source, e.person, e.ts, e.event, e.count, e.properties"
_FETCHED = 5_000
_FEW = 50  # names for which reading only their rows beats grouping all rows first
_SUBJECT = {"subject": "integer", "key": "integer", "day": "date", "seats": "integer"}
_OCCURRENCE = {
    "key": "integer",
    "source": "integer",
    "ts": "timestamp",
    "person": "varchar",
    "event": "varchar",
    "count": "integer",
    "properties": "varchar",
}


@dataclass(frozen=True)
class Streams[K: Hashable]:
    """What is measured. `files` are the lake's parts; the other streams are told row by row;
    `zone` gives those their local day, as it gave events theirs. `people` are counted once.
    `own` is the source whose rows in the lake are our own acts."""

    zone: str
    files: Sequence[Path] = ()
    contacts: Keyed[K] = ()
    contracts: Keyed[K] = ()
    actions: Keyed[K] = ()
    people: Merged = ()
    own: int | None = None

    @property
    def told(self) -> dict[Stream, Keyed[K]]:
        return {"contacts": self.contacts, "contracts": self.contracts, "actions": self.actions}


def snapshot[K: Hashable](
    definitions: Mapping[str, Definition],
    files: Sequence[Path],
    accounts: Sequence[AccountRow[K]],
    *,
    as_of: date,
    zone: str,
    contacts: Keyed[K] = (),
    contracts: Keyed[K] = (),
    actions: Keyed[K] = (),
    people: Merged = (),
    own: int | None = None,
) -> dict[K, Values]:
    """The value of each definition for each key of `accounts` on local day `as_of`.

    `files` are the lake's parts (later days in them are ignored). None means that there is no
    number. Raises ValueError for a definition that is not computed.
    """
    pairs = [Pair(row.key, as_of, row.seats) for row in {a.key: a for a in accounts}.values()]
    streams = Streams(zone, files, contacts, contracts, actions, people, own)
    return {pair.key: values for pair, values in measured(definitions, accounts, pairs, streams)}


def measure_at[K: Hashable](
    definitions: Mapping[str, Definition],
    files: Sequence[Path],
    accounts: Sequence[AccountRow[K]],
    pairs: Sequence[Pair[K]],
    *,
    zone: str,
    contacts: Keyed[K] = (),
    contracts: Keyed[K] = (),
    actions: Keyed[K] = (),
    people: Merged = (),
    own: int | None = None,
) -> dict[tuple[K, date], Values]:
    """As `snapshot`, for any pairs of a key and a day, in one statement.

    Of `accounts` only the names are used; seats come from the pair.
    """
    streams = Streams(zone, files, contacts, contracts, actions, people, own)
    found = measured(definitions, accounts, pairs, streams)
    return {(pair.key, pair.day): values for pair, values in found}


def measured[K: Hashable](
    definitions: Mapping[str, Definition],
    accounts: Sequence[AccountRow[K]],
    pairs: Sequence[Pair[K]],
    streams: Streams[K],
) -> Iterator[tuple[Pair[K], Values]]:
    """As `measure_at`, one pair after the other, so that not all values need to be held at once.
    The work is done when the first is asked for."""
    back = reach(definitions.values())
    if not pairs or not definitions:
        yield from ((pair, {}) for pair in pairs)
        return
    names = list(definitions)
    with connect(*streams.files) as connection:
        plan = _plan(connection, back, accounts, pairs, streams)
        found = connection.execute(f"{statement(definitions, plan)}\norder by s.subject")
        while rows := found.fetchmany(_FETCHED):
            for row in rows:
                yield pairs[row[0]], dict(zip(names, row[1:], strict=True))


def per_person[K: Hashable](
    of: OfPerson,
    accounts: Sequence[AccountRow[K]],
    pairs: Sequence[Pair[K]],
    streams: Streams[K],
    *,
    seen: int,
) -> dict[tuple[K, date], dict[str, float | None]]:
    """The number of each person seen in the `seen` days up to the day of each pair.

    People go by "source:person", those of `streams.people` by the name of the one.
    """
    found: dict[tuple[K, date], dict[str, float | None]] = {(p.key, p.day): {} for p in pairs}
    if not pairs:
        return found
    back = reach([PerPerson(of, "mean", seen=seen)])
    with connect(*streams.files) as connection:
        people = streams.people or [(-1, "", "")]  # so that all are named alike
        plan = _plan(connection, back, accounts, pairs, replace(streams, people=people))
        rows = connection.execute(people_statement(of, seen, plan)).fetchall()
    for subject, person, value in rows:
        found[pairs[subject].key, pairs[subject].day][person] = value
    return found


def occurrences(
    files: Sequence[Path],
    names: Iterable[tuple[int, str]],
    *,
    since: date,
    until: date,
    people: Merged = (),
) -> list[Occurrence]:
    """What the lake holds of one account between two local days, both included, in order of time.

    `names` are the (source, account) pairs it goes by. People are ids of their source; where the
    names are of several sources, "source:person", so that nobody is taken for another; of
    `people`, the name of the one.
    """
    known = sorted(set(names))
    if not files or not known:
        return []
    scoped = len({source for source, _ in known}) > 1
    ones = {(source, person): one for source, person, one in people}
    mine = " or ".join(f"(source = {s} and account = {literal(a)})" for s, a in known)
    with connect(*files) as connection:
        found = connection.execute(
            f"select source, ts, person, event, count, properties from {parquet(files)}"
            f" where ({mine}) and day between date '{since}' and date '{until}'"
            " order by ts, source, import_id, line"
        ).fetchall()
    return [
        Occurrence(
            at=ts.replace(tzinfo=UTC),
            event=event,
            person=ones.get((source, person)) or _scoped(source, person, scoped),
            count=count,
            properties=json.loads(properties),
        )
        for source, ts, person, event, count, properties in found
    ]


def event_rows(lake: str, back: int, days: Collection[date], names: int) -> Rows:
    """The rows of the relation `lake` that subjects of these days, going by so many `names`, may
    count, as `sql.statement` wants them. `back` is how many days they look back."""
    low, high = min(days) - timedelta(back - 1), max(days)
    inside = f"e.day between date '{low}' and date '{high}'"
    if len(days) == 1 and names > _FEW:
        age = f"date_diff('day', e.day, date '{high}') as age, e.day, date '{high}' as as_of"
        return Rows(f"select account, {age}, {_EVENT} from {lake} e where {inside}", named=True)
    age = "date_diff('day', e.day, n.day)"
    join = f"{lake} e join named n on n.source = e.source and n.account = e.account"
    return Rows(
        f"select n.subject, {age} as age, e.day, n.day as as_of, {_EVENT} from {join}"
        f" where {inside} and {age} between 0 and {back - 1}"
    )


def load_subjects[K: Hashable](
    connection: "DuckDBPyConnection", accounts: Iterable[AccountRow[K]], pairs: Sequence[Pair[K]]
) -> None:
    """Create `subject(subject, key, day, seats)`, one row per pair in order from 0, and `named`,
    the subjects of each name an account goes by. Keys become small integers."""
    create(connection, "subject", _SUBJECT)
    keys: dict[K, int] = {}
    rows = [(i, keys.setdefault(p.key, len(keys)), p.day, p.seats) for i, p in enumerate(pairs)]
    insert(connection, "subject", rows)
    create(connection, "account", {"source": "integer", "account": "varchar", "key": "integer"})
    names = {(a.source, a.account, keys[a.key]) for a in accounts if a.key in keys}
    insert(connection, "account", (name for name in names if name[1] is not None))
    connection.execute(
        "create table named as select a.source, a.account, s.subject, s.day"
        " from account a join subject s on s.key = a.key"
    )


def _plan[K: Hashable](
    connection: "DuckDBPyConnection",
    back: Mapping[Stream, int],
    accounts: Sequence[AccountRow[K]],
    pairs: Sequence[Pair[K]],
    streams: Streams[K],
) -> Plan:
    """Load what is measured and say where it lies."""
    load_subjects(connection, accounts, pairs)
    days = {pair.day for pair in pairs}
    rows: dict[Stream, Rows] = {}
    lake = parquet(streams.files) if streams.files else _nothing()
    for stream in IN_LAKE & back.keys():
        mine = rows_of(stream, lake, streams.own)
        rows[stream] = event_rows(mine, back[stream], days, len(accounts))
    for name in streams.told.keys() & back.keys():
        keyed, far = streams.told[name], back[name]
        rows[name] = _stream(connection, name, keyed, pairs, back=far, zone=streams.zone)
    if streams.people:
        create(connection, "alias", {"source": "integer", "person": "varchar", "one": "varchar"})
        insert(connection, "alias", sorted(set(streams.people)))
    years = range((min(days) - timedelta(max(back.values()))).year, max(days).year + 1)
    holidays = sorted(day for year in years for day in holidays_of(year))
    return Plan(rows, holidays, merged=bool(streams.people))


def _stream[K: Hashable](
    connection: "DuckDBPyConnection",
    name: Stream,
    occurrences: Keyed[K],
    pairs: Sequence[Pair[K]],
    *,
    back: int,
    zone: str,
) -> Rows:
    keys = {key: i for i, key in enumerate(dict.fromkeys(pair.key for pair in pairs))}
    create(connection, name, _OCCURRENCE)
    insert(connection, name, (_cells(keys[k], o) for k, o in occurrences if k in keys))
    day = f"cast(timezone({literal(zone)}, timezone('UTC', e.ts)) as date)"
    age = f"date_diff('day', {day}, s.day)"
    return Rows(
        f"select s.subject, {age} as age, {day} as day, s.day as as_of, {_EVENT}"
        f" from {name} e join subject s on s.key = e.key where {age} between 0 and {back - 1}"
    )


def _scoped(source: int, person: str | None, scoped: bool) -> str | None:
    return f"{source}:{person}" if scoped and person else person


def _cells(key: int, occurrence: Occurrence) -> tuple[object, ...]:
    at = occurrence.at.astimezone(UTC).replace(tzinfo=None)
    properties = canonical(occurrence.properties)
    return (key, 0, at, occurrence.person, occurrence.event, occurrence.count, properties)


def _nothing() -> str:
    columns = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in EVENT.items())
    return f"(select {columns} where false)"
