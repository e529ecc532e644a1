"""The lake as a plain folder that other tools read: day=YYYY-MM-DD/ with Parquet files."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from banso.engine.connect import connect, parquet
from banso.engine.part import EVENT
from banso.engine.staged import spill, write

_COLUMNS = ", ".join(name for name in EVENT if name not in ("day", "import_id", "line"))


def export(files: Sequence[Path], first: date, last: date, out: Path) -> int:
    """Add the events of these days to the folder `out`; how many they were."""
    with connect(*files, out, spill=spill(out / "export")) as connection:
        connection.execute(
            f"create temp table month as select * from {parquet(files)}"
            f" where day between date '{first}' and date '{last}'"
        )
        query = "select day, count(*) from month group by day order by day"
        days = connection.execute(query).fetchall()
        for day, _ in days:
            folder = out / f"day={day}"
            folder.mkdir()
            rows = f"select {_COLUMNS} from month where day = date '{day}'"
            write(
                connection,
                f"{rows} order by source, account, ts, message",
                folder / "events.parquet",
            )
    return sum(rows for _, rows in days)
