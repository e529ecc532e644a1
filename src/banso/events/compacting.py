"""Few large parts out of many small ones, so that reading does not depend on how they came."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from banso.base.workspace import local_today
from banso.engine.received import Piece
from banso.engine.rewrite import rewrite
from banso.events import manifest
from banso.events.lake import folder, zone
from banso.events.manifest import Stale
from banso.events.models import LakePart
from banso.events.pieces import pieces

MANY = 8
"""So many parts of about one size become one, also of a day that goes on."""
QUIET = timedelta(hours=1)
"""A day that is over is put together when so long nothing came for it."""


def compact_some(*, everything: bool = False) -> int:
    """Put the first piece together that is due, or with `everything` any that is in several
    parts; returns how many parts became one."""
    for piece, parts in _by_piece().items():
        due = _due(piece, parts, everything=everything)
        if due:
            return len(due) if _merge(piece, due) else 0
    return 0


def compact_all(*, everything: bool = False) -> int:
    """Until nothing is due; how many parts were put together."""
    total = 0
    while merged := compact_some(everything=everything):
        total += merged
    return total


def _by_piece() -> dict[Piece, list[LakePart]]:
    found: dict[Piece, list[LakePart]] = defaultdict(list)
    piece = pieces()
    received = LakePart.objects.filter(origin=LakePart.Origin.RECEIVED, zone=zone())
    for part in received.order_by("first_day", "id"):
        found[piece(part.first_day)].append(part)
    return found


def _due(piece: Piece, parts: Sequence[LakePart], *, everything: bool) -> list[LakePart]:
    if everything or _is_over(piece, parts):
        return list(parts) if len(parts) > 1 else []
    sizes: dict[int, list[LakePart]] = defaultdict(list)
    for part in parts:
        sizes[_size(part.rows)].append(part)
    return next((some for some in sizes.values() if len(some) >= MANY), [])


def _is_over(piece: Piece, parts: Iterable[LakePart]) -> bool:
    """Whether all of it is to be one part: a day that is over and quiet, a month in days."""
    parts = list(parts)
    quiet = max(part.made_at for part in parts) < timezone.now() - QUIET
    is_day = piece.first == piece.last
    in_days = any((part.first_day, part.last_day) != piece for part in parts)
    return quiet and piece.last < local_today() and (is_day or in_days)


def _size(rows: int) -> int:
    """A power of 8, so that a row is written anew a few times only, however many parts come."""
    return (rows.bit_length() - 1) // 3


def _merge(piece: Piece, parts: Sequence[LakePart]) -> bool:
    """False where somebody else changed one of the parts meanwhile."""
    written = rewrite(
        manifest.paths(parts),
        folder=folder(),
        zone=zone(),
        piece=lambda day: piece,
        out=manifest.new_file(),
    )
    try:
        replace(parts, written)
    except (Stale, FileNotFoundError):
        return False
    return True


@transaction.atomic
def _swap(parts: Sequence[LakePart], come: Sequence[LakePart], of_zone: str) -> None:
    manifest.lock()
    if zone() != of_zone:
        raise Stale
    manifest.change(come=come, go=parts)


def replace(parts: Sequence[LakePart], written: "manifest.Files") -> None:
    """Put the written files in the place of these parts. Raises Stale, and removes the files,
    where one of the parts is no longer in the manifest."""
    origin = LakePart.Origin(parts[0].origin)
    generation = max(part.generation for part in parts) + 1
    come = [
        manifest.row(file, piece, origin, generation=generation) for piece, file in written.items()
    ]
    try:
        _swap(parts, come, come[0].zone if come else zone())
    except Stale:
        manifest.discard(file.path for file in written.values())
        raise
