"""Whether files of the lake hold what the manifest says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from banso.engine.connect import connect, parquet
from banso.engine.part import local_day


@dataclass(frozen=True)
class Held:
    """What a file holds. `misdated` rows have another day than their time in the zone."""

    rows: int
    weight: int
    first_event: date
    last_event: date
    misdated: int


def held(path: Path, zone: str) -> Held:
    """Read the whole file. Raises OSError or the engine's error where it cannot be read."""
    with connect(path) as connection:
        [row] = connection.execute(
            "select count(*), coalesce(sum(count), 0), min(day), max(day),"
            f" count(*) filter (day is distinct from {local_day(zone)}) from {parquet([path])}"
        ).fetchall()
    return Held(row[0], int(row[1]), *row[2:])


def told_twice(files: Sequence[Path], first: date, last: date, *, spill: Path) -> int:
    """How many events between two days are there again on the same day or the next."""
    if not files:
        return 0
    spill.mkdir(parents=True, exist_ok=True)
    with connect(*files, spill, spill=spill / ".verify") as connection:
        lake = f"select source, message, day from {parquet(files)} where message is not null"
        [(number,)] = connection.execute(
            f"select count(*) from (select day, lag(day) over (partition by source, message"
            f" order by day) as before from ({lake} and day between date '{first}' - 1"
            f" and date '{last}')) where day - before <= 1 and day >= date '{first}'"
        ).fetchall()
    return int(number)
