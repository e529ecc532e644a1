"""Where received events wait: one compressed row per batch, durable before it is answered.

Whoever has events to bring calls `receive` in the transaction whose end it answers for; the
loader takes the rows from here into the lake.
"""

import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from django.utils import timezone

from banso.engine.received import ARRIVED
from banso.events.models import Inbox

type Row = tuple[int, str, int, str | None, str | None, str, int, str]
"""source, message, microseconds since 1970, account, person, event, count, properties."""

MOST_COUNT = 2**31 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_encode = msgspec.json.Encoder().encode
_decode_rows = msgspec.msgpack.Decoder(list[Row]).decode
_as_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class ReceivedEvent(msgspec.Struct, frozen=True):
    """An event that was accepted. `message`, `account` and `person` are ids of the source;
    `ts` is aware; `properties` is a JSON object as text, its keys sorted."""

    source: int
    message: str
    ts: datetime
    account: str | None
    person: str | None
    event: str
    count: int
    properties: str


def receive(source_id: int, events: Sequence[ReceivedEvent]) -> Inbox:
    """Keep a batch of one source for the lake; call it in the transaction that is answered for.
    Raises ValueError as `prepared` does."""
    row = prepared(source_id, events)
    row.save()
    return row


def prepared(source_id: int, events: Sequence[ReceivedEvent]) -> Inbox:
    """A batch of one source as a row that is not written yet.

    Raises ValueError for a batch that the lake could not hold: none, of another source, without
    a message id, with a naive time, a count that is not between 1 and 2,147,483,647, or
    properties that are not a JSON object.
    """
    rows = [_row(source_id, each) for each in events]
    if not rows:
        raise ValueError("a batch without events")
    blob = pack(rows)
    return Inbox(
        source_id=source_id,
        received_at=timezone.now(),
        events=len(rows),
        bytes=len(blob),
        blob=blob,
    )


class Columns(msgspec.Struct):
    """Rows as a blob holds them: the values of each column of the loader, which it reads as they
    are written here."""

    source: list[int]
    message: list[str]
    ts: list[int]
    account: list[str | None]
    person: list[str | None]
    event: list[str]
    count: list[int]
    properties: list[str]


_decode = msgspec.json.Decoder(Columns).decode


def pack(rows: Sequence[Row]) -> bytes:
    """Rows as a blob."""
    return zlib.compress(_encode(dict(zip(ARRIVED, zip(*rows, strict=True), strict=True))), 1)


def unpack(blob: bytes) -> list[Row]:
    """The rows of a blob, in the order in which they came."""
    columns = _decode(text_of(blob))
    return list(zip(*(getattr(columns, name) for name in ARRIVED), strict=True))


def text_of(blob: bytes) -> str:
    """A blob as the loader reads it. One of before 2026-12 holds rows, and is turned."""
    text = zlib.decompress(blob)
    if not text.startswith(b"{"):
        text = zlib.decompress(pack(_decode_rows(text)))
    return text.decode()


def texts_of(batches: Sequence[Inbox]) -> Iterator[str]:
    """Several batches, one in memory at a time."""
    for batch in batches:
        yield text_of(bytes(batch.blob))


def rows_of(batches: Sequence[Inbox]) -> Iterator[Row]:
    """The rows of several batches, those of one batch in memory at a time."""
    for batch in batches:
        yield from unpack(bytes(batch.blob))


def _row(source_id: int, each: ReceivedEvent) -> Row:
    if each.source != source_id or not each.message or not 1 <= each.count <= MOST_COUNT:
        raise ValueError(f"an event the lake cannot hold: {each.message!r}")
    if each.ts.tzinfo is None:
        raise ValueError("a time without a zone")
    _check(each)
    return (
        source_id,
        each.message,
        (each.ts - _EPOCH) // _MICROSECOND,
        each.account or None,
        each.person or None,
        each.event,
        each.count,
        each.properties,
    )


def _check(each: ReceivedEvent) -> None:
    """The engine fails on text that is no JSON, and with it all that is loaded together."""
    try:
        _as_object(each.properties)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(f"properties that are no JSON object: {each.message!r}") from error
