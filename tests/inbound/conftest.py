"""A customer with one known person, a colleague with a calendar, and feeds to read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from banso.base import outgoing
from banso.base.search import index
from banso.engagements.models import Engagement
from banso.inbound.actions import connect_calendar
from banso.parties.models import Membership, Organization, Party, Person

ADDRESS = "https://calendar.example.net/private-3f9c/basic.ics"


@pytest.fixture
def sato(staff):
    return staff(name="佐藤 花子")


@pytest.fixture
def customer(sato):
    """make("青空", people={"jun@aozora.example": "高橋 純"}, domain="..."): the engagement."""

    def make(name="青空商事", *, people=None, domain="", owner=sato):
        party = Party.objects.create(kind="organization", name=name, name_key=name)
        Organization.objects.create(party=party, domain=domain)
        for email, called in (people or {}).items():
            person = Party.objects.create(kind="person", name=called, name_key=called)
            Person.objects.create(party=person, email=email)
            Membership.objects.create(person=person, home=party)
        engagement = Engagement.objects.create(party=party, owner=owner)
        index("engagement", [(engagement.pk, name)])
        return engagement

    return make


@pytest.fixture(autouse=True)
def _no_standings(monkeypatch):
    """What higher rooms do after a change is tested there."""
    monkeypatch.setattr("banso.engagements.after.AFTER_CHANGE", [])


@pytest.fixture
def calendar(sato, monkeypatch):
    """A connected calendar and a way to say what its address answers: calendar.say(text)."""

    class Connected:
        def __init__(self):
            self.row = connect_calendar(user=sato, address=ADDRESS)
            self.answer = outgoing.Answer(200, {}, b"")

        def say(self, text, status=200):
            raw = text if isinstance(text, bytes) else text.encode()
            self.answer = outgoing.Answer(status, {}, raw)

    found = Connected()
    monkeypatch.setattr("banso.base.outgoing.fetch", lambda *_, **__: found.answer)
    return found


def moment(days=1, hour=3):
    """A moment some days ago."""
    at = timezone.now() - timedelta(days=days)
    return at.replace(hour=hour, minute=0, second=0, microsecond=0)


def event(
    uid="m1",
    *,
    title="定例会",
    starts=None,
    guests=("jun@aozora.example",),
    answer="ACCEPTED",
    mine="ACCEPTED",
    own="staff1@example.com",
    more="",
):
    """One event of a feed, over unless said otherwise."""
    starts = starts or moment()
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20260101T000000Z",
        f"DTSTART:{starts:%Y%m%dT%H%M%SZ}",
        f"DTEND:{starts + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{title}",
        f"ATTENDEE;CN=佐藤;PARTSTAT={mine}:mailto:{own}",
        *(f"ATTENDEE;CN=客;PARTSTAT={answer}:mailto:{each}" for each in guests),
        *more.splitlines(),
        "END:VEVENT",
    ]
    return "\r\n".join(lines)


def feed(*events):
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *events, "END:VCALENDAR", ""]
    )
