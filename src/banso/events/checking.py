"""Reading every file of the lake again, against the manifest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from banso.engine.part import checksum
from banso.engine.received import Piece
from banso.engine.verify import held, told_twice
from banso.events import manifest, parts
from banso.events.lake import folder, zone
from banso.events.models import LakePart, RetiredFile


@dataclass(frozen=True)
class Fault:
    """Something that is not as it should be: a code, and the file or month it is about."""

    code: str
    where: str


LOST = {"missing", "unreadable", "checksum"}
"""Faults of files whose events are not looked at."""


def verify() -> Iterator[Fault]:
    """All faults: missing, unreadable, rows, weight, checksum, days, zone, duplicates, orphan."""
    found = list(LakePart.objects.order_by("first_day", "id"))
    there = []
    for part in found:
        faults = list(_of_part(part))
        yield from faults
        if not LOST & {fault.code for fault in faults}:
            there.append(part)
    for first in sorted({part.first_day.replace(day=1) for part in there}):
        yield from _of_month(parts.month(first), there)
    yield from _orphans()


def _of_part(part: LakePart) -> Iterator[Fault]:
    path = folder() / part.path
    try:
        if part.checksum and checksum(path) != part.checksum:
            yield Fault("checksum", part.path)
            return
        what = held(path, part.zone or zone())
    except FileNotFoundError:
        yield Fault("missing", part.path)
        return
    except Exception:  # whatever the engine cannot read
        yield Fault("unreadable", part.path)
        return
    if what.rows != part.rows:
        yield Fault("rows", part.path)
    if what.weight != part.weight:
        yield Fault("weight", part.path)
    if not part.first_day <= what.first_event <= what.last_event <= part.last_day:
        yield Fault("days", part.path)
    if what.misdated:
        yield Fault("zone", part.path)


def _of_month(month: Piece, there: Sequence[LakePart]) -> Iterator[Fault]:
    near = manifest.near(there, month)
    spill = folder() / "parts" / f"{month.first:%Y-%m}"
    if told_twice(manifest.paths(near), month.first, month.last, spill=spill):
        yield Fault("duplicates", f"{month.first:%Y-%m}")


def _orphans() -> Iterator[Fault]:
    """Files that nothing names and no writer is still at."""
    known = set(LakePart.objects.values_list("path", flat=True))
    known |= set(RetiredFile.objects.values_list("path", flat=True))
    for path in sorted(folder().glob("parts/*/*.parquet")):
        name = str(path.relative_to(folder()))
        if name not in known and manifest.is_old(path):
            yield Fault("orphan", name)
