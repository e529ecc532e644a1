"""What a batch of events is made of: names, properties, the types and texts these hold."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from banso.engine.barred import Id, of_people
from banso.engine.connect import connect, parquet

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_LOOKED_AT = 2_000  # rows of an event whose properties are read
MOST_VALUES = 10
MOST_PROPERTIES = 100
LONGEST_NAME = 200


@dataclass(frozen=True)
class SeenProperty:
    """A property with the types it was seen in (number, text, boolean, list, object) and some of
    its texts."""

    name: str
    kinds: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """An event name of a source with its rows and its first and last local day. Of very many
    rows the properties of some are looked at."""

    source: int
    event: str
    rows: int
    first: date
    last: date
    properties: Sequence[SeenProperty]


def seen_in(connection: "DuckDBPyConnection", table: str) -> list[Seen]:
    """What the events of a table hold, the most frequent first."""
    named: dict[tuple[int, str], list[SeenProperty]] = defaultdict(list)
    for source, event, name, kinds, values in connection.execute(
        _PROPERTIES.format(table=table)
    ).fetchall():
        if _is_name(name) and len(named[source, event]) < MOST_PROPERTIES:
            texts = tuple(each for each in values or () if "\0" not in each)
            named[source, event].append(SeenProperty(name, tuple(sorted(kinds)), texts))
    return [
        Seen(source, event, rows, first, last, named[source, event])
        for source, event, rows, first, last in connection.execute(
            _NAMES.format(table=table)
        ).fetchall()
        if _is_name(event)
    ]


@dataclass(frozen=True)
class Gone:
    """What people who go have sent of an event: its rows, and (property, text) of them all."""

    source: int
    event: str
    rows: int
    texts: frozenset[tuple[str, str]]


def seen_of(files: Sequence[Path], people: Sequence[Id]) -> list[Gone]:
    """What these people's events in the files are made of."""
    if not files or not people:
        return []
    texts: dict[tuple[int, str], set[tuple[str, str]]] = defaultdict(set)
    with connect(*files) as connection:
        theirs = f"from {parquet(files)} where {of_people(people)}"
        for source, event, *pair in connection.execute(_TEXTS.format(theirs=theirs)).fetchall():
            texts[source, event].add(tuple(pair))
        found = connection.execute(
            f"select source, event, count(*) {theirs} group by source, event order by all"
        ).fetchall()
    return [
        Gone(source, event, rows, frozenset(texts[source, event])) for source, event, rows in found
    ]


def _is_name(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and "\0" not in text


_NAMES = """
select source, event, count(*), min(day), max(day) from {table}
group by source, event order by count(*) desc, source, event
"""

_NAMED = """
named as (select source, event, properties, unnest(json_keys(properties)) as name from few),
items as (select source, event, name, json_extract(properties,
  '/' || replace(replace(name, '~', '~0'), '/', '~1')) as item from named)"""

_TEXTS = f"""
with few as (select source, event, properties {{theirs}} and properties <> '{{{{}}}}'),{_NAMED}
select distinct source, event, name, item ->> '$' from items where json_type(item) = 'VARCHAR'
"""

_PROPERTIES = f"""
with few as (select source, event, properties from {{table}} where properties <> '{{{{}}}}'
  qualify row_number() over (partition by source, event order by hash(message))
    <= {MOST_LOOKED_AT}),{_NAMED},
typed as (select source, event, name, case json_type(item) when 'VARCHAR' then 'text'
  when 'BOOLEAN' then 'boolean' when 'ARRAY' then 'list' when 'OBJECT' then 'object'
  else 'number' end as kind, item ->> '$' as value
  from items where json_type(item) <> 'NULL'),
counted as (select source, event, name, kind, case when kind = 'text'
  and length(value) between 1 and 100 then value end as value, count(*) as rows
  from typed group by all)
select source, event, name, list(distinct kind),
  list(value order by rows desc, value) filter (value is not null)[1:{MOST_VALUES}]
from counted group by source, event, name order by source, event, sum(rows) desc, name
"""
