"""Received events on their way into the lake: what is new of a batch becomes further parts.

An event is told by its source and message id, within a day: what a part holds of the same local
day or its neighbours, or what came before in the batch, is the same event and stays out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from banso.engine.barred import NOBODY, Barred, name_barred
from banso.engine.connect import connect, create, insert, parquet
from banso.engine.part import Written, local_day, write_part
from banso.engine.seen import Seen, seen_in
from banso.engine.staged import spill, sync

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

type Row = tuple[int, str, int, str | None, str | None, str, int, str]
"""source, message, microseconds since 1970, account, person, event, count, properties."""

_ARRIVED = {
    "source": "integer",
    "message": "varchar",
    "ts": "bigint",
    "account": "varchar",
    "person": "varchar",
    "event": "varchar",
    "count": "integer",
    "properties": "varchar",
}


class Piece(NamedTuple):
    """The local days, both included, that a part may hold."""

    first: date
    last: date


@dataclass(frozen=True)
class Lying:
    """The parts in which events of a batch might be already: received and imported ones."""

    received: Sequence[Path]
    imported: Sequence[Path]


@dataclass(frozen=True)
class Loaded:
    """What became of a batch: new parts, by piece; how many rows were there before or are barred;
    what the new ones hold; and the months of imported parts that tell some of the new events as
    well."""

    parts: Mapping[Piece, Written]
    left_out: int
    seen: Sequence[Seen]
    overtaken: Sequence[date]


def load(
    rows: Iterable[Row],
    *,
    zone: str,
    folder: Path,
    lying: Callable[[Sequence[date]], Lying],
    piece: Callable[[date], Piece],
    out: Callable[[Piece], Path],
    barred: Barred = NOBODY,
) -> Loaded:
    """Write the events of `rows` (in the order of their arrival) that no part holds yet and that
    are not barred.

    `lying(days)` names the parts, below `folder`, that may hold events of these days or their
    neighbours; `piece(day)` says to which part a day belongs and `out` where that is written.
    """
    with connect(folder, spill=spill(folder / "arrived")) as connection:
        total = _arrive(connection, rows, zone)
        _drop_barred(connection, barred)
        days = _days(connection)
        there = lying(days)
        _drop_known(connection, there.received, days)
        _drop_repeated(connection)
        parts = {each: _write(connection, each, out(each)) for each in pieces_of(connection, piece)}
        for directory in {each.path.parent for each in parts.values()}:
            sync(directory)
        return Loaded(
            parts=parts,
            left_out=total - sum(each.rows for each in parts.values()),
            seen=seen_in(connection, "fresh"),
            overtaken=_overtaken(connection, there.imported, days),
        )


def clash(mine: Sequence[Path], theirs: Sequence[Path]) -> bool:
    """Whether parts of `mine` and of `theirs` hold the same event."""
    if not mine or not theirs:
        return False
    with connect(*mine, *theirs) as connection:
        found = connection.execute(
            f"select 1 from {parquet(mine)} m join {parquet(theirs)} t"
            f" on t.source = m.source and t.message = m.message and {NEAR} limit 1"
        )
        return found.fetchone() is not None


NEAR = "t.day between m.day - 1 and m.day + 1"


def pieces_of(connection: "DuckDBPyConnection", piece: Callable[[date], Piece]) -> list[Piece]:
    """The pieces of the rows of `fresh`, ascending."""
    return sorted({piece(day) for day in _days(connection)})


def _arrive(connection: "DuckDBPyConnection", rows: Iterable[Row], zone: str) -> int:
    create(connection, "arrived", _ARRIVED)
    total = insert(connection, "arrived", rows)
    connection.execute(
        f"create table fresh as with timed as (select rowid as position,"
        f" * replace (make_timestamp(ts) as ts) from arrived),"
        f" dated as (select *, {local_day(zone)} as day,"
        f" cast(null as integer) as import_id, cast(null as integer) as line from timed)"
        f" select * from dated qualify row_number() over"
        f" (partition by source, message, day order by position) = 1"
    )
    connection.execute("drop table arrived")
    return total


def _drop_barred(connection: "DuckDBPyConnection", barred: Barred) -> None:
    if barred:
        connection.execute(f"delete from fresh where {name_barred(connection, barred)}")


def _days(connection: "DuckDBPyConnection") -> list[date]:
    found = connection.execute("select distinct day from fresh order by day").fetchall()
    return [day for (day,) in found]


def _near(paths: Sequence[Path], days: Sequence[date]) -> str:
    low, high = days[0] - timedelta(1), days[-1] + timedelta(1)
    lake = f"select source, message, day from {parquet(paths)}"
    return f"({lake} where day between date '{low}' and date '{high}')"


def _drop_known(
    connection: "DuckDBPyConnection", paths: Sequence[Path], days: Sequence[date]
) -> None:
    if paths and days:
        connection.execute(
            f"delete from fresh where position in (select m.position from {_near(paths, days)} t"
            f" join fresh m on t.source = m.source and t.message = m.message and {NEAR})"
        )


_SEVERAL = """
select source, message, day, position from fresh
qualify count(*) over (partition by source, message) > 1 order by position
"""


def _drop_repeated(connection: "DuckDBPyConnection") -> None:
    """Of the same event on neighbouring days the one that came first stays."""
    kept: dict[tuple[int, str], list[date]] = {}
    gone: list[tuple[int]] = []
    for source, message, day, position in connection.execute(_SEVERAL).fetchall():
        days = kept.setdefault((source, message), [])
        if any(abs((day - other).days) <= 1 for other in days):
            gone.append((position,))
        else:
            days.append(day)
    create(connection, "repeated", {"position": "bigint"})
    insert(connection, "repeated", gone)
    connection.execute("delete from fresh where position in (from repeated)")


def _write(connection: "DuckDBPyConnection", piece: Piece, out: Path) -> Written:
    inside = f"day between date '{piece.first}' and date '{piece.last}'"
    return write_part(connection, f"from fresh where {inside}", out)


def _overtaken(
    connection: "DuckDBPyConnection", paths: Sequence[Path], days: Sequence[date]
) -> list[date]:
    if not paths or not days:
        return []
    found = connection.execute(
        f"select distinct cast(date_trunc('month', t.day) as date) from {_near(paths, days)} t"
        f" join fresh m on t.source = m.source and t.message = m.message and {NEAR} order by 1"
    )
    return [month for (month,) in found.fetchall()]
