"""The verbs of a message: written, dropped, tried again, settled where nobody knew.

Who may act on the engagement is decided before, by banso.engagements.access.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from banso.assets.models import AssetVersion
from banso.base.activity import record
from banso.base.models import User
from banso.base.workspace import local_today
from banso.engagements.models import Engagement
from banso.messages.letters import Letter, Words, letter_for, words_of
from banso.messages.models import Message
from banso.messages.people import Reader, readers_at
from banso.messages.times import next_allowed

State = Message.State


class Refused(Exception):
    """The verb does not apply (any more); `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Cause:
    """What a message came from: by hand, or a step of a play, whose name is `because`. `group`
    names it for ever: asked again with the same, nothing is written twice."""

    group: str
    why: str = Message.Why.HAND
    because: Mapping[str, str] | None = None


@transaction.atomic
def write(
    *,
    engagement: Engagement,
    version: AssetVersion,
    readers: Sequence[Reader],
    cause: Cause,
    by: User | None,
    words: Words | None = None,
) -> list[Message]:
    """Put one message to each into the outbox, in the caller's transaction; to whom nothing is
    sent, and what would have a gap in it, it is held back. `words` in the place of the template's.

    Raises Refused("unwritten") where no language has both title and text.
    """
    said = words or words_of(version)
    if not said.languages:
        raise Refused("unwritten")
    today, now = local_today(), timezone.now()
    known = set(Message.objects.filter(group=cause.group).values_list("once", flat=True))
    fresh = [each for each in readers if once_of(cause, each) not in known]

    rows = [
        Message(
            engagement=engagement,
            person_id=each.at.person_id,
            version=version,
            why=cause.why,
            because=dict(cause.because or {}),
            by=by,
            once=once_of(cause, each),
            group=cause.group,
            to=each.address,
            written_at=now,
            **told(letter_for(said, engagement, each, today), each, now),
        )
        for each in fresh
    ]
    Message.objects.bulk_create(rows)
    for row in rows:
        record_of(row, "message.written", by, {"why": row.why, "state": row.state})
    return rows


def once_of(cause: Cause, reader: Reader) -> str:
    return f"{cause.group} {reader.at.person_id}"


def told(letter: Letter, reader: Reader, now: datetime) -> dict[str, object]:
    """What it says, and whether it waits to be sent or is held back."""
    reason = reader.barred or ("unfilled" if letter.missing else "")
    return {
        "language": letter.language,
        "title": letter.title,
        "body": letter.body,
        "state": State.HELD if reason else State.WAITING,
        "reason": reason,
        "next_at": None if reason else next_allowed(now),
    }


@transaction.atomic
def drop(*, message: Message, by: User) -> Message:
    """It is not to be sent (any more). Raises Refused("gone") for what is out or may be."""
    row = locked(message)
    if row.state == State.DROPPED:
        return row
    if row.state not in (State.WAITING, State.HELD, State.FAILED):
        raise Refused("gone")
    row.state, row.next_at = State.DROPPED, None
    row.save(update_fields=["state", "next_at"])
    record_of(row, "message.dropped", by, {})
    return row


@transaction.atomic
def try_again(*, message: Message, by: User) -> Message:
    """Send what was held back, failed, or may not have gone out, as soon as it may be; what had a
    gap is filled in anew. Raises Refused with what still bars it, "unfilled", or "gone"."""
    row = locked(message)
    if row.state not in (State.HELD, State.FAILED, State.UNCERTAIN):
        raise Refused("gone")
    reader = reader_of(row)
    if reader is None or reader.barred:
        raise Refused("left" if reader is None else reader.barred)
    if row.reason == "unfilled":
        fill(row, reader, local_today())

    row.to, row.state, row.reason = reader.address, State.WAITING, ""
    row.next_at, row.attempts = next_allowed(timezone.now()), 0
    row.save()
    record_of(row, "message.tried_again", by, {})
    return row


def reader_of(row: Message) -> Reader | None:
    """Whom it is for as they are known now; None for who is not at the customer any more."""
    people = readers_at(row.engagement)
    return next((each for each in people if each.at.person_id == row.person_id), None)


def fill(row: Message, reader: Reader, today: date) -> None:
    letter = letter_for(words_of(row.version), row.engagement, reader, today)
    if letter.missing:
        raise Refused("unfilled")
    row.language, row.title, row.body = letter.language, letter.title, letter.body


def record_of(row: Message, verb: str, by: User | None, detail: Mapping[str, object]) -> None:
    record(verb, actor=by, engagement_id=row.engagement_id, subject_id=row.pk, detail=detail)


def locked(message: Message) -> Message:
    rows = Message.objects.select_related("engagement__party", "version", "by")
    return rows.select_for_update(of=("self",)).get(pk=message.pk)
