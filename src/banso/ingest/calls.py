"""One call of an SDK, read and checked: what it says, or why it cannot be taken."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Raw

from banso.core.clocks import Moment, NoTime, happened, read_time
from banso.events.rows import ID_LIMIT, bounded
from banso.ingest.told import ACCOUNT_TRAITS, PERSON_TRAITS, picked

type Id = str | int | None
CALL_CAP = 32_768
MESSAGE_LIMIT = 100
ANONYMOUS = "anonymous:"
EVENTS = ("track", "page", "screen")
KINDS = (*EVENTS, "identify", "group", "alias")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MOST_DEEP = 100
TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[][{}]')
STEP = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}
AT_FIELD = re.compile(r"`\$\.(\w+)")


class Context(msgspec.Struct, rename="camel"):
    """Of the circumstances only whose account it was; addresses and devices are not kept."""

    group_id: Id = None


class Call(msgspec.Struct, rename="camel"):
    """The fields of the tracking specification that say something here."""

    type: str | None = None
    message_id: Id = None
    user_id: Id = None
    anonymous_id: Id = None
    previous_id: Id = None
    group_id: Id = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    timestamp: str | int | float | None = None
    original_timestamp: str | int | float | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    context: Context | None = None


class Seen(msgspec.Struct):
    """A good call: who and what, when by the rule of clocks; `note` says what the rule did."""

    kind: str
    message: str
    at: datetime
    note: str
    person: str | None
    account: str | None
    event: str = ""
    properties: str = "{}"
    anonymous: str | None = None
    previous: str | None = None
    traits: Mapping[str, str] = {}

    @property
    def people(self) -> set[str]:
        """Whom it is about; who else used the device before is another matter."""
        return {name for name in (self.person, self.previous) if name}


PACK = msgspec.msgpack.Encoder().encode
UNPACK = msgspec.msgpack.Decoder(list[Seen]).decode


class Bad(Exception):
    """This call cannot be taken; the others of its request can."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code, self.field = code, field


CALL = msgspec.json.Decoder(Call)
ENCODER = msgspec.json.Encoder(order="sorted")


@dataclass
class Reader:
    """Reads the calls of one request. `kind` is what its address says, "" for a batch; `browser`
    that its key is public; `sent` what its sender's clock said when it was `received`; events of
    before `oldest` are not kept."""

    kind: str
    browser: bool
    sent: datetime | None
    received: datetime
    oldest: datetime | None = None
    nameless: dict[str, int] = field(default_factory=dict)

    def read(self, raw: Raw) -> Seen:
        """Raises Bad for a call that cannot be taken."""
        if len(memoryview(raw)) > CALL_CAP:
            raise Bad("event_too_large")
        call = decoded(raw)
        kind = self.kind or call.type or ""
        if kind not in KINDS:
            raise Bad("unknown_type", "type")
        moment = self.moment(call)
        if self.oldest and moment.at < self.oldest and kind in EVENTS:
            raise Bad("not_kept", "timestamp")
        person, anonymous = who(call)
        if person is None and kind != "alias":
            raise Bad("nobody", "userId")
        seen = Seen(
            kind,
            self.message(call, raw),
            moment.at,
            moment.why,
            person,
            identity(call.context.group_id if call.context else None, "context.groupId"),
            anonymous=anonymous,
        )
        FILL[kind](seen, call)
        if self.browser:
            require_public(seen)
        return seen

    def moment(self, call: Call) -> Moment:
        told = call.timestamp if call.timestamp is not None else call.original_timestamp
        try:
            return happened(told=read_time(told), sent=self.sent, received=self.received)
        except NoTime:
            raise Bad("bad_time", "timestamp") from None

    def message(self, call: Call, raw: Raw) -> str:
        """The call's own name, else one made of what it says: sent again, it is the same one."""
        if call.message_id not in (None, ""):
            name = plain(str(call.message_id), "messageId")
            return name if len(name) <= MESSAGE_LIMIT else digest(name.encode())
        content = self.content(call, raw)
        self.nameless[content] = turn = self.nameless.get(content, 0) + 1
        return digest(f"{content} {turn}".encode())

    def content(self, call: Call, raw: Raw) -> str:
        """What is said without the envelope, which differs when it is sent again. Without a time
        of its own it is told apart by the time of sending, at last by the minute of receipt."""
        try:
            said = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):  # in a field that is not looked at
            raise Bad("not_json") from None
        for name in ("writeKey", "sentAt"):
            said.pop(name, None)
        if call.timestamp is None and call.original_timestamp is None:
            said["sentAt"] = (
                self.sent or self.received.replace(second=0, microsecond=0)
            ).isoformat()
        return digest(ENCODER.encode(said))


def decoded(raw: Raw) -> Call:
    if deeper(bytes(memoryview(raw))):
        raise Bad("too_deep")
    try:
        return CALL.decode(raw)
    except msgspec.ValidationError as error:
        found = AT_FIELD.search(str(error))
        raise Bad("bad_field" if found else "not_an_event", found[1] if found else "") from None
    except RecursionError:
        raise Bad("too_deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Bad("not_json") from None


def deeper(text: bytes) -> bool:
    """Whether objects and lists stand inside each other more than MOST_DEEP times."""
    if text.count(b"{") + text.count(b"[") <= MOST_DEEP:
        return False
    level = 0
    for found in TOKEN.finditer(text):
        level += STEP.get(found[0], 0)
        if level > MOST_DEEP:
            return True
    return False


def who(call: Call) -> tuple[str | None, str | None]:
    """The person, and the anonymous visitor that was known before, both as the lake calls them."""
    user, visitor = identity(call.user_id, "userId"), identity(call.anonymous_id, "anonymousId")
    if user and user.startswith(ANONYMOUS):
        raise Bad("reserved_id", "userId")
    anonymous = bounded(ANONYMOUS + visitor) if visitor else None
    return user or anonymous, anonymous


def identity(value: Id, field: str) -> str | None:
    """An id as text, as files are read too; None for none."""
    if value is None:
        return None
    return bounded(plain(str(value), field).strip()) or None


def plain(text: str, field: str) -> str:
    if CONTROL.search(text):
        raise Bad("control_character", field)
    return text


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def as_track(seen: Seen, call: Call) -> None:
    name = plain(call.event or "", "event").strip()
    if not name:
        raise Bad("no_event", "event")
    if len(name) > ID_LIMIT:
        raise Bad("long_event", "event")
    seen.event, seen.properties = name, said(call.properties or {})


def as_view(seen: Seen, call: Call) -> None:
    """A page or a screen is one event of that name; which one it was is a property."""
    named = {"name": call.name, "category": call.category}
    words = {name: text for name, text in named.items() if text}
    seen.event, seen.properties = seen.kind, said(words | (call.properties or {}))


def as_identify(seen: Seen, call: Call) -> None:
    seen.traits = picked(call.traits or {}, PERSON_TRAITS)


def as_group(seen: Seen, call: Call) -> None:
    seen.account = identity(call.group_id, "groupId")
    if seen.account is None:
        raise Bad("no_group", "groupId")
    seen.traits = picked(call.traits or {}, ACCOUNT_TRAITS)


def as_alias(seen: Seen, call: Call) -> None:
    """`previousId` may name a visitor or a user; the visitor is the usual case and wins."""
    seen.previous = identity(call.previous_id, "previousId") or None
    if seen.previous is None or seen.person is None:
        raise Bad("no_previous", "previousId")


FILL = {
    "track": as_track,
    "page": as_view,
    "screen": as_view,
    "identify": as_identify,
    "group": as_group,
    "alias": as_alias,
}


def said(properties: Mapping[str, Any]) -> str:
    return ENCODER.encode(properties).decode()


def require_public(seen: Seen) -> None:
    """A browser's key can be read by anybody: it says nothing of people and accounts, only that
    a visitor is the person who is signed in now."""
    seen.traits = {}
    if seen.kind == "group":
        raise Bad("public_key", "type")
