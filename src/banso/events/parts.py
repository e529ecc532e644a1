"""Building the lake's months anew and swapping them into the manifest.

The lake is a function of the staged files of the live imports, in the order in which they ended,
and of the accounts known. Months are built beside the old ones and outside any transaction; the
swap checks that nothing they were built from has changed meanwhile.
"""

import os
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Count, Max

from banso.base.models import Workspace
from banso.engine.lake import PartResult, build_parts
from banso.events.lake import folder, zone
from banso.events.models import ExternalId, HeldEvents, Import, Kind, LakePart

type Known = dict[int, set[str]]
type Basis = tuple[object, ...]

GRACE = 600.0


class Stale(Exception):
    """Another import came between building and swapping; build again."""


@dataclass(frozen=True)
class Built:
    """Months built aside, and what they were built from."""

    basis: Basis
    generation: int
    parts: Sequence[PartResult]


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
    months: Collection[date], staged: Sequence[Path], known: Mapping[int, Collection[str]]
) -> Built:
    """The months anew from these staged files, beside the ones in use."""
    generation = (LakePart.objects.aggregate(last=Max("generation"))["last"] or 0) + 1
    stamp = f"g{generation:06d}-{os.getpid()}-{time.time_ns():x}"
    before = basis()

    def out(month: date) -> Path:
        return folder() / "parts" / f"{month:%Y-%m}" / f"{stamp}.parquet"

    for month in months:
        out(month).parent.mkdir(parents=True, exist_ok=True)
    parts = list(build_parts(staged, months, zone=zone(), known_accounts=known, out=out))
    return Built(before, generation, parts)


def basis() -> Basis:
    """Changes whenever the lake, its imports or the accounts it knows do."""
    ids = ExternalId.objects.filter(kind=ExternalId.Kind.ACCOUNT)
    return (
        LakePart.objects.aggregate(Max("generation"), Max("id"), Count("id")),
        [each.pk for each in live()],
        ids.aggregate(Max("id"), Count("id")),
    )


def swap(built: Built) -> None:
    """Put the built months into the manifest; call it first in the transaction that changes
    what they were built from. Raises Stale when they no longer fit."""
    Workspace.objects.select_for_update().filter(id=1).first()
    if basis() != built.basis:
        discard(built)
        raise Stale
    if not built.parts:
        return
    months = [part.month for part in built.parts]
    old = LakePart.objects.filter(first_day__in=months)
    paths = [folder() / path for path in old.values_list("path", flat=True)]
    old.delete()
    LakePart.objects.bulk_create(_row(p, built.generation) for p in built.parts if p.path)
    _note_held(built.parts, months)
    Workspace.objects.filter(id=1).update(usage_connected=LakePart.objects.exists())
    transaction.on_commit(lambda: retire(paths))


def discard(built: Built) -> None:
    """Remove files that were built and will not be used."""
    for part in built.parts:
        if part.path:
            part.path.unlink(missing_ok=True)


def retire(paths: Iterable[Path]) -> None:
    """The files were in use until now: sweeping waits from here on."""
    for path in paths:
        if path.exists():
            path.touch()


def sweep() -> int:
    """Remove files no longer in the manifest, some minutes after the last reader may have
    opened them; returns how many."""
    named = {folder() / path for path in LakePart.objects.values_list("path", flat=True)}
    kept = {staged_path(each) for each in live()}
    limit = time.time() - GRACE
    found = [*folder().glob("parts/*/*.parquet"), *folder().glob("staged/*.parquet")]
    old = [p for p in found if p not in named and p not in kept and p.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _row(part: PartResult, generation: int) -> LakePart:
    assert part.path is not None
    assert part.first_day is not None
    return LakePart(
        first_day=part.month,
        last_day=(part.month + timedelta(days=31)).replace(day=1) - timedelta(days=1),
        first_event_on=part.first_day,
        generation=generation,
        path=str(part.path.relative_to(folder())),
        rows=part.rows,
        weight=part.weight,
    )


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
