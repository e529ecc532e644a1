"""What a lake has to offer: its event names, and which of their properties are numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from banso.engine.connect import connect, parquet
from banso.engine.sql_where import DECIMAL


@dataclass(frozen=True)
class EventName:
    """An event name with its rows, its different people and its first and last local day.

    `properties` says of each property seen whether all its values are numbers (as `SumOf` reads
    them) or not.
    """

    name: str
    rows: int
    people: int
    first_day: date
    last_day: date
    properties: Mapping[str, Literal["numeric", "text"]]


def discover(files: Sequence[Path]) -> list[EventName]:
    """Every event name in the lake's parts `files`, the most frequent first."""
    if not files:
        return []
    lake = parquet(files)
    with connect(*files) as connection:
        names = connection.execute(_NAMES.format(lake=lake)).fetchall()
        found = connection.execute(_PROPERTIES.format(lake=lake, decimal=DECIMAL)).fetchall()
    properties: dict[str, dict[str, Literal["numeric", "text"]]] = {}
    for event, name, numeric in found:
        properties.setdefault(event, {})[name] = "numeric" if numeric else "text"
    return [
        EventName(name, rows, people, first, last, properties.get(name, {}))
        for name, rows, people, first, last in names
    ]


_NAMES = """
select event, count(*), count(distinct case when person is not null
    then struct_pack(source, person) end), min(day), max(day)
from {lake} group by event order by count(*) desc, event
"""

_PROPERTIES = """
select event, name, bool_and(kind in ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE')
    or (kind = 'VARCHAR' and regexp_full_match(trim(value, ' '), '{decimal}')))
from (select event, name, json_type(item) as kind, item ->> '$' as value
  from (select event, name, json_extract(properties,
      '/' || replace(replace(name, '~', '~0'), '/', '~1')) as item
    from (select event, properties, unnest(json_keys(properties)) as name from {lake})))
where kind <> 'NULL' group by event, name order by event, name
"""
