"""Two streams in one lake: what the product's users did, and our own acts, which are the rows of
one source."""

from collections.abc import Sequence
from pathlib import Path

from banso.core.metrics import Stream
from banso.engine.connect import connect, parquet


def rows_of(stream: Stream, lake: str, own: int | None) -> str:
    """The relation `lake` narrowed down to one of the two; `own` is the source of our acts, None
    where there is none."""
    if own is None:
        return lake if stream == "events" else f"(select * from {lake} where false)"
    sign = "=" if stream == "acts" else "<>"
    return f"(select * from {lake} where source {sign} {own})"


def has_events(files: Sequence[Path], own: int) -> bool:
    """Whether these parts hold anything but our own acts."""
    if not files:
        return False
    with connect(*files) as connection:
        found = connection.execute(f"from {rows_of('events', parquet(files), own)} limit 1")
        return found.fetchone() is not None
