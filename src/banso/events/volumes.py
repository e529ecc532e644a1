"""How much of each event the lake holds: each part is counted once, for a part never changes."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from threading import Lock

from banso.engine.volumes import Volume, volumes_in
from banso.events import lake

SHOWN_DAYS = 30
MOST_PARTS = 60
_counted: dict[Path, list[Volume]] = {}
_lock = Lock()


def volumes(today: date) -> dict[Path, list[Volume]]:
    """What each part of the lake holds, the oldest first, with the last days one by one."""
    files = lake.files(None, today)
    with _lock:
        fresh = [path for path in files if path not in _counted]
        _counted.update(volumes_in(fresh, today - timedelta(SHOWN_DAYS)))
        forget(set(files))
        return {path: _counted[path] for path in files}


def forget(kept: set[Path]) -> None:
    for path in _counted.keys() - kept:
        del _counted[path]


def latest_with(event: str, counted: Mapping[Path, list[Volume]], rows: int) -> Sequence[Path]:
    """The latest parts that hold an event of that name, until they hold so many."""
    chosen: list[Path] = []
    left = rows
    for path, found in reversed(list(counted.items())):
        here = sum(each.rows for each in found if each.event == event)
        if here and left > 0 and len(chosen) < MOST_PARTS:
            chosen.append(path)
            left -= here
    return chosen
