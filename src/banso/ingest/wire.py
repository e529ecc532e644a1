"""From the bytes of a request to the calls in it. Content types are not looked at: SDKs send
gzip as a form and JSON as plain text."""

import base64
import binascii
import zlib
from typing import Any

import msgspec
from msgspec import Raw

READ_CAP = 1 << 20
BODY_CAP = 512_000
MOST_CALLS = 2_500
GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Refused(Exception):
    """The whole request is not taken; `code` says why, in words of `wording`."""

    def __init__(self, status: int, code: str, *, retry_after: int = 0) -> None:
        super().__init__(code)
        self.status, self.code, self.retry_after = status, code, retry_after


class Envelope(msgspec.Struct, rename="camel"):
    """What every request holds: many calls, or being one itself."""

    batch: list[Raw] | None = None
    sent_at: Any = None
    write_key: Any = None


ENVELOPE = msgspec.json.Decoder(Envelope)


def unpacked(body: bytes) -> bytes:
    """The JSON text: gunzipped where it is gzip, never larger than BODY_CAP."""
    if len(body) > READ_CAP:
        raise Refused(413, "too_large")
    text = gunzipped(body) if body.startswith(GZIP) else body
    if len(text) > BODY_CAP:
        raise Refused(413, "too_large")
    return text.removeprefix(BOM)


def gunzipped(body: bytes) -> bytes:
    """Stops at the ceiling, so a small body that unpacks to gigabytes costs nothing."""
    reader = zlib.decompressobj(wbits=31)
    try:
        text = reader.decompress(body, BODY_CAP + 1)
    except zlib.error:
        raise Refused(400, "bad_gzip") from None
    if len(text) <= BODY_CAP and not reader.eof:
        raise Refused(400, "bad_gzip")
    return text


def opened(text: bytes) -> Envelope:
    try:
        return ENVELOPE.decode(text)
    except RecursionError:
        raise Refused(400, "too_deep") from None
    except UNREADABLE:
        raise Refused(400, "not_json") from None


def calls_of(envelope: Envelope, text: bytes, *, many: bool) -> list[Raw]:
    """The calls of a batch, or the request as the one call it is."""
    if not many:
        return [Raw(text)]
    if envelope.batch is None:
        raise Refused(400, "no_batch")
    if len(envelope.batch) > MOST_CALLS:
        raise Refused(413, "too_many")
    return envelope.batch


def key_in(authorization: str) -> str | None:
    """The write key as the user name of Basic auth; None where there is no such header."""
    scheme, _, coded = authorization.partition(" ")
    if scheme.casefold() != "basic":
        return None
    try:
        plain = base64.b64decode(coded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise Refused(401, "unknown_key") from None
    return plain.partition(":")[0]
