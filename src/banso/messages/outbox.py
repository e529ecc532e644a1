"""What waits is sent, each message at most once by itself.

1. Look: `take` reads it again under its lock; who wants no more, has left, or has an address that
   bounced is left out, and what falls into quiet time waits.
2. Connect to the mail server. Where that fails nothing went out; it is tried again later.
3. Mark: it is being sent, committed. Only who wrote that sends.
4. Send. A refusal of the server (a code of its own) says that nothing went out.
5. Sent, with what it leaves behind: a contact, or a showing.

Killed before 3, another begins again at 1. Between 3 and 5, or where the line breaks while sending,
nobody knows: the message becomes uncertain and a person decides. See docs/decisions/0014.
"""

import smtplib
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from banso.actions.actions import record_contact
from banso.actions.models import Contact
from banso.assets.models import Showing
from banso.assets.use import show
from banso.base.mailing import ATTEMPTS, BACKOFF
from banso.core.bounces import kind_of, status_in
from banso.core.letter import as_text
from banso.engagements.after import announce
from banso.events.after import unless_waiting
from banso.messages.actions import locked, reader_of, record_of
from banso.messages.bounces import note_bounce
from banso.messages.compose import composed
from banso.messages.models import Message
from banso.messages.telling import tell
from banso.messages.times import mail_is_set_up, next_allowed

LEASE = timedelta(minutes=15)
AT_ONCE = 200
FEW = 50
State = Message.State
log = structlog.get_logger()


class Unreachable(Exception):
    """The mail server does not answer: nothing went out."""


def due_messages(now: datetime | None = None) -> bool:
    """Enqueue the sending of what is due; True where something is. Called by the worker now and
    then."""
    now = now or timezone.now()
    doubt(now)
    due = Message.objects.filter(state=State.WAITING, next_at__lte=now).exists()
    if due and mail_is_set_up():
        unless_waiting(send_due)
    return due


@task
def send_due() -> int:
    """Send what is due; how many went out. Where the mail server does not answer, the rest waits
    for the next look."""
    due = Message.objects.filter(state=State.WAITING, next_at__lte=timezone.now())
    numbers = list(due.order_by("next_at", "id").values_list("pk", flat=True)[:AT_ONCE])
    out: list[int] = []
    with suppress(Unreachable):
        for number in numbers:
            if (done := deliver(number)) is not None:
                out.append(done)
    if touched := set(out):
        with transaction.atomic():
            announce(touched if len(touched) <= FEW else None)
    return len(out)


def deliver(number: int, connection: BaseEmailBackend | None = None) -> int | None:
    """Send one message; the engagement it is of, or None where it did not go out. Raises
    Unreachable."""
    row = ready(number)
    if row is None:
        return None
    connection = connection or mailers.default
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        put_off(row, type(error).__name__)
        raise Unreachable from error
    if not mark(row):
        connection.close()
        return None
    try:
        connection.send_messages([composed(row)])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()), (0, b""))
        refused(row, code, words)
    except smtplib.SMTPResponseException as error:
        refused(row, error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("message_uncertain", message=row.pk, kind=type(error).__name__)
        settle_uncertain(row)
    else:
        return sent(row)
    finally:
        connection.close()
    return None


@transaction.atomic
def ready(number: int) -> Message | None:
    """The message as it is to be sent now; None for one that is not: taken by another worker,
    barred by now, or in quiet time."""
    row = Message.objects.select_for_update(of=("self",)).filter(pk=number).first()
    now = timezone.now()
    if row is None or row.next_at is None or row.next_at > now:
        return None
    reader = reader_of(row)
    later = next_allowed(now)
    if reader is None or reader.barred:
        hold(row, "left" if reader is None else reader.barred)
        return None
    if later > now:
        Message.objects.filter(pk=row.pk).update(next_at=later)
        return None
    if row.to != reader.address:
        row.to = reader.address
        row.save(update_fields=["to"])
    return locked(row)


def hold(row: Message, reason: str) -> None:
    row.state, row.reason, row.next_at = State.HELD, reason, None
    row.save(update_fields=["state", "reason", "next_at"])
    record_of(row, "message.held", None, {"reason": reason})


def mark(row: Message) -> bool:
    """Whether this worker is the one that sends."""
    mine = Message.objects.filter(pk=row.pk, state=State.WAITING)
    row.tried_at = timezone.now()
    return bool(mine.update(state=State.SENDING, tried_at=row.tried_at, next_at=None, reason=""))


def put_off(row: Message, reason: str) -> None:
    """Nothing went out: try again later, or give up after the last attempt."""
    tried = row.attempts + 1
    later = timezone.now() + timedelta(minutes=BACKOFF[min(tried, len(BACKOFF)) - 1])
    going = Message.objects.filter(pk=row.pk, state__in=(State.WAITING, State.SENDING))
    if tried < ATTEMPTS:
        words = {"next_at": next_allowed(later), "attempts": tried, "reason": reason}
        going.update(state=State.WAITING, **words)
    else:
        give_up(row, reason)


def refused(row: Message, code: int, words: bytes | str) -> None:
    """The server took it not: for now, because the address is none, or for another reason."""
    text = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    status = status_in(text)
    if code < 500:
        put_off(row, f"smtp {code}")
    elif kind_of(status, str(code)) == "hard":
        note_bounce(row, kind="hard", status=status or str(code), digest=f"smtp {row.tried_at}")
    else:
        give_up(row, f"smtp {code} {status}".strip())


@transaction.atomic
def give_up(row: Message, reason: str) -> None:
    row = locked(row)
    row.state, row.reason, row.next_at = State.FAILED, reason[:40], None
    row.save(update_fields=["state", "reason", "next_at"])
    record_of(row, "message.failed", None, {"reason": row.reason})
    tell(row, "message.failed")


@transaction.atomic
def sent(row: Message) -> int | None:
    """It is out: what it leaves behind is written with it. None where somebody settled it."""
    row = locked(row)
    if row.state not in (State.SENDING, State.UNCERTAIN):
        return None
    row.state, row.reason, row.sent_at = State.SENT, "", timezone.now()
    leave_behind(row)
    row.save(update_fields=["state", "reason", "sent_at", "contact"])
    record_of(row, "message.sent", row.by, {"why": row.why})
    return row.engagement_id


def leave_behind(row: Message) -> None:
    """Of a play's message a showing; of one by hand a contact, the same for all written in one
    go."""
    if row.why == Message.Why.PLAY:
        show(
            version=row.version,
            engagement=row.engagement,
            by=None,
            person=row.person,
            way=Showing.Way.PLAY,
            at=row.sent_at,
            once=f"message {row.uid}",
        )
        return
    together = Message.objects.filter(group=row.group, contact__isnull=False)
    first = together.select_related("contact").first()
    row.contact = first.contact if first else contact_of(row)
    if row.contact is not None:
        row.contact.people.add(row.person)


def contact_of(row: Message) -> Contact | None:
    if row.by is None or row.sent_at is None:
        return None
    return record_contact(
        engagement=row.engagement,
        by=row.by,
        channel=Contact.Channel.MAIL,
        occurred_at=row.sent_at,
        summary=f"{row.title}\n\n{as_text(row.body)}".strip(),
    ).contact


def doubt(now: datetime) -> int:
    """What was being sent when its worker died; how many. Nobody knows whether it went out."""
    died = Message.objects.filter(state=State.SENDING, tried_at__lt=now - LEASE)
    return sum(settle_uncertain(each) for each in died)


@transaction.atomic
def settle_uncertain(row: Message) -> bool:
    row = locked(row)
    if row.state != State.SENDING:
        return False
    row.state = State.UNCERTAIN
    row.save(update_fields=["state"])
    record_of(row, "message.uncertain", None, {})
    tell(row, "message.uncertain")
    return True
