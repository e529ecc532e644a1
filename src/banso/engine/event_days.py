"""Event-days: how often each name occurred, by account, person and day. They belong to a part,
like rollups, and say of any name what otherwise only its events say.

The rows of a name lie together, so a question about one name reads its rows only; those of all
names taken together have no name and come first.
"""

from collections.abc import Sequence
from pathlib import Path

from banso.engine.connect import connect, parquet
from banso.engine.staged import spill, sync, write

_BY = "source, account, person, day"


def roll_events(parts: Sequence[Path], out: Path) -> None:
    """Write the event-days of parts whole or not at all."""
    with connect(*parts, out.parent, spill=spill(out)) as connection:
        sets = f"grouping sets ((event, {_BY}), ({_BY}))"
        grouped = f"select event, {_BY}, cast(sum(count) as bigint) as n from {parquet(parts)}"
        order = f"event nulls first, {_BY}"
        write(connection, f"{grouped} group by {sets} order by {order}", out)
    sync(out.parent)
