"""What a lake has to offer: its event names, their properties and the values these hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from banso.core.metrics import Stream
from banso.engine.connect import connect, parquet
from banso.engine.own import rows_of
from banso.engine.sql_where import DECIMAL
from banso.engine.staged import spill

type PropertyKind = Literal["numeric", "boolean", "text"]

MOST_LOOKED_AT = 5_000  # rows of an event whose properties are read
MOST_VALUES = 30


@dataclass(frozen=True)
class EventName:
    """An event name with its rows, its different people (of several files, those of the file with
    most) and its first and last local day.

    `properties` says of each property seen whether all its values are numbers (as `SumOf` reads
    them), truth values, or anything; `values` holds the most frequent texts of those that are
    neither. Of an event with very many rows, some are looked at.
    """

    name: str
    rows: int
    people: int
    first_day: date
    last_day: date
    properties: Mapping[str, PropertyKind]
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def discover(
    files: Sequence[Path], stream: Stream = "events", own: int | None = None
) -> list[EventName]:
    """Every event name of the stream in the lake's parts `files`, the most frequent first; `own`
    is the source of our own acts."""
    if not files:
        return []
    lake = rows_of(stream, parquet(files), own)
    with connect(*files, spill=spill(files[0])) as connection:
        names = connection.execute(_NAMES.format(lake=lake)).fetchall()
        connection.execute(_TOLD.format(lake=lake, most=MOST_LOOKED_AT))
        found = connection.execute(_PROPERTIES.format(decimal=DECIMAL)).fetchall()
        seen = connection.execute(_VALUES.format(most=MOST_VALUES)).fetchall()
    properties: dict[str, dict[str, PropertyKind]] = {}
    for event, name, kind in found:
        properties.setdefault(event, {})[name] = kind
    values: dict[str, dict[str, tuple[str, ...]]] = {}
    for event, name, texts in seen:
        if properties[event][name] == "text":
            values.setdefault(event, {})[name] = tuple(texts)
    return [
        EventName(name, rows, people, first, last, properties.get(name, {}), values.get(name, {}))
        for name, rows, people, first, last in names
    ]


def merged(found: Iterable[Iterable[EventName]]) -> list[EventName]:
    """What several files have to offer, the most frequent first; the first file's texts first."""
    names: dict[str, EventName] = {}
    for each in found:
        for name in each:
            names[name.name] = _both(names[name.name], name) if name.name in names else name
    return sorted(names.values(), key=lambda each: (-each.rows, each.name))


def _both(one: EventName, other: EventName) -> EventName:
    properties = dict(one.properties)
    for name, kind in other.properties.items():
        properties[name] = kind if properties.setdefault(name, kind) == kind else "text"
    texts = {
        name: (*one.values.get(name, ()), *other.values.get(name, ()))
        for name, kind in properties.items()
        if kind == "text"
    }
    return replace(
        one,
        rows=one.rows + other.rows,
        people=max(one.people, other.people),
        first_day=min(one.first_day, other.first_day),
        last_day=max(one.last_day, other.last_day),
        properties=dict(sorted(properties.items())),
        values={name: tuple(dict.fromkeys(some))[:MOST_VALUES] for name, some in texts.items()},
    )


def dump(names: Iterable[EventName]) -> list[dict[str, Any]]:
    """Names as JSON holds them."""
    cells = (asdict(each) for each in names)
    return [
        {**each, **{day: each[day].isoformat() for day in ("first_day", "last_day")}}
        for each in cells
    ]


def load(stored: Iterable[Mapping[str, Any]]) -> list[EventName]:
    """Names from what `dump` gave."""
    return [
        EventName(
            **{
                **each,
                **{day: date.fromisoformat(each[day]) for day in ("first_day", "last_day")},
                "values": {name: tuple(some) for name, some in each["values"].items()},
            }
        )
        for each in stored
    ]


_NAMES = """
select event, count(*), count(distinct case when person is not null
    then struct_pack(source, person) end), min(day), max(day)
from {lake} group by event order by count(*) desc, event
"""

_TOLD = """
create temp table told as
with size as (select event, greatest(1, cast(count(*) / {most} as bigint)) as nth
  from {lake} group by event),
few as (select l.event, l.properties from {lake} l join size s on s.event = l.event
  where s.nth = 1 or hash(l.account, l.ts, l.line) % s.nth = 0),
named as (select event, properties, unnest(json_keys(properties)) as name from few),
items as (select event, name, json_extract(properties,
  '/' || replace(replace(name, '~', '~0'), '/', '~1')) as item from named)
select event, name, json_type(item) as kind, item ->> '$' as value from items
where json_type(item) <> 'NULL'
"""

_PROPERTIES = """
select event, name, case
  when bool_and(kind = 'BOOLEAN') then 'boolean'
  when bool_and(kind in ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE')
    or (kind = 'VARCHAR' and regexp_full_match(trim(value, ' '), '{decimal}'))) then 'numeric'
  else 'text' end
from told group by event, name order by event, name
"""

_VALUES = """
select event, name, list(value order by rows desc, value) from (
  select event, name, value, count(*) as rows,
    row_number() over (partition by event, name order by count(*) desc, value) as place
  from told where kind = 'VARCHAR' and length(value) between 1 and 100
  group by event, name, value)
where place <= {most} group by event, name
"""
