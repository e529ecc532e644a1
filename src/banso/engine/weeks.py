"""Values of many accounts on one day as a wide file: one row each, one column a number."""

from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path

from banso.engine.connect import connect, parquet
from banso.engine.staged import sync, write


def write_week(
    ids: "array[int]", columns: Mapping[str, "array[float]"], out: Path, *, kept: Path | None
) -> None:
    """Write (engagement, the columns) to `out`; NaN is no number. Columns of the file `kept` that
    are not written anew stay, with their rows."""
    import numpy

    told = {"engagement": numpy.array(ids)} | {n: numpy.array(v) for n, v in columns.items()}
    cells = ", ".join(f"case when not isnan({name}) then {name} end as {name}" for name in columns)
    with connect(out.parent, *([kept] if kept else [])) as connection:
        connection.register("told", told)
        query = f"select engagement, {cells} from told"
        if kept:
            rest = _without(parquet([kept]), columns)
            query = f"select * from {rest} full join ({query}) using (engagement)"
        write(connection, f"{query} order by engagement", out)
    sync(out.parent)


def read_week(path: Path, names: Sequence[str]) -> dict[str, dict[int, float]]:
    """The numbers of these columns by engagement."""
    with connect(path) as connection:
        query = f"select engagement, {', '.join(names)} from {parquet([path])}"
        rows = connection.execute(query).fetchall()
    return {
        name: {row[0]: row[place] for row in rows if row[place] is not None}
        for place, name in enumerate(names, 1)
    }


def _without(relation: str, columns: Mapping[str, object]) -> str:
    return f"(select columns(lambda c: c not in ({', '.join(map(repr, columns))})) from {relation})"
