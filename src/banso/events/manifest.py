"""The manifest: which files are the lake. Every change of it goes through here."""

import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from banso.base.models import Workspace
from banso.engine.part import Written
from banso.engine.received import Piece
from banso.engine.staged import spilled
from banso.events.lake import folder, zone
from banso.events.models import LakePart, RetiredFile

type Files = Mapping[Piece, Written]

GRACE = 600.0
_CHUNK = 500


class Stale(Exception):
    """The lake changed between reading and writing; do it again."""


@dataclass(frozen=True)
class Change:
    """Parts that came and parts that went, in one transaction."""

    came: Sequence[LakePart]
    went: Sequence[LakePart]


CHANGED: list[Callable[[Change], object]] = []
"""Called with every change of the manifest, in its transaction. Added from AppConfig.ready."""


def lock() -> None:
    """Only one transaction at a time may change the manifest; its first statement."""
    Workspace.objects.select_for_update().filter(id=1).first()


def received(first: date, last: date) -> QuerySet[LakePart]:
    """The parts of received events that may hold events of these days, both included."""
    of_days = LakePart.objects.filter(first_day__lte=last, last_day__gte=first)
    return of_days.filter(origin=LakePart.Origin.RECEIVED)


def around(days: Sequence[date], origin: LakePart.Origin) -> list[LakePart]:
    """The parts of an origin that may hold events of these days or of their neighbours."""
    if not days:
        return []
    low, high = days[0] - timedelta(1), days[-1] + timedelta(1)
    wanted = {day + timedelta(by) for day in days for by in (-1, 0, 1)}
    parts = LakePart.objects.filter(origin=origin, first_day__lte=high, last_day__gte=low)
    return [
        each
        for each in parts.order_by("id")
        if any(each.first_day <= day <= each.last_day for day in wanted)
    ]


def near(parts: Iterable[LakePart], piece: Piece) -> list[LakePart]:
    """Those of the parts that may hold events of the piece's days or their neighbours."""
    low, high = piece.first - timedelta(1), piece.last + timedelta(1)
    return [each for each in parts if each.first_day <= high and each.last_day >= low]


def paths(parts: Iterable[LakePart]) -> list[Path]:
    return [folder() / each.path for each in parts]


def new_file() -> Callable[[Piece], Path]:
    """Names files for received events that no other writer uses, in the folder of their month."""
    stamp = f"r-{os.getpid()}-{time.time_ns():x}"

    def out(piece: Piece) -> Path:
        path = folder() / "parts" / f"{piece.first:%Y-%m}" / f"{stamp}-{piece.first:%d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    return out


def row(written: Written, piece: Piece, origin: LakePart.Origin, generation: int) -> LakePart:
    """A written file as a row of the manifest, not yet saved."""
    return LakePart(
        origin=origin,
        first_day=piece.first,
        last_day=piece.last,
        first_event_on=written.first_event,
        zone=zone(),
        generation=generation,
        path=str(written.path.relative_to(folder())),
        rows=written.rows,
        weight=written.weight,
        bytes=written.bytes,
        checksum=written.checksum,
    )


def change(*, come: Sequence[LakePart], go: Collection[LakePart]) -> None:
    """Put `come` in the place of `go`; call it under `lock`. Raises Stale where one of `go` has
    gone already."""
    gone = sorted(go, key=lambda each: each.pk)
    for start in range(0, len(gone), _CHUNK):
        some = [each.pk for each in gone[start : start + _CHUNK]]
        _, deleted = LakePart.objects.filter(pk__in=some).delete()
        if deleted.get("events.LakePart", 0) != len(some):
            raise Stale
    RetiredFile.objects.bulk_create(RetiredFile(path=each.path, at=timezone.now()) for each in gone)
    LakePart.objects.bulk_create(come)
    Workspace.objects.filter(id=1).update(usage_connected=LakePart.objects.exists())
    told = Change(come, gone)
    for hear in CHANGED:
        hear(told)


def discard(files: Iterable[Path]) -> None:
    """Remove files that were written and will not be used."""
    for path in files:
        path.unlink(missing_ok=True)


def sweep(kept: Collection[Path] = ()) -> int:
    """Remove files that no longer belong to the lake, some minutes after the last reader may
    have been given them, and what killed writers left; returns how many."""
    limit = timezone.now() - timedelta(seconds=GRACE)
    retired = RetiredFile.objects.filter(at__lt=limit)
    old = [folder() / path for path in retired.values_list("path", flat=True)]
    waiting = {folder() / p for p in RetiredFile.objects.values_list("path", flat=True)}
    found = [*folder().glob("parts/*/*.parquet"), *folder().glob("staged/*.parquet")]
    found += [*folder().glob("parts/*/.*"), *folder().glob("staged/.*")]
    lost = [path for path in found if path not in waiting and is_old(path)]
    named = {folder() / path for path in LakePart.objects.values_list("path", flat=True)}
    going = [path for path in [*old, *lost] if path not in named and path not in kept]
    discard(going)
    retired.filter(path__in=[str(path.relative_to(folder())) for path in old]).delete()
    return len(going) + _sweep_spilled()


def _sweep_spilled() -> int:
    """Where a killed writer spilled, gone with what it holds; how many directories."""
    left = [path for path in spilled(folder()) if _is_left(path)]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _is_left(directory: Path) -> bool:
    """Whether neither it nor a file in it was touched since a writer could still be at it."""
    try:
        touched = max(path.stat().st_mtime for path in (directory, *directory.iterdir()))
    except FileNotFoundError:
        return False
    return touched < time.time() - GRACE


def is_old(path: Path) -> bool:
    """Whether no writer can be at it any more."""
    try:
        return path.is_file() and path.stat().st_mtime < time.time() - GRACE
    except FileNotFoundError:
        return False
