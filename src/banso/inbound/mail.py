"""Reading one mail: who wrote to whom, when, the words of its own, the names of attachments.

Whatever a mail looks like, something comes out of it or Unreadable is raised; nothing here knows
the database.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser

from banso.core.quotes import own_words

LARGEST = 25 * 1024 * 1024
HEAD = 256 * 1024
LONGEST_TITLE = 500
MOST_PEOPLE = 100
CHARSETS = ("utf-8", "iso2022_jp_ext", "cp932", "euc_jp")


class Unreadable(Exception):
    """There is no sender in it: this is no mail."""


@dataclass(frozen=True)
class Address:
    """A name and an address in lower case."""

    name: str
    email: str


@dataclass(frozen=True)
class Mail:
    """One mail; `key` is the digest of its message id, or of all of it where it has none."""

    key: str
    sender: Address
    receivers: tuple[Address, ...]
    sent_at: datetime | None
    title: str
    text: str
    attachments: tuple[str, ...]
    results: tuple[str, ...]


def read(raw: bytes) -> Mail:
    """What a mail says. Of one larger than 25 MB only the beginning is read. Raises
    Unreadable."""
    message = _parsed(raw if len(raw) <= LARGEST else raw[:HEAD])
    senders = addresses(_headers(message, "From"))
    if not senders:
        raise Unreadable
    identity = "".join(_headers(message, "Message-ID")[:1]).strip()
    return Mail(
        key=hashlib.sha256(identity.encode() if identity else raw).hexdigest(),
        sender=senders[0],
        receivers=addresses([*_headers(message, "To"), *_headers(message, "Cc")]),
        sent_at=_moment(_headers(message, "Date")),
        title=" ".join("".join(_headers(message, "Subject")[:1]).split())[:LONGEST_TITLE],
        text=own_words(_text(message)),
        attachments=tuple(_attachments(message)),
        results=tuple(_headers(message, "Authentication-Results")),
    )


def addresses(headers: Iterable[str]) -> tuple[Address, ...]:
    """Everybody named in headers, once each, in order."""
    found: dict[str, Address] = {}
    for name, email in getaddresses(list(headers)):
        plain = email.strip().lower()
        if re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", plain) and len(plain) <= 254:
            found.setdefault(plain, Address(" ".join(name.split())[:200], plain))
    return tuple(found.values())[:MOST_PEOPLE]


def authentic(mail: Mail, server: str) -> bool:
    """Whether our own mail server `server` vouches that the sender's domain sent it: the first
    Authentication-Results, which that server wrote above whatever came with the mail."""
    if not mail.results:
        return False
    first = " ".join(mail.results[0].split()).lower()
    name, _, results = first.partition(";")
    if name.split(" ")[0].strip() != server.lower():
        return False
    domain = re.escape(mail.sender.email.rpartition("@")[2])
    aligned = rf"(?:[\w.-]+\.)?{domain}"
    return bool(
        re.search(r"\bdmarc=pass\b", results)
        or re.search(rf"\bdkim=pass\b[^;]*\bheader\.(?:d=|i=[^;\s]*@){aligned}(?=[;\s]|$)", results)
        or re.search(
            rf"\bspf=pass\b[^;]*\bsmtp\.mailfrom=(?:[^;\s]*@)?{aligned}(?=[;\s]|$)", results
        )
    )


def _parsed(raw: bytes) -> EmailMessage:
    try:
        found = BytesParser(policy=policy.default).parsebytes(raw)
    except (MessageError, ValueError, LookupError, AttributeError, IndexError) as error:
        raise Unreadable from error
    assert isinstance(found, EmailMessage)
    return found


def _headers(message: EmailMessage, name: str) -> list[str]:
    """The header's values; one that the parser chokes on as it stands."""
    try:
        return [str(each).replace("\x00", "") for each in message.get_all(name, [])]
    except (ValueError, LookupError, AttributeError, IndexError, TypeError, MessageError):
        plain = [value for key, value in message.raw_items() if key.lower() == name.lower()]
        return [str(each).replace("\x00", "") for each in plain]


def _moment(headers: list[str]) -> datetime | None:
    try:
        found = parsedate_to_datetime(headers[0])
    except (IndexError, ValueError, TypeError, OverflowError):
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _parts(message: EmailMessage) -> Iterable[EmailMessage]:
    for part in message.walk():
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield part


def _text(message: EmailMessage) -> str:
    """The first text part that is no attachment; of HTML its words."""
    words: dict[str, str] = {}
    for part in _parts(message):
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and not part.get_filename():
            words.setdefault(kind, _decoded(part))
    if words.get("text/plain", "").strip():
        return words["text/plain"]
    return plain_words(words.get("text/html", ""))


def _decoded(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", *CHARSETS):
        try:
            return raw.decode(charset).replace("\x00", "")
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("utf-8", "replace").replace("\x00", "")


def _attachments(message: EmailMessage) -> Iterable[str]:
    for part in _parts(message):
        try:
            name = part.get_filename()
        except (ValueError, LookupError, AttributeError, TypeError):
            name = None
        if name:
            yield " ".join(str(name).replace("\x00", "").split())[:200]


class _Words(HTMLParser):
    """The text of a page, a line for each block; quotations are history."""

    SILENT = ("script", "style", "head", "title", "blockquote")
    BLOCKS = ("p", "div", "br", "tr", "li", "h1", "h2", "h3")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(re.sub(r"\s+", " ", data))


def plain_words(html: str) -> str:
    """The words of an HTML text."""
    reader = _Words()
    reader.feed(html)
    return "".join(reader.found)
