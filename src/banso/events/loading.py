"""The loader: takes received events out of the inbox into the lake, each exactly once.

It leases rows of the inbox and writes what is new of them into further parts, aside. Then one
transaction checks that nothing came between, names the parts in the manifest and deletes exactly
the leased rows; or it does nothing, and somebody tries again.

A batch that cannot be loaded is found by halving what was taken with it, so the others go on. It
is tried again by itself, some minutes later, and after a few times it is set aside.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from banso.base.jobs import beating
from banso.engine.barred import Barred
from banso.engine.connect import is_of_machine
from banso.engine.received import Loaded, Lying, clash, load
from banso.events import manifest, parts
from banso.events.barred import barred
from banso.events.inbox import rows_of
from banso.events.lake import folder, zone
from banso.events.manifest import Stale
from banso.events.models import Inbox, LakePart
from banso.events.pieces import pieces
from banso.events.seen import note_seen

LEASE = timedelta(minutes=5)
AGAIN = timedelta(minutes=2)
"""So long a batch that failed rests, and each time longer."""
MOST_FAILURES = 3
MOST_EVENTS = 200_000
MOST_BYTES = 32_000_000
MOST_BATCHES = 2_000
TRIES = 5
AWAY = (OperationalError, InterfaceError)
RECEIVED, IMPORTED = LakePart.Origin.RECEIVED, LakePart.Origin.IMPORTED
log = structlog.get_logger()


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
    """A batch as it was written: the zone of its days, who was barred, what it was compared with,
    the imported months that are to go with it."""

    zone: str
    barred: Barred
    days: Sequence[date]
    compared: frozenset[int]
    loaded: Loaded
    months: parts.Built | None

    @property
    def files(self) -> list[Path]:
        return [each.path for each in self.loaded.parts.values()]


def load_some() -> int:
    """Load the oldest batches that wait, as many as one go may hold; how many events were looked
    at. Raises what has nothing to do with the batches: a full disk, a database that is away."""
    held = lease()
    if held is None:
        return 0
    mine = Inbox.objects.filter(worker=held.worker)
    try:
        with beating(lambda: mine.update(leased_until=timezone.now() + LEASE)):
            return _load(held)
    finally:
        release(held)


def _load(held: Lease) -> int:
    """Load it whole or, where that fails, in halves, down to the batch that is bad."""
    try:
        return held.events if _load_whole(held) else 0
    except Exception as error:
        if isinstance(error, AWAY) or is_of_machine(error):
            raise
        if len(held.batches) == 1:
            _note_failure(held.batches[0], error)
            return held.events
    middle = len(held.batches) // 2
    halves = (held.batches[:middle], held.batches[middle:])
    return sum(_load(Lease(held.worker, half)) for half in halves)


def _load_whole(held: Lease) -> bool:
    """False where others were faster each time."""
    for _ in range(TRIES):
        aside = _write(held.batches)
        try:
            _commit(held, aside)
        except Stale:
            _discard(aside)
            continue
        return True
    return False


def _note_failure(batch: Inbox, error: Exception) -> None:
    """It rests, or is set aside; of the error the kind alone is told, its text may quote a row."""
    tries = batch.tries + 1
    told, is_aside = type(error).__name__, tries >= MOST_FAILURES
    Inbox.objects.filter(pk=batch.pk, worker=batch.worker).update(
        tries=tries, tried_at=timezone.now(), error=told, is_aside=is_aside
    )
    log.error("batch_not_loaded", batch=batch.pk, kind=told, tries=tries, set_aside=is_aside)


def try_again() -> int:
    """Have the batches that were set aside loaded like any other; how many there were."""
    return Inbox.objects.filter(is_aside=True).update(
        tries=0, tried_at=None, error="", is_aside=False
    )


def load_all() -> int:
    """Load until nothing waits that is nobody else's; how many events that were."""
    total = 0
    while events := load_some():
        total += events
    return total


@transaction.atomic
def lease() -> Lease | None:
    """Take the oldest batches that nobody holds, or whose holder let the time run out; one that
    failed before by itself."""
    now = timezone.now()
    free = Inbox.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), is_aside=False)
    free = free.select_for_update(skip_locked=True, of=("self",)).order_by("id")
    sizes = free.filter(tries=0).values_list("pk", "events", "bytes")
    chosen = _fitting(list(sizes[:MOST_BATCHES])) or _failed(free, now)
    if not chosen:
        return None
    worker = secrets.token_hex(8)
    Inbox.objects.filter(pk__in=chosen).update(worker=worker, leased_until=now + LEASE)
    return Lease(worker, list(Inbox.objects.filter(worker=worker).order_by("id")))


def release(held: Lease) -> None:
    """Let go of what was not loaded."""
    Inbox.objects.filter(worker=held.worker).update(worker="", leased_until=None)


def _failed(free: QuerySet[Inbox], now: datetime) -> list[int]:
    """One that has rested since it failed."""
    for each in free.filter(tries__gt=0).defer("blob")[:MOST_BATCHES]:
        if each.tried_at is None or each.tried_at + each.tries * AGAIN < now:
            return [each.pk]
    return []


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

    place, out = zone(), barred()
    folder().mkdir(parents=True, exist_ok=True)
    loaded = load(
        rows_of(batches),
        zone=place,
        folder=folder(),
        lying=lying,
        piece=pieces(),
        out=manifest.new_file(),
        barred=out,
    )
    aside = Aside(place, out, found, frozenset(each.pk for each in compared), loaded, None)
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
    if zone() != aside.zone or barred() != aside.barred or _is_told_again(aside):
        raise Stale
    mine = [each.pk for each in held.batches]
    deleted, _ = Inbox.objects.filter(worker=held.worker, pk__in=mine).delete()
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
