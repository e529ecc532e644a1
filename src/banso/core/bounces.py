"""Reports that a mail could not be delivered (RFC 3464), as Postfix, Exchange and Gmail send them.

Whatever a report looks like, something comes out of it or None.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from enum import StrEnum

LARGEST = 1024 * 1024
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"\b([245]\d\d)\b")
_IDENTITY = re.compile(rb"<([^<>@\s]{1,100})@[^<>\s]{1,255}>")
_GONE = re.compile(r"^5\.(?:1\.\d+|2\.1)$")
"""The address is none (5.1.x), or none any more (5.2.1)."""


class Kind(StrEnum):
    """What a report says of an address: it is none; not now or not this mail; still trying."""

    HARD = "hard"
    SOFT = "soft"
    DELAYED = "delayed"


@dataclass(frozen=True)
class Report:
    """`status` is the enhanced code (5.1.1), or "" where none is told; `identities` are the names
    before the @ of every message id the report speaks of, its own left out."""

    kind: Kind
    status: str
    identities: tuple[str, ...]


def read(raw: bytes) -> Report | None:
    """What a report says; None for any other mail."""
    try:
        message = message_from_bytes(raw[:LARGEST])
        blocks = [each for part in _reports(message) for each in _recipients(part)]
    except (MessageError, ValueError, LookupError, AttributeError, TypeError):
        return None
    if not blocks:
        return None
    kinds = [_kind(each) for each in blocks]
    order = list(Kind)
    worst = min(range(len(blocks)), key=lambda at: order.index(kinds[at]))
    return Report(kinds[worst], _status(blocks[worst]), _identities(message))


def kind_of(status: str, code: str, *, failed: bool = True) -> Kind:
    """What an enhanced status (5.1.1) and an SMTP code (550) say of an address."""
    if not failed:
        return Kind.DELAYED
    vague = status in ("", "5.0.0") and code in ("550", "551", "553")
    return Kind.HARD if _GONE.match(status) or vague else Kind.SOFT


def status_in(text: str) -> str:
    found = _STATUS.search(text)
    return found[0] if found else ""


def _reports(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            yield part


def _recipients(part: Message) -> Iterator[Message]:
    """The block of each recipient that something went wrong for."""
    payload = part.get_payload()
    for block in payload if isinstance(payload, list) else []:
        if isinstance(block, Message) and _word(block, "Action") in ("failed", "delayed"):
            yield block


def _kind(block: Message) -> Kind:
    code = _CODE.search(str(block.get("Diagnostic-Code", "")))
    failed = _word(block, "Action") == "failed"
    return kind_of(_status(block), code[1] if code else "", failed=failed)


def _status(block: Message) -> str:
    """The server's own words say more than a status that only says "somehow"."""
    status = status_in(str(block.get("Status", "")))
    told = status_in(str(block.get("Diagnostic-Code", "")))
    return told or status if status in ("", "5.0.0", "4.0.0") else status


def _word(block: Message, name: str) -> str:
    return str(block.get(name, "")).partition(";")[0].strip().lower()


def _identities(message: Message) -> tuple[str, ...]:
    """From what was sent back of the mail, and what the report says it answers."""
    found: dict[str, None] = {}
    for name in ("References", "In-Reply-To", "X-Failed-Message-ID"):
        found |= _named(str(message.get(name, "")).encode("ascii", "replace"))
    for part in message.walk():
        if part is not message and (sent := part.get("Message-ID")):
            found |= _named(str(sent).encode("ascii", "replace"))
        if part.get_content_type() == "text/rfc822-headers":
            found |= _named(_sent_headers(part))
    return tuple(found)


def _sent_headers(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    headers = message_from_bytes(payload if isinstance(payload, bytes) else b"")
    return str(headers.get("Message-ID", "")).encode("ascii", "replace")


def _named(text: bytes) -> dict[str, None]:
    return {each.decode("ascii", "replace"): None for each in _IDENTITY.findall(text)}
