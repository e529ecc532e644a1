"""The lake without some people: its parts, what waits in the inbox, the staged files of imports."""

import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
from django.db import transaction

from banso.engine.barred import Barred, Id, digest_of, holding, leave_out, months_holding
from banso.engine.received import Piece
from banso.engine.rewrite import rewrite
from banso.engine.seen import Gone, seen_of
from banso.events import manifest, parts
from banso.events.inbox import Row, pack, unpack
from banso.events.lake import folder, zone
from banso.events.manifest import Stale
from banso.events.models import Import, Inbox, Kind, LakePart
from banso.events.seen import forget_seen

RECEIVED = LakePart.Origin.RECEIVED


@dataclass(frozen=True)
class Anew:
    """Parts of received events written anew, the imported months that are to go with them, and
    how many events of how many parts that takes out, made of what."""

    went: Sequence[LakePart]
    come: Sequence[LakePart]
    months: parts.Built
    events: int
    files: int
    seen: Sequence[Gone]


def write_anew(ids: Sequence[Id]) -> Anew:
    """Write everything that holds these people anew, aside."""
    there = {folder() / each.path: each for each in LakePart.objects.order_by("id")}
    found = holding(list(there), ids)
    went = [there[path] for path in found if there[path].origin == RECEIVED]
    built = _months(ids, [there[path] for path in found if there[path].origin != RECEIVED])
    come = [new for part in went for new in _without(part, ids)]
    seen = seen_of(manifest.paths(went), ids)
    return Anew(went, come, built, sum(found.values()), len(found), seen)


def put_in_place(anew: Anew) -> None:
    """Call it in the transaction that writes down what was done. Raises Stale, and removes the
    files, where a part is another by now."""
    try:
        parts.swap(anew.months)
        manifest.lock()
        manifest.change(come=anew.come, go=anew.went)
        forget_seen(anew.seen)
    except Stale:
        parts.discard(anew.months)
        manifest.discard(folder() / each.path for each in anew.come)
        raise


def out_of_inbox(ids: Collection[Id], gone: Callable[[int], object]) -> None:
    """Take their events out of the batches that wait; `gone` hears of how many, in the transaction
    of each. A loader that has read such a batch before sees that they are barred and begins
    again."""
    for pk in list(Inbox.objects.order_by("id").values_list("pk", flat=True)):
        _out_of_batch(pk, ids, gone)


def waiting(ids: Collection[Id]) -> int:
    """How many of their events wait."""
    batches = Inbox.objects.order_by("id").iterator(chunk_size=100)
    return sum(len(rows) - len(others(rows, ids)) for rows in map(rows_in, batches))


def out_of_staged(ids: Sequence[Id]) -> None:
    """Take their rows out of what imports keep."""
    barred = Barred(frozenset(digest_of(*each) for each in ids))
    for path in holding(staged(), ids):
        leave_out(path, barred, zone=zone())


@transaction.atomic
def out_of_previews(ids: Sequence[Id]) -> None:
    """Take them out of the first rows that are kept of files of events, to look at."""
    names = {source: {name for of, name in ids if of == source} for source, _ in ids}
    imports = Import.objects.select_for_update(of=("self",)).filter(kind=Kind.EVENTS)
    for owner in imports.filter(source__in=names):
        rows = owner.inspection.get("rows", [])
        stay = [row for row in rows if not names[owner.source_id] & set(row["cells"])]
        if len(stay) < len(rows):
            owner.inspection = owner.inspection | {"rows": stay}
            owner.save(update_fields=["inspection"])
        owner.problems.filter(found__in=names[owner.source_id]).update(found="")


def staged() -> list[Path]:
    """The files of the imports whose events are in the lake."""
    return [path for path in map(parts.staged_path, parts.live()) if path.is_file()]


def rows_in(batch: Inbox) -> list[Row]:
    """What cannot be read cannot be loaded either: none."""
    try:
        return unpack(bytes(batch.blob))
    except (zlib.error, msgspec.MsgspecError):
        return []


def others(rows: Sequence[Row], ids: Collection[Id]) -> list[Row]:
    """The rows that are not theirs."""
    return [row for row in rows if (row[0], row[4]) not in ids]


def _months(ids: Sequence[Id], imported: Sequence[LakePart]) -> parts.Built:
    """The imported months anew in which they occur, also where their events only wait."""
    files = staged()
    months: set[date] = {each.first_day for each in imported}
    months |= set(months_holding(list(holding(files, ids)), ids, zone=zone()))
    return parts.build(sorted(months), files, parts.known_accounts())


def _without(part: LakePart, ids: Sequence[Id]) -> Iterator[LakePart]:
    """A part without them; its days stay those of its own zone."""
    own = Piece(part.first_day, part.last_day)
    of_zone = part.zone or zone()
    written = rewrite(
        manifest.paths([part]),
        folder=folder(),
        zone=of_zone,
        piece=lambda day: own,
        out=manifest.new_file(),
        without=ids,
    )
    for piece, file in written.items():
        new = manifest.row(file, piece, RECEIVED, generation=part.generation + 1)
        new.zone = of_zone
        yield new


@transaction.atomic
def _out_of_batch(pk: int, ids: Collection[Id], gone: Callable[[int], object]) -> None:
    batch = Inbox.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if batch is None:
        return
    rows = rows_in(batch)
    stay = others(rows, ids)
    if rows and not stay:
        batch.delete()
    elif len(stay) < len(rows):
        batch.blob = pack(stay)
        batch.events, batch.bytes = len(stay), len(batch.blob)
        batch.save(update_fields=["blob", "events", "bytes"])
    if len(stay) < len(rows):
        gone(len(rows) - len(stay))
