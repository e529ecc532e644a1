"""Notifications by mail: what waits is put into one mail, and each mail goes out at most once.

1. Claim: in one transaction the waiting notifications get their one `mail`. A second digest of
   the same day is refused by the database. Nothing is sent yet.
2. Connect to the mail server. Where that fails nothing went out; it is tried again later.
3. Mark: `tried_at`, committed. Only who wrote it sends.
4. Send. A refusal of the server (a code of its own) takes the mark back, to try again later.
5. `sent_at`, and `mailed_at` of the items.

A worker killed before 3 is followed by another who begins again at 2; one killed between 3 and 5
may or may not have sent, so the mail is left alone: its items stay unread in the product.
"""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from banso.base.messages import one_line
from banso.base.models import Mail, MailTimes, Notification, User
from banso.base.notices import Line, lines_of
from banso.base.workspace import held, workspace
from banso.core.quiet import Times

UNSUBSCRIBE_SALT = "banso.unsubscribe"
LEASE = timedelta(minutes=15)
ATTEMPTS = 6
BACKOFF = (5, 15, 60, 240, 720)  # minutes
SHOWN = 30


@dataclass(frozen=True)
class Digest:
    """What a mail says: the latest lines, and how many more wait in the product."""

    lines: Sequence[Line]
    more: int
    kind: str
    company: str
    name: str
    site: str
    stop: str


def waiting(user: User, kind: str) -> Any:
    """The notifications that the next mail of that kind would carry, the latest first."""
    rows = Notification.objects.filter(user=user, how=kind, mail=None, read_at=None)
    return rows.select_related("actor").order_by("-id")


@transaction.atomic
def claim(user: User, kind: str, now: datetime, day: date | None = None) -> Mail | None:
    """Put what waits into one mail; None when nothing does, or mail is off. Of a digest's day
    the one that exists already."""
    User.objects.select_for_update().get(pk=user.pk)
    if kind == Mail.Kind.DIGEST and (made := user.mails.filter(kind=kind, day=day).first()):
        return made
    rows = list(waiting(user, kind))
    if not rows or not wants_mail(user) or not lines_of(user, rows, mail=True):
        return None

    mail = Mail.objects.create(user=user, kind=kind, day=day, made_at=now, next_at=now + LEASE)
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mail=mail)
    return mail


def deliver(mail: Mail) -> bool:
    """Send the mail unless it was tried already; True when it went out now."""
    rows = list(mail.items.filter(read_at=None).select_related("actor").order_by("-id"))
    message = composed(mail, rows)
    if message is None or not wants_mail(mail.user):
        Mail.objects.filter(pk=mail.pk, tried_at=None).update(next_at=None, error="nothing_to_say")
        return False
    connection = mailers.default
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        put_off(mail, error)
        return False
    if not mark_tried(mail):
        connection.close()
        return False
    try:
        connection.send_messages([message])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        put_off(mail, error)
        return False
    finally:
        connection.close()
    now = timezone.now()
    with transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(sent_at=now, error="")
        mail.items.update(mailed_at=now)
    return True


def mark_tried(mail: Mail) -> bool:
    """Whether this worker is the one that sends."""
    mine = Mail.objects.filter(pk=mail.pk, tried_at=None, sent_at=None)
    return bool(mine.update(tried_at=timezone.now(), next_at=None))


def put_off(mail: Mail, error: Exception) -> None:
    """Nothing went out: try again later, or give up after the last attempt."""
    tried = mail.attempts + 1
    later = BACKOFF[min(tried, len(BACKOFF)) - 1]
    again = timezone.now() + timedelta(minutes=later) if tried < ATTEMPTS else None
    words = {"attempts": tried, "next_at": again, "error": type(error).__name__}
    Mail.objects.filter(pk=mail.pk).update(tried_at=None, **words)


def composed(mail: Mail, rows: Sequence[Notification]) -> EmailMultiAlternatives | None:
    """The message in the reader's language and zone; None when nothing is left to say."""
    user = mail.user
    zone = ZoneInfo(times_of(user).zone)
    with held(workspace()), translation.override(user.language), timezone.override(zone):
        digest = digest_of(user, rows, mail.kind)
        if not digest.lines:
            return None
        text = render_to_string("base/mail/digest.txt", {"digest": digest})
        html = render_to_string("base/mail/digest.html", {"digest": digest})
    subject, _, body = text.strip().partition("\n")
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    message = EmailMultiAlternatives(
        one_line(subject),
        body.strip() + "\n",
        to=[user.email],
        headers={
            "Message-ID": f"<{mail.uid}@{host}>",
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{digest.stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def digest_of(user: User, rows: Sequence[Notification], kind: str) -> Digest:
    """What a mail of these rows says in the active language."""
    lines = lines_of(user, rows, mail=True, base=settings.SITE_URL)
    return Digest(
        lines=lines[:SHOWN],
        more=len(lines[SHOWN:]),
        kind=kind,
        company=workspace().name,
        name=user.name,
        site=settings.SITE_URL,
        stop=settings.SITE_URL + stop_address(user),
    )


def stop_address(user: User) -> str:
    """The signed address that ends mail to the user; it does nothing else."""
    secret = signing.Signer(salt=UNSUBSCRIBE_SALT).sign(user.uid)
    return reverse("unsubscribe", args=[secret])


def user_of(secret: str) -> User | None:
    """Whose address this is; None for an invented one."""
    try:
        uid = signing.Signer(salt=UNSUBSCRIBE_SALT).unsign(secret)
    except signing.BadSignature:
        return None
    return User.objects.filter(uid=uid).first()


def wants_mail(user: User) -> bool:
    """Mail is on (until they say otherwise), and they are still in post."""
    kept = MailTimes.objects.filter(user=user).first()
    return (kept is None or kept.on) and user.grants.filter(ended_at=None).exists()


def times_of(user: User) -> Times:
    """When the user is mailed: as they chose, else as the workspace has it."""
    place = workspace()
    kept = MailTimes.objects.filter(user=user).first() or MailTimes(user=user)
    first, last = kept.quiet_from, kept.quiet_until
    if first is None or last is None:
        first, last = place.quiet_from, place.quiet_until
    return Times(
        zone=kept.timezone or place.timezone,
        hour=kept.hour,
        weekdays=frozenset(kept.weekdays or place.working_days),
        quiet=None if first is None or last is None else (first, last),
    )
