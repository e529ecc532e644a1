"""How much of each event a lake holds, and what its properties hold, looked at part by part."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from banso.core.metrics import Stream
from banso.engine.connect import connect, parquet
from banso.engine.own import rows_of

MOST_LOOKED_AT = 5_000
"""Rows of an event whose properties are read: its latest."""
MOST_VALUES = 8
OFTEN = 2
"""A text that came less often than this is no example: it may be of one person alone."""


@dataclass(frozen=True)
class Volume:
    """An event of a source in one file: its rows and its first and last local day; `days` has
    those that were asked for."""

    source: int
    event: str
    rows: int
    first: date
    last: date
    days: dict[date, int]


@dataclass(frozen=True)
class Held:
    """A property as `looked_at` rows of an event hold it: in how many of them, of which types,
    its most frequent texts, and the ends of its numbers."""

    name: str
    rows: int
    looked_at: int
    kinds: tuple[str, ...]
    texts: tuple[str, ...]
    low: float | None
    high: float | None

    @property
    def share(self) -> float:
        return self.rows / self.looked_at


def volumes_in(files: Sequence[Path], since: date) -> dict[Path, list[Volume]]:
    """What each of the files holds, with the days from `since` on."""
    found: dict[Path, dict[tuple[int, str], Volume]] = {path: {} for path in files}
    if not files:
        return {}
    with connect(*files) as connection:
        lake = parquet(files, filename="true")
        rows = connection.execute(_VOLUMES.format(lake=lake), {"since": since}).fetchall()
    for name, source, event, day, first, last, many in rows:
        mine = found[Path(name)]
        known = mine.get((source, event))
        days = (known.days if known else {}) | ({day: many} if day else {})
        total = many + (known.rows if known else 0)
        ends = (min(first, known.first), max(last, known.last)) if known else (first, last)
        mine[source, event] = Volume(source, event, total, *ends, days)
    return {path: list(each.values()) for path, each in found.items()}


def held_by(
    event: str,
    files: Sequence[Path],
    stream: Stream,
    own: int | None,
    hidden: Collection[tuple[int, str]] = (),
) -> list[Held]:
    """The properties of an event in the files, those most rows have first; what `hidden` accounts
    did is not looked at."""
    if not files:
        return []
    lake = rows_of(stream, parquet(files), own)
    with connect(*files) as connection:
        connection.execute("create temp table hidden (source integer, account varchar)")
        if hidden:
            connection.executemany("insert into hidden values (?, ?)", sorted(hidden))
        connection.execute(_LOOKED_AT.format(lake=lake, most=MOST_LOOKED_AT), {"event": event})
        return [
            Held(name, rows, of, tuple(kinds), tuple(texts or ()), low, high)
            for name, rows, of, kinds, texts, low, high in connection.execute(_HELD).fetchall()
        ]


_VOLUMES = """
select filename, source, event, case when day >= $since then day end as shown,
  min(day), max(day), sum("count")::bigint
from {lake} group by filename, source, event, shown
"""

_LOOKED_AT = """
create temp table looked_at as
select row_number() over () as row, properties from {lake} as l where event = $event
  and not exists (select 1 from hidden h where h.source = l.source and h.account = l.account)
order by ts desc limit {most}
"""

_HELD = f"""
with named as (select row, properties, unnest(json_keys(properties)) as name from looked_at),
items as (select row, name, json_extract(properties,
  '/' || replace(replace(name, '~', '~0'), '/', '~1')) as item from named),
typed as (select row, name, case json_type(item) when 'VARCHAR' then 'text'
  when 'BOOLEAN' then 'boolean' when 'ARRAY' then 'list' when 'OBJECT' then 'object'
  else 'number' end as kind, item ->> '$' as value from items where json_type(item) <> 'NULL'),
texts as (select name, value, count(*) as times from typed
  where kind = 'text' and length(value) between 1 and 60 group by name, value),
often as (select name, list(value order by times desc, value)[1:{MOST_VALUES}] as values
  from texts where times >= {OFTEN} group by name)
select t.name, count(*), (select count(*) from looked_at), list(distinct kind order by kind),
  any_value(o.values), min(try_cast(case when kind = 'number' then value end as double)),
  max(try_cast(case when kind = 'number' then value end as double))
from typed t left join often o on o.name = t.name
group by t.name order by count(*) desc, t.name
"""
