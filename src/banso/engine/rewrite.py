"""Parts written anew: several as one, the days of another zone, people taken out of them."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from banso.engine.barred import Id, of_people
from banso.engine.connect import connect, parquet
from banso.engine.part import EVENT, Written, local_day, write_part
from banso.engine.received import Piece, pieces_of
from banso.engine.staged import spill, sync


def rewrite(
    files: Sequence[Path],
    *,
    folder: Path,
    zone: str,
    piece: Callable[[date], Piece],
    out: Callable[[Piece], Path],
    without: Sequence[Id] = (),
) -> dict[Piece, Written]:
    """Write the events of `files`, which lie below `folder`, into one file per piece.

    Their days are those of `zone`. Events of the people `without` stay out.
    """
    with connect(folder, spill=spill(folder / "anew")) as connection:
        day = f"{local_day(zone)} as day"
        columns = ", ".join(day if name == "day" else name for name in EVENT)
        stay = f"where not coalesce({of_people(without)}, false)" if without else ""
        connection.execute(f"create view fresh as select {columns} from {parquet(files)} {stay}")
        written = {}
        for each in pieces_of(connection, piece):
            inside = f"day between date '{each.first}' and date '{each.last}'"
            written[each] = write_part(connection, f"from fresh where {inside}", out(each))
        for directory in {part.path.parent for part in written.values()}:
            sync(directory)
        return written
