"""One's own days as a calendar to subscribe to: steps due, renewals, notice deadlines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from banso.actions.models import Action
from banso.base.models import User
from banso.base.workspace import local_today
from banso.engagements.access import engagements
from banso.engagements.models import Contract

AHEAD = timedelta(days=365)
BEHIND = timedelta(days=30)
MOST = 2_000


@dataclass(frozen=True)
class DayEntry:
    """One all-day entry; `uid` stays the same while its day moves."""

    uid: str
    day: date
    title: str
    path: str


def entries(user: User) -> Iterator[DayEntry]:
    """What falls due for `user`, of customers they may read."""
    today = local_today()
    readable = engagements(user)
    steps = Action.objects.filter(owner=user, closed_as="", due_on__gte=today - BEHIND)
    steps = steps.filter(Exists(readable.filter(pk=OuterRef("engagement"))))
    for step in steps.select_related("engagement__party").order_by("due_on", "id")[:MOST]:
        title = f"{step.engagement.party.name}: {step.title}"
        yield DayEntry(f"step-{step.uid}", step.due_on, title, f"/customers/{step.engagement.uid}/")
    yield from deciding_days(user, today)


def deciding_days(user: User, today: date) -> Iterator[DayEntry]:
    mine = engagements(user).filter(owner=user, ended_on=None)
    until = today + AHEAD
    near = Q(end_on__range=(today, until)) | Q(notice_on__range=(today, until))
    rows = Contract.objects.filter(near, engagement__in=mine, outcome="")
    for each in rows.select_related("engagement__party").order_by("end_on", "id")[:MOST]:
        name, path = each.engagement.party.name, f"/customers/{each.engagement.uid}/"
        if today <= each.end_on <= until:
            title = _("Renewal: %(name)s") % {"name": name}
            yield DayEntry(f"renewal-{each.uid}", each.end_on, title, path)
        if each.notice_on and today <= each.notice_on <= until:
            title = _("Notice deadline: %(name)s") % {"name": name}
            yield DayEntry(f"notice-{each.uid}", each.notice_on, title, path)


def calendar_text(user: User, address: str) -> bytes:
    """The feed as iCalendar, in the user's language; `address` is where the pages are."""
    from icalendar import Calendar, Event

    with translation.override(user.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Banso//Banso//EN")
        calendar.add("version", "2.0")
        calendar.add("x-wr-calname", _("Banso: my days"))
        calendar.add("refresh-interval;value=duration", "PT1H")
        for entry in entries(user):
            event = Event()
            event.add("uid", f"{entry.uid}@banso")
            event.add("dtstamp", timezone.now())
            event.add("dtstart", entry.day)
            event.add("dtend", entry.day + timedelta(days=1))
            event.add("summary", entry.title)
            event.add("url", f"{address}{entry.path}")
            event.add("transp", "TRANSPARENT")
            calendar.add_component(event)
    return bytes(calendar.to_ical())
