"""Moments to kill at: what can be seen from outside of how far a process is."""

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.drill.nursery import lives

LOOK = 0.001
WAIT = 5.0
type Moment = Callable[[], bool]


def parts(folder: Path) -> Iterator[str]:
    return names(folder / "parts")


def rollups(folder: Path) -> Iterator[str]:
    return names(folder / "rollups")


def names(home: Path) -> Iterator[str]:
    """The files in the folders of months, also those that are being written."""
    try:
        months = [entry.path for entry in os.scandir(home)]
    except FileNotFoundError:
        return
    for month in months:
        yield from (entry.name for entry in os.scandir(month))


def written_aside(folder: Path, pid: int) -> Moment:
    """A part of this process has begun to be written."""
    return lambda: any(name.startswith(f".r-{pid}-") for name in parts(folder))


def written(folder: Path, pid: int) -> Moment:
    """A new part of this process has its name, and the manifest may not know it yet."""
    before = set(parts(folder))
    return lambda: any(
        name.startswith(f"r-{pid}-") and name not in before for name in parts(folder)
    )


def rolled_aside(folder: Path, pid: int) -> Moment:
    return lambda: any(name.endswith(f".{pid}") for name in rollups(folder))


def rolled(folder: Path, pid: int) -> Moment:
    """The rollups of a part have their names."""
    before = set(rollups(folder))
    return lambda: any(name not in before and not name.startswith(".") for name in rollups(folder))


def leased() -> bool:
    """Somebody has taken batches out of the inbox."""
    from banso.events.models import Inbox

    return Inbox.objects.exclude(worker="").exists()


def but_loading(moment: Moment) -> Moment:
    """The only worker is at something else then."""
    return lambda: moment() and not leased()


def received() -> Moment:
    """One more batch is kept; its sender may not know it yet."""
    from banso.events.models import Inbox

    last = Inbox.objects.order_by("-id").values_list("id", flat=True)
    before = last.first() or 0
    return lambda: (last.first() or 0) > before


def committed() -> Moment:
    """The manifest has just changed."""
    from banso.events.models import LakePart

    last = LakePart.objects.order_by("-id").values_list("id", flat=True)
    before = last.first() or 0
    return lambda: (last.first() or 0) > before


def asked() -> Moment:
    """An erasure has been asked for."""
    from banso.events.models import Erasure

    before = Erasure.objects.count()
    return lambda: Erasure.objects.count() > before


def await_moment(moment: Moment, pid: int, dice: random.Random, spread: float) -> bool:
    """Wait for it, then a little more, at random; whether it came while the process lived."""
    end = time.monotonic() + WAIT
    while lives(pid) and time.monotonic() < end:
        if moment():
            time.sleep(dice.random() ** 3 * spread)
            return lives(pid)
        time.sleep(LOOK)
    return False
