"""The last events of a source, and what became of each: kept for the debugger, within bounds."""

import zlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

SHOWN = 100


class Line(msgspec.Struct, array_like=True, omit_defaults=True):
    """One call: what it was, or the `code` it was refused with and how it looked."""

    kind: str = ""
    name: str = ""
    message: str = ""
    person: str = ""
    account: str = ""
    at: datetime | None = None
    note: str = ""
    code: str = ""
    field: str = ""
    sample: str = ""


ENCODE = msgspec.msgpack.Encoder().encode
DECODE = msgspec.msgpack.Decoder(list[Line]).decode


def packed(lines: Sequence[Line]) -> bytes:
    """The last lines of a request as a receipt holds them."""
    return zlib.compress(ENCODE(lines[-SHOWN:]), 1)


def unpacked(blob: bytes) -> list[Line]:
    return DECODE(zlib.decompress(blob))
