"""Building the lake's months anew and swapping them into the manifest.

The lake is a function of the staged files of the live imports, in the order in which they ended,
and of the accounts known. Months are built beside the old ones and outside any transaction; the
swap checks that nothing they were built from has changed meanwhile.
"""

import os
import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db.models import Count, Max, QuerySet

from banso.engine.lake import PartResult, build_parts
from banso.engine.received import Piece, clash
from banso.events import manifest
from banso.events.barred import barred
from banso.events.lake import folder, zone
from banso.events.manifest import Stale
from banso.events.models import ExternalId, HeldEvents, Import, Kind, LakePart

type Known = dict[int, set[str]]
type Basis = tuple[object, ...]

__all__ = ["Built", "Stale", "build", "discard", "live", "swap", "sweep"]


@dataclass(frozen=True)
class Built:
    """Months built aside, and what they were built from. `received` are the parts of received
    events that were looked at."""

    basis: Basis
    generation: int
    parts: Sequence[PartResult]
    received: frozenset[int] = frozenset()

    @property
    def months(self) -> list[date]:
        return [part.month for part in self.parts]

    @property
    def files(self) -> list[Path]:
        return [part.path for part in self.parts if part.path]


def staged_path(owner: Import) -> Path:
    """Where an events import keeps its good rows for as long as it lives."""
    return folder() / "staged" / f"{owner.uid}.parquet"


def live() -> list[Import]:
    """The imports whose events are in the lake, in the order in which they came in."""
    done = Import.objects.filter(kind=Kind.EVENTS, status=Import.Status.DONE, staged=True)
    return list(done.order_by("ended_at", "id"))


def known_accounts() -> Known:
    """The accounts each source's events may be about."""
    found: Known = defaultdict(set)
    rows = ExternalId.objects.filter(kind=ExternalId.Kind.ACCOUNT)
    for source, value in rows.values_list("source_id", "value"):
        found[source].add(value)
    return found


def held_months(source: int, accounts: Collection[str]) -> list[date]:
    """The months in which events wait for one of these accounts."""
    rows = HeldEvents.objects.filter(source=source).values_list("account", "month")
    return sorted({month for account, month in rows if account in accounts})


def build(
    months: Collection[date],
    staged: Sequence[Path],
    known: Mapping[int, Collection[str]],
    coming: Sequence[Path] = (),
) -> Built:
    """The months anew from these staged files, beside the ones in use. What parts of received
    events tell, or files that are `coming` with them, is not told again."""
    generation = (_imported().aggregate(last=Max("generation"))["last"] or 0) + 1
    stamp = f"g{generation:06d}-{os.getpid()}-{time.time_ns():x}"
    before = basis()
    there = _received(months)

    def out(month: date) -> Path:
        return folder() / "parts" / f"{month:%Y-%m}" / f"{stamp}.parquet"

    for month in months:
        out(month).parent.mkdir(parents=True, exist_ok=True)
    parts = build_parts(
        staged,
        months,
        zone=zone(),
        known_accounts=known,
        out=out,
        received=[*manifest.paths(there), *coming],
        barred=barred(),
    )
    return Built(before, generation, list(parts), frozenset(each.pk for each in there))


def basis() -> Basis:
    """Changes whenever the imported part of the lake, its imports, the accounts it knows or the
    people it bars do."""
    ids = ExternalId.objects.filter(kind=ExternalId.Kind.ACCOUNT)
    staged = [staged_path(each) for each in live()]
    return (
        zone(),
        _imported().aggregate(Max("generation"), Max("id"), Count("id")),
        [(path.name, path.stat().st_mtime_ns) for path in staged if path.is_file()],
        ids.aggregate(Max("id"), Count("id")),
        barred(),
    )


def swap(built: Built) -> None:
    """Put the built months into the manifest; call it first in the transaction that changes
    what they were built from. Raises Stale when they no longer fit."""
    manifest.lock()
    if basis() != built.basis or _is_told_again(built):
        discard(built)
        raise Stale
    if not built.parts:
        return
    come = [
        manifest.row(part.written, month(part.month), LakePart.Origin.IMPORTED, built.generation)
        for part in built.parts
        if part.written
    ]
    manifest.change(come=come, go=list(_imported().filter(first_day__in=built.months)))
    _note_held(built.parts, built.months)


def discard(built: Built) -> None:
    """Remove files that were built and will not be used."""
    manifest.discard(built.files)


def month(first: date) -> Piece:
    """The days of a month, told by its first."""
    return Piece(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def months() -> list[date]:
    """The first days of the months that imports have events in."""
    return list(_imported().order_by("first_day").values_list("first_day", flat=True))


def sweep() -> int:
    """Remove files that no longer belong to the lake; returns how many."""
    return manifest.sweep({staged_path(each) for each in live()})


def _imported() -> QuerySet[LakePart]:
    return LakePart.objects.filter(origin=LakePart.Origin.IMPORTED)


def _received(months: Collection[date]) -> list[LakePart]:
    near = [(m.first - timedelta(1), m.last + timedelta(1)) for m in map(month, months)]
    if not near:
        return []
    parts = manifest.received(min(near)[0], max(near)[1])
    return [p for p in parts if any(p.first_day <= b and p.last_day >= a for a, b in near)]


def _is_told_again(built: Built) -> bool:
    """Whether events that were received meanwhile are among those built."""
    new = [part for part in _received(built.months) if part.pk not in built.received]
    return clash(built.files, manifest.paths(new))


def _note_held(parts: Sequence[PartResult], months: Sequence[date]) -> None:
    """Write down what waits for which account, and how much of each import still waits."""
    HeldEvents.objects.filter(month__in=months).delete()
    HeldEvents.objects.bulk_create(
        HeldEvents(source_id=source, account=account, month=part.month, rows=rows)
        for part in parts
        for (source, account), rows in part.waiting.items()
    )
    changed = []
    for owner in Import.objects.filter(kind=Kind.EVENTS, status=Import.Status.DONE):
        held = dict(owner.held_months)
        for part in parts:
            outcome = part.outcomes.get(owner.pk)
            held[part.month.isoformat()] = outcome.on_hold if outcome else 0
        owner.held_months = {month: rows for month, rows in held.items() if rows}
        changed.append(owner)
    Import.objects.bulk_update(changed, ["held_months"])
