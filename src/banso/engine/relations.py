"""What the statements of `sql` read: events or their rollups, the other streams row by row, and
whose each row is."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from banso.core.atoms import Grain, atoms
from banso.core.metrics import Definition, Occurrence, Stream
from banso.core.windows import holidays_of
from banso.engine.connect import parquet
from banso.engine.lake import EVENT, canonical
from banso.engine.own import rows_of
from banso.engine.rollup import Rolled, covered, relation
from banso.engine.sql import Plan, Rows, reach
from banso.engine.store import Store, opened


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
_FEW = 50  # names for which reading only their rows beats grouping all rows first
_GRAINS: dict[Grain, list[str]] = {"account": [], "person": ["e.person"]}
ACCOUNT = {"source": "integer", "account": "varchar", "key": "integer"}
_NOTHING = "nothing"  # the relation of a lake without parts
_ALIAS = {"source": "integer", "person": "varchar", "one": "varchar"}
_SUBJECT = {"subject": "integer", "key": "integer", "day": "date", "seats": "integer"}
_OCCURRENCE = {
    "key": "integer",
    "source": "integer",
    "ts": "timestamp",
    "day": "date",
    "person": "varchar",
    "event": "varchar",
    "count": "integer",
    "properties": "varchar",
}


@dataclass(frozen=True)
class Streams[K: Hashable]:
    """What is measured. `files` are the lake's parts, `rolled` the rollups of some of them; the
    other streams are told row by row; `zone` gives those their local day, as it gave events
    theirs. `people` are counted once. `own` is the source whose rows in the lake are our own
    acts."""

    zone: str
    files: Sequence[Path] = ()
    contacts: Keyed[K] = ()
    contracts: Keyed[K] = ()
    actions: Keyed[K] = ()
    people: Merged = ()
    rolled: Mapping[Path, Rolled] = field(default_factory=dict)
    own: int | None = None

    @property
    def told(self) -> dict[Stream, Keyed[K]]:
        return {"contacts": self.contacts, "contracts": self.contracts, "actions": self.actions}

    @property
    def paths(self) -> list[Path]:
        """All files that may be read."""
        return [*self.files, *(path for each in self.rolled.values() for path in each.paths)]


@contextmanager
def loaded[K: Hashable](
    definitions: Collection[Definition],
    accounts: Iterable[AccountRow[K]],
    pairs: Sequence[Pair[K]],
    streams: Streams[K],
) -> Iterator[tuple[Store, Plan]]:
    """A store that holds what is measured, and where it lies."""
    with opened(streams.paths) as store:
        names = load_subjects(store, accounts, pairs)
        back, days = reach(definitions), {pair.day for pair in pairs}
        rows: dict[Stream, Rows] = {}
        if not streams.files:
            store.table(_NOTHING, EVENT, ())
        if "events" in back:
            rows["events"] = _events(definitions, streams, back["events"], days, names)
        if "acts" in back:
            acts = rows_of("acts", _lake(streams), streams.own)
            own = event_rows(acts, _EVENT, back["acts"], days, names)
            rows["acts"] = Rows(own, is_named(days, names))
        for name in streams.told.keys() & back.keys():
            keyed, far = streams.told[name], back[name]
            rows[name] = _stream(store, name, keyed, pairs, back=far, zone=streams.zone)
        load_people(store, streams)
        years = range((min(days) - timedelta(max(back.values()))).year, max(days).year + 1)
        holidays = sorted(day for year in years for day in holidays_of(year))
        yield store, Plan(rows, holidays, merged=bool(streams.people))


def event_rows(lake: str, columns: str, back: int, days: Collection[date], names: int) -> str:
    """The rows of the relation `lake` that subjects of these days, going by so many `names`, may
    count, with these of its columns. `back` is how many days they look back."""
    low, high = min(days) - timedelta(back - 1), max(days)
    inside = f"e.day between date '{low}' and date '{high}'"
    if is_named(days, names):
        age = f"date_diff('day', e.day, date '{high}') as age, e.day, date '{high}' as as_of"
        return f"select account, {age}, {columns} from {lake} e where {inside}"
    age = "date_diff('day', e.day, n.day)"
    join = f"{lake} e join named n on n.source = e.source and n.account = e.account"
    return (
        f"select n.subject, {age} as age, e.day, n.day as as_of, {columns} from {join}"
        f" where {inside} and {age} between 0 and {back - 1}"
    )


def is_named(days: Collection[date], names: int) -> bool:
    """Whether rows are grouped before it is said whose they are."""
    return len(days) == 1 and names > _FEW


def load_subjects[K: Hashable](
    store: Store, accounts: Iterable[AccountRow[K]], pairs: Sequence[Pair[K]]
) -> int:
    """Create `subject(subject, key, day, seats)`, one row per pair in order from 0, and `named`,
    the subjects of each name an account goes by; how many names there are. Keys become small
    integers."""
    keys: dict[K, int] = {}
    rows = [(i, keys.setdefault(p.key, len(keys)), p.day, p.seats) for i, p in enumerate(pairs)]
    store.table("subject", _SUBJECT, rows)
    named = {
        (a.source, a.account, keys[a.key])
        for a in accounts
        if a.account is not None and a.key in keys
    }
    store.table("account", ACCOUNT, named)
    store.derived(
        "named",
        "select a.source, a.account, s.subject, s.day"
        " from account a join subject s on s.key = a.key",
    )
    return len(named)


def load_people[K: Hashable](store: Store, streams: Streams[K]) -> None:
    """Create `alias(source, person, one)` where people go by several ids."""
    if streams.people:
        store.table("alias", _ALIAS, sorted(set(streams.people)))


def _lake[K: Hashable](streams: Streams[K]) -> str:
    return parquet(streams.files) if streams.files else _NOTHING


def _events[K: Hashable](
    definitions: Iterable[Definition],
    streams: Streams[K],
    back: int,
    days: Collection[date],
    names: int,
) -> Rows:
    named = is_named(days, names)
    asked = atoms(definitions)
    if not covered(streams.files, streams.rolled, asked):
        lake = rows_of("events", _lake(streams), streams.own)
        return Rows(event_rows(lake, _EVENT, back, days, names), named)
    accounts, people = (
        event_rows(
            rows_of("events", relation(grain, asked, streams.files, streams.rolled), streams.own),
            ", ".join(["e.source", *who, *(each.column for each in asked if each.grain == grain)]),
            back,
            days,
            names,
        )
        for grain, who in _GRAINS.items()
    )
    return Rows(accounts, named, people)


def _stream[K: Hashable](
    store: Store,
    name: Stream,
    occurrences: Keyed[K],
    pairs: Sequence[Pair[K]],
    *,
    back: int,
    zone: str,
) -> Rows:
    keys = {key: i for i, key in enumerate(dict.fromkeys(pair.key for pair in pairs))}
    place = ZoneInfo(zone)
    rows = (_cells(keys[k], o, place) for k, o in occurrences if k in keys)
    store.table(name, _OCCURRENCE, rows)
    age = "date_diff('day', e.day, s.day)"
    return Rows(
        f"select s.subject, {age} as age, e.day, s.day as as_of, {_EVENT}"
        f" from {name} e join subject s on s.key = e.key where {age} between 0 and {back - 1}"
    )


def _cells(key: int, occurrence: Occurrence, zone: ZoneInfo) -> tuple[object, ...]:
    o = occurrence
    at, day = o.at.astimezone(UTC).replace(tzinfo=None), o.at.astimezone(zone).date()
    return (key, 0, at, day, o.person, o.event, o.count, canonical(o.properties))
