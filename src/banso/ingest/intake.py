"""A request of an SDK becomes one inbox row, or is refused with a reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from banso.base.workspace import workspace
from banso.core.clocks import NoTime, read_time
from banso.events.barred import kept_from
from banso.ingest.accounts import place
from banso.ingest.batches import Batch, batch_of
from banso.ingest.calls import Reader
from banso.ingest.erasing import barred_among
from banso.ingest.keeping import keep, require_pace
from banso.ingest.keys import digest_of
from banso.ingest.models import Receipt, WriteKey
from banso.ingest.receipts import packed
from banso.ingest.wire import Envelope, Refused, calls_of, key_in, opened, unpacked

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
        if batch.lines:
            place(key.source_id, batch.seen)
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
        found = next(iter(WriteKey.objects.filter(digest=digest_of(told))), None)
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
