"""The worker's part: reading calendars, and taking in one mail."""

import hashlib
from collections.abc import Callable, Collection
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import structlog
from django.conf import settings
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from banso.base import outgoing
from banso.base.models import StaffGrant, User
from banso.base.roles import WRITERS
from banso.base.sealing import Unreadable as Unsealable
from banso.base.sealing import unseal
from banso.base.workspace import workspace
from banso.engagements.after import announce
from banso.inbound import ics, mail
from banso.inbound.actions import Incoming, call_off, follow, receive
from banso.inbound.models import Calendar, Item, Refusal
from banso.inbound.people import outside

EVERY = timedelta(minutes=30)
BACK = timedelta(days=90)
"""How far back meetings are read, the first time and for changes."""
FEW = 200
THEIRS: list[Callable[[bytes], bool]] = []
"""Asked first, with every mail as it came, whether it is for another room, which then has taken it.
Added from AppConfig.ready."""
log = structlog.get_logger()


class Taken(StrEnum):
    """What became of a mail."""

    DONE = "done"
    REFUSED = "refused"
    KEPT = "kept"


def due_calendars() -> bool:
    """Enqueue the reading of a calendar that was not read lately; True when there was one."""
    limit = timezone.now() - EVERY
    due = Calendar.objects.exclude(checked_at__gt=limit).order_by("checked_at").first()
    if due is None:
        return False
    Calendar.objects.filter(pk=due.pk).update(checked_at=timezone.now())
    read_calendar.enqueue(calendar_id=due.pk)
    return True


@task
def read_calendar(calendar_id: int) -> int:
    """Fetch one calendar and take its meetings in; how many contacts changed. What goes wrong
    is kept as a code for the owner's page."""
    calendar = Calendar.objects.select_related("user").filter(pk=calendar_id).first()
    if calendar is None or not in_post(calendar.user):
        return 0
    try:
        answer = fetched(calendar)
        touched = take(calendar, answer.body) if answer.status == 200 else set()
    except outgoing.Refused as refused:
        return failed(calendar, refused.code)
    except (ics.Unreadable, Unsealable):
        return failed(calendar, "unreadable")
    if answer.status not in (200, 304):
        return failed(calendar, "gone" if answer.status in (401, 403, 404, 410) else "unreachable")
    own = Calendar.objects.filter(pk=calendar.pk, sealed=calendar.sealed)
    etag = answer.headers.get("etag", "")[:255] or calendar.etag
    own.update(problem="", read_at=timezone.now(), etag=etag)
    tell_changed(touched | follow(calendar.user))
    return len(touched)


def fetched(calendar: Calendar) -> outgoing.Answer:
    known = {"If-None-Match": calendar.etag} if calendar.etag else {}
    return outgoing.fetch(unseal(calendar.sealed), headers=known)


def failed(calendar: Calendar, code: str) -> int:
    log.warning("calendar_not_read", calendar=calendar.pk, code=code)
    Calendar.objects.filter(pk=calendar.pk).update(problem=code)
    return 0


def take(calendar: Calendar, text: bytes) -> set[int]:
    """Take the past meetings of a feed in; the engagements whose contacts changed."""
    user, now = calendar.user, timezone.now()
    since = now - BACK
    own = frozenset({user.email.lower()})
    found = ics.meetings(text, since=since, until=now, own=own, zone=workspace().timezone)
    touched: set[int] = set()
    held = {each.key: each for each in found if not each.cancelled and each.ends_at <= now}
    for meeting in held.values():
        touched |= receive_meeting(user, meeting)
    off = {each.key for each in found if each.cancelled}
    gone = ics.series_in(text)
    items = Item.objects.filter(user=user, kind=Item.Kind.MEETING, occurred_at__gte=since)
    for item in items.exclude(state__in=[Item.State.CANCELLED, Item.State.DISMISSED]):
        if item.key in off or (item.key not in held and item.series in gone):
            touched |= call_off(item=item)
    return touched


def receive_meeting(user: User, meeting: ics.Meeting) -> set[int]:
    emails = set(outside([guest.email for guest in meeting.guests]))
    if not emails:
        return set()
    people = [(g.name, g.email) for g in meeting.guests if g.email in emails]
    return receive(
        incoming=Incoming(
            kind=Item.Kind.MEETING,
            key=meeting.key,
            series=meeting.series,
            occurred_at=meeting.starts_at,
            title=meeting.title,
            text=meeting.place,
            people=people,
        ),
        user=user,
    )


def take_mail(raw: bytes) -> Taken:
    """Take one mail in. What cannot be read is put aside whole, so that nothing is lost."""
    if any(take_theirs(raw) for take_theirs in THEIRS):
        return Taken.DONE
    try:
        found = mail.read(raw)
    except mail.Unreadable:
        refuse(hashlib.sha256(raw).hexdigest(), Refusal.Reason.UNREADABLE)
        put_aside(raw)
        return Taken.KEPT
    sender = sender_of(found)
    if sender is None:
        refuse(found.key, Refusal.Reason.UNKNOWN_SENDER)
        return Taken.REFUSED
    if settings.MAIL_AUTHSERV and not mail.authentic(found, settings.MAIL_AUTHSERV):
        refuse(found.key, Refusal.Reason.NOT_AUTHENTIC)
        return Taken.REFUSED
    receive_mail(sender, found)
    return Taken.DONE


def receive_mail(sender: User, found: mail.Mail) -> None:
    ours = settings.MAIL_ADDRESS.lower()
    emails = outside([each.email for each in found.receivers if each.email != ours])
    people = [(each.name, each.email) for each in found.receivers if each.email in emails]
    sent = min(found.sent_at or timezone.now(), timezone.now())
    touched = receive(
        incoming=Incoming(
            kind=Item.Kind.MAIL,
            key=found.key,
            occurred_at=sent,
            title=found.title,
            text=found.text,
            attachments=found.attachments,
            people=people,
        ),
        user=sender,
    )
    tell_changed(touched)


def sender_of(found: mail.Mail) -> User | None:
    """The member of staff who sent it, in post and allowed to write."""
    user = User.objects.filter(email__iexact=found.sender.email, is_active=True).first()
    return user if user and in_post(user) else None


def in_post(user: User) -> bool:
    return StaffGrant.objects.filter(user=user, ended_at=None, role__in=WRITERS).exists()


def refuse(digest: str, reason: str) -> None:
    """A mail was not taken: why, and nothing of what it says."""
    log.warning("mail_refused", reason=reason)
    Refusal.objects.get_or_create(digest=digest, defaults={"reason": reason})


def put_aside(raw: bytes) -> Path:
    folder = Path(settings.HOME) / "mail-aside"
    folder.mkdir(mode=0o700, exist_ok=True, parents=True)
    path = folder / f"{hashlib.sha256(raw).hexdigest()[:32]}.eml"
    path.write_bytes(raw)
    path.chmod(0o600)
    return path


def tell_changed(touched: Collection[int]) -> None:
    """Lists learn of new contacts at once where they are few, else with the next round."""
    if touched:
        with transaction.atomic():
            announce(touched if len(touched) <= FEW else None)
