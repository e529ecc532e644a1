"""The loader: takes received events out of the inbox into the lake, each exactly once.

It leases rows of the inbox and writes what is new of them into further parts, aside. Then one
transaction checks that nothing came between, names the parts in the manifest and deletes exactly
the leased rows; or it does nothing, and somebody tries again.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from banso.engine.received import Loaded, Lying, clash, load
from banso.events import manifest, parts
from banso.events.inbox import texts_of
from banso.events.lake import folder, zone
from banso.events.manifest import Stale
from banso.events.models import Inbox, LakePart
from banso.events.pieces import pieces
from banso.events.seen import note_seen

LEASE = timedelta(minutes=5)
MOST_EVENTS = 200_000
MOST_BYTES = 32_000_000
MOST_BATCHES = 2_000
TRIES = 5
RECEIVED, IMPORTED = LakePart.Origin.RECEIVED, LakePart.Origin.IMPORTED


@dataclass(frozen=True)
class Lease:
    """Batches that are one loader's, by its token, for some minutes."""

    worker: str
    batches: Sequence[Inbox]

    @property
    def events(self) -> int:
        return sum(each.events for each in self.batches)


@dataclass(frozen=True)
class Aside:
    """A batch as it was written: the zone of its days, what it was compared with, the imported
    months that are to go with it."""

    zone: str
    days: Sequence[date]
    compared: frozenset[int]
    loaded: Loaded
    months: parts.Built | None

    @property
    def files(self) -> list[Path]:
        return [each.path for each in self.loaded.parts.values()]


def load_some() -> int:
    """Load the oldest batches that wait, as many as one go may hold; how many events they had."""
    held = lease()
    if held is None:
        return 0
    try:
        for _ in range(TRIES):
            aside = _write(held.batches)
            try:
                _commit(held, aside)
            except Stale:
                _discard(aside)
                continue
            return held.events
    finally:
        release(held)
    return 0


def load_all() -> int:
    """Load until nothing waits that is nobody else's; how many events that were."""
    total = 0
    while events := load_some():
        total += events
    return total


@transaction.atomic
def lease() -> Lease | None:
    """Take the oldest batches that nobody holds, or whose holder let the time run out."""
    now = timezone.now()
    free = Inbox.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now)).order_by("id")
    sizes = free.select_for_update(skip_locked=True, of=("self",)).values_list(
        "pk", "events", "bytes"
    )
    chosen = _fitting(list(sizes[:MOST_BATCHES]))
    if not chosen:
        return None
    worker = secrets.token_hex(8)
    Inbox.objects.filter(pk__in=chosen).update(worker=worker, leased_until=now + LEASE)
    return Lease(worker, list(Inbox.objects.filter(worker=worker).order_by("id")))


def release(held: Lease) -> None:
    """Let go of what was not loaded."""
    Inbox.objects.filter(worker=held.worker).update(worker="", leased_until=None)


def _fitting(sizes: Sequence[tuple[int, int, int]]) -> list[int]:
    chosen: list[int] = []
    events = size = 0
    for pk, more, heavier in sizes:
        events, size = events + more, size + heavier
        if chosen and (events > MOST_EVENTS or size > MOST_BYTES):
            break
        chosen.append(pk)
    return chosen


def _write(batches: Sequence[Inbox]) -> Aside:
    """Everything that takes time, outside any transaction."""
    compared: list[LakePart] = []
    found: list[date] = []

    def lying(days: Sequence[date]) -> Lying:
        received = manifest.around(days, RECEIVED)
        imported = manifest.around(days, IMPORTED)
        compared.extend([*received, *imported])
        found.extend(days)
        return Lying(manifest.paths(received), manifest.paths(imported))

    place = zone()
    folder().mkdir(parents=True, exist_ok=True)
    loaded = load(
        texts_of(batches),
        zone=place,
        folder=folder(),
        lying=lying,
        piece=pieces(),
        out=manifest.new_file(),
    )
    aside = Aside(place, found, frozenset(each.pk for each in compared), loaded, None)
    return replace(aside, months=_without(aside)) if loaded.overtaken else aside


def _without(aside: Aside) -> parts.Built:
    """The imported months anew without what the new files tell as well."""
    staged = [parts.staged_path(each) for each in parts.live()]
    months = aside.loaded.overtaken
    return parts.build(months, staged, parts.known_accounts(), coming=aside.files)


@transaction.atomic
def _commit(held: Lease, aside: Aside) -> None:
    """Raises Stale where it no longer fits."""
    manifest.lock()
    if zone() != aside.zone or _is_told_again(aside):
        raise Stale
    deleted, _ = Inbox.objects.filter(worker=held.worker).delete()
    if deleted != len(held.batches):
        raise Stale
    if aside.months:
        parts.swap(aside.months)
    come = [
        manifest.row(written, piece, RECEIVED, generation=1)
        for piece, written in aside.loaded.parts.items()
    ]
    manifest.change(come=come, go=())
    note_seen(aside.loaded.seen)


def _is_told_again(aside: Aside) -> bool:
    """Whether parts that came meanwhile hold some of the new events."""
    there = [*manifest.around(aside.days, RECEIVED), *manifest.around(aside.days, IMPORTED)]
    new = [part for part in there if part.pk not in aside.compared]
    return clash(aside.files, manifest.paths(new))


def _discard(aside: Aside) -> None:
    manifest.discard(aside.files)
    if aside.months:
        parts.discard(aside.months)
