"""A request of an SDK becomes one inbox row, or is refused with a reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from banso.base.workspace import workspace
from banso.core.clocks import NoTime, read_time
from banso.events.barred import kept_from
from banso.events.inbox import ReceivedEvent, receive
from banso.ingest.accounts import place, remember
from banso.ingest.batches import Batch, batch_of
from banso.ingest.calls import EVENTS, PACK, Reader, Seen
from banso.ingest.erasing import barred_among, follow
from banso.ingest.keys import digest_of
from banso.ingest.models import Receipt, Telling, WriteKey
from banso.ingest.receipts import packed
from banso.ingest.wire import Envelope, Refused, calls_of, key_in, opened, unpacked

A_SECOND = 1_000
AHEAD = timedelta(seconds=2.5)
"""How far a key may run ahead of its pace: one batch of the largest size."""
NOTED_EVERY = timedelta(seconds=1)
TOO_LARGE = ("event_too_large",)


@dataclass(frozen=True)
class Post:
    """A request as it came; `kind` is what its address says its call is, "" for a batch."""

    body: bytes
    kind: str
    authorization: str
    origin: str
    at: datetime


def take(post: Post) -> None:
    """Keep what the request brings, durably. Raises Refused for one that is not taken."""
    told = key_in(post.authorization)
    key = known(told) if told is not None else None
    try:
        text = unpacked(post.body)
        envelope = opened(text)
        key = key or known(envelope.write_key)
        require_open(key, post.origin)
        require_pace(key, post.at)
        calls = calls_of(envelope, text, many=not post.kind)
        erased = partial(barred_among, key.source_id)
        batch = batch_of(calls, reader(key, envelope, post), erased)
        keep(key, batch, post.at)
    except Refused as refusal:
        if key is not None:
            note(key, refusal, post.at)
        raise
    require_any(batch)


def known(told: object) -> WriteKey:
    """The key of that name, revoked or not."""
    found = None
    if isinstance(told, str) and told:
        found = WriteKey.objects.filter(digest=digest_of(told)).first()
    if found is None:
        raise Refused(401, "unknown_key")
    return found


def require_open(key: WriteKey, origin: str) -> None:
    """A browser's key serves its own pages; a server's key in a browser has been given away."""
    if key.revoked_at is not None:
        raise Refused(401, "revoked_key")
    if origin and not key.is_public:
        raise Refused(401, "server_key_in_browser")
    if origin and key.origins and origin not in key.origins:
        raise Refused(401, "foreign_origin")


def require_pace(key: WriteKey, now: datetime) -> None:
    ahead = (key.busy_until or now) - now
    if ahead > AHEAD:
        seconds = (ahead - AHEAD).total_seconds()
        raise Refused(429, "too_fast", retry_after=int(seconds) + 1)


def reader(key: WriteKey, envelope: Envelope, post: Post) -> Reader:
    try:
        sent = read_time(envelope.sent_at)
    except NoTime:
        sent = None
    return Reader(
        kind=post.kind,
        browser=key.is_public,
        sent=sent,
        received=post.at,
        oldest=kept_from(workspace()),
    )


def keep(key: WriteKey, batch: Batch, now: datetime) -> None:
    """Commit the batch; the answer may be given when this returns."""
    if not batch.lines:
        return
    place(key.source_id, batch.seen)
    events = [event_of(key.source_id, each) for each in batch.seen if each.kind in EVENTS]
    lines = packed(batch.lines)
    with transaction.atomic():
        held = WriteKey.objects.select_for_update().get(pk=key.pk)
        require_pace(held, now)
        if events:
            receive(key.source_id, events)
        tell(key, batch, now)
        if batch.visitors:
            follow(key.source, batch.visitors)
        Receipt.objects.create(
            source_id=key.source_id,
            key=held,
            at=now,
            taken=len(batch.seen),
            refused=len(batch.lines) - len(batch.seen),
            troubles=batch.troubles,
            lines=lines,
        )
        busy = max(held.busy_until or now, now) + timedelta(seconds=len(batch.lines) / A_SECOND)
        WriteKey.objects.filter(pk=key.pk).update(seen_at=now, busy_until=busy)


def tell(key: WriteKey, batch: Batch, now: datetime) -> None:
    """Keep what was said of people and accounts until a worker settles it."""
    said = [each for each in batch.seen if each.kind not in EVENTS]
    if not said:
        return
    remember(key.source_id, said)
    Telling.objects.create(source_id=key.source_id, at=now, public=key.is_public, calls=PACK(said))


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


def note(key: WriteKey, refusal: Refused, now: datetime) -> None:
    """Write down that a whole request was refused, once a second at most: a key that is too
    fast must not cost more than one that is not."""
    due = Q(noted_at=None) | Q(noted_at__lt=now - NOTED_EVERY)
    with transaction.atomic():
        if WriteKey.objects.filter(due, pk=key.pk).update(noted_at=now):
            Receipt.objects.create(
                source_id=key.source_id, key=key, at=now, code=refusal.code, lines=packed([])
            )


def require_any(batch: Batch) -> None:
    """Where nothing in a request was good, its sender is told why; it is written down already."""
    if batch.lines and not batch.seen:
        code = batch.lines[0].code
        raise Refused(413 if code in TOO_LARGE else 400, code)
