"""From a batch that was read to one that outlasts a loss of power.

SQLite lets one connection write at a time, and most of a commit is waiting for the disk. So what
comes while a commit is under way is written by whoever has the next turn, all in one transaction,
and answered when that is over. PostgreSQL joins commits by itself.
"""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from banso.base.turns import turn
from banso.events.inbox import ReceivedEvent, prepared
from banso.events.models import Inbox
from banso.ingest.accounts import remember
from banso.ingest.batches import Batch
from banso.ingest.calls import EVENTS, PACK, Seen
from banso.ingest.erasing import follow
from banso.ingest.models import Receipt, Telling, WriteKey
from banso.ingest.receipts import packed
from banso.ingest.wire import Refused

A_SECOND = 1_000
AHEAD = timedelta(seconds=2.5)
"""How far a key may run ahead of its pace: one batch of the largest size."""


class NotWritten(Exception):
    """Whoever had the turn ended without having written this."""


@dataclass(eq=False)
class Coming:
    """What a request brings, as it will be written; `failure` says why it is not there."""

    key: WriteKey
    at: datetime
    inbox: Inbox | None
    told: Sequence[Seen]
    visitors: Collection[str]
    receipt: Receipt
    failure: Exception | None = field(default_factory=NotWritten)

    @property
    def events(self) -> int:
        return self.receipt.taken + self.receipt.refused


_queue: list[Coming] = []
_turn = threading.Lock()


def keep(key: WriteKey, batch: Batch, now: datetime) -> None:
    """Commit the batch; the answer may be given when this returns."""
    mine = coming(key, batch, now)
    if connection.vendor == "sqlite":
        _queue.append(mine)
        with _turn:
            if mine in _queue:
                with turn(settings.HOME / "turns.lock"):
                    attempt(everything())
    else:
        attempt([mine])
    if mine.failure is not None:
        raise mine.failure


def coming(key: WriteKey, batch: Batch, now: datetime) -> Coming:
    """All that can be made ready before it is anybody's turn."""
    source = key.source_id
    events = [event_of(source, each) for each in batch.seen if each.kind in EVENTS]
    receipt = Receipt(
        source_id=source,
        key=key,
        at=now,
        taken=len(batch.seen),
        refused=len(batch.lines) - len(batch.seen),
        troubles=batch.troubles,
        lines=packed(batch.lines),
    )
    told = [each for each in batch.seen if each.kind not in EVENTS]
    inbox = prepared(source, events) if events else None
    return Coming(key, now, inbox, told, batch.visitors, receipt)


def event_of(source: int, seen: Seen) -> ReceivedEvent:
    return ReceivedEvent(
        source=source,
        message=seen.message,
        ts=seen.at,
        account=seen.account,
        person=seen.person,
        event=seen.event,
        count=1,
        properties=seen.properties,
    )


def everything() -> list[Coming]:
    """What waits for its turn now, and waits no longer."""
    group = list(_queue)
    del _queue[: len(group)]
    return group


def attempt(group: Sequence[Coming]) -> None:
    """Write it together. What is refused for what it says must not take others with it: then each
    is written by itself. A database that cannot be written to is not asked again for each."""
    try:
        write(group)
    except Exception as error:
        if len(group) == 1 or isinstance(error, (OperationalError, InterfaceError)):
            for each in group:
                each.failure = error
        else:
            for each in group:
                attempt([each])


def write(group: Sequence[Coming]) -> None:
    with transaction.atomic(durable=True):
        keys = locked({each.key.pk for each in group})
        taken = [each for each in group if is_taken(each, keys[each.key.pk])]
        Inbox.objects.bulk_create([each.inbox for each in taken if each.inbox])
        Receipt.objects.bulk_create([each.receipt for each in taken])
        for each in taken:
            tell(each)
            if each.visitors:
                follow(each.key.source, each.visitors)
        for key in keys.values():
            key.save(update_fields=["seen_at", "busy_until"])
    for each in taken:
        each.failure = None


def locked(keys: Collection[int]) -> dict[int, WriteKey]:
    return {key.pk: key for key in WriteKey.objects.select_for_update().filter(pk__in=keys)}


def is_taken(each: Coming, key: WriteKey) -> bool:
    """Whether its key is still open and may send so much by now; then that is noted on the key."""
    try:
        if key.revoked_at is not None:
            raise Refused(401, "revoked_key")
        require_pace(key, each.at)
    except Refused as refusal:
        each.failure = refusal
        return False
    busy = max(key.busy_until or each.at, each.at)
    key.seen_at, key.busy_until = each.at, busy + timedelta(seconds=each.events / A_SECOND)
    return True


def require_pace(key: WriteKey, now: datetime) -> None:
    ahead = (key.busy_until or now) - now
    if ahead > AHEAD:
        seconds = (ahead - AHEAD).total_seconds()
        raise Refused(429, "too_fast", retry_after=int(seconds) + 1)


def tell(each: Coming) -> None:
    """Keep what was said of people and accounts until a worker settles it."""
    if not each.told:
        return
    remember(each.key.source_id, each.told)
    Telling.objects.create(
        source_id=each.key.source_id,
        at=each.at,
        public=each.key.is_public,
        calls=PACK(each.told),
    )
