"""Parts written anew: several as one, the days of another zone, a person taken out of them."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from banso.engine.connect import connect, create, insert, parquet
from banso.engine.part import EVENT, Written, local_day, write_part
from banso.engine.received import Piece, pieces_of
from banso.engine.staged import spill, sync

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

type People = Sequence[tuple[int, str]]
"""(source, person)"""

_IS_THEIRS = "(source, person) in (from erased)"


def rewrite(
    files: Sequence[Path],
    *,
    folder: Path,
    zone: str,
    piece: Callable[[date], Piece],
    out: Callable[[Piece], Path],
    erased: People = (),
    since: date | None = None,
) -> dict[Piece, Written]:
    """Write the events of `files`, which lie below `folder`, into one file per piece.

    Their days are those of `zone`. Of `erased` people the events stay, without the person and
    without properties. Events of days before `since` stay out.
    """
    with connect(folder, spill=spill(folder / "anew")) as connection:
        _people(connection, erased)
        columns = ", ".join(_COLUMNS.get(name, name).format(day=local_day(zone)) for name in EVENT)
        connection.execute(f"create view dated as select {columns} from {parquet(files)}")
        young = f"where day >= date '{since}'" if since else ""
        connection.execute(f"create view fresh as select * from dated {young}")
        written = {}
        for each in pieces_of(connection, piece):
            inside = f"day between date '{each.first}' and date '{each.last}'"
            written[each] = write_part(connection, f"from fresh where {inside}", out(each))
        for directory in {part.path.parent for part in written.values()}:
            sync(directory)
        return written


_COLUMNS = {
    "day": "{day} as day",
    "person": f"case when not coalesce({_IS_THEIRS}, false) then person end as person",
    "properties": f"case when coalesce({_IS_THEIRS}, false)"
    " then '{{}}' else properties end as properties",
}


def holding(files: Sequence[Path], people: People) -> list[Path]:
    """Those of the files in which one of these people occurs."""
    if not files or not people:
        return []
    with connect(*files) as connection:
        _people(connection, people)
        found = connection.execute(
            f"select distinct filename from {parquet(files, filename='true')} where {_IS_THEIRS}"
        ).fetchall()
    names = {name for (name,) in found}
    return [path for path in files if str(path) in names]


def _people(connection: "DuckDBPyConnection", people: People) -> None:
    create(connection, "erased", {"source": "integer", "person": "varchar"})
    insert(connection, "erased", people)
