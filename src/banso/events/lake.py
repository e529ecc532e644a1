"""Reading the event lake; until imports write one, no usage is connected."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from banso.base.workspace import workspace
from banso.engine.measure import AccountRow


def files(since: date | None, until: date) -> list[Path]:
    """The parts that may hold events from local day `since` (None: ever) to `until`, by month."""
    del since, until
    return []


def accounts(
    ids: Collection[int] | None = None, as_of: date | None = None
) -> list[AccountRow[str]]:
    """How the sources of events call each engagement."""
    del as_of
    return [AccountRow(str(each)) for each in ids or ()]


def zone() -> str:
    """The zone of the lake's days."""
    return workspace().timezone


def connected(as_of: date) -> bool:
    """Whether the lake holds any event of `as_of` or a day before."""
    del as_of
    return False
