"""One person's events are taken out of the lake and do not come back, whatever else goes on."""

import pytest

from banso.events.erasing import erase
from banso.events.inbox import unpack
from banso.events.loading import load_all
from banso.events.models import ExternalId, Inbox, Source
from tests.events.conftest import ACCOUNTS
from tests.events.received import held, send, told

PEOPLE = "person_id,account_id,name,email\nP1,C001,高橋 純,jun@example.com\nP2,C001,森 あい,\n"
EVENTS = (
    "event_id,occurred_at,account_id,person_id,event\n"
    "m1,2026-01-05T09:00:00+09:00,C001,P1,login\n"
    "m2,2026-01-05T09:00:00+09:00,C001,P2,login\n"
    "m3,2026-02-05T09:00:00+09:00,C001,P2,login\n"
    "m4,2026-03-05T09:00:00+09:00,C404,P1,login\n"
)


@pytest.fixture
def source(bring):
    bring("accounts", ACCOUNTS)
    bring("people", PEOPLE)
    return Source.objects.get(key="files")


def person_of(value):
    return ExternalId.objects.get(kind="person", value=value).party


def people():
    return held("message, person")


def test_what_is_in_and_what_waits_goes_and_does_not_come_back(source, bring):
    owner = bring("events", EVENTS)
    assert (owner.imported, owner.on_hold) == (3, 1)
    day = "2026-04-05T00:00Z"
    send(source, told(source.pk, "r1", day), told(source.pk, "r2", day, person="P2"))
    load_all()
    send(source, told(source.pk, "r3", day), told(source.pk, "r4", day, person="P2"))
    send(source, told(source.pk, "r5", day))
    done = erase(person_of("P1"))
    assert (done.events, done.files, done.ids) == (4, 2, [])
    assert [row[1] for batch in Inbox.objects.all() for row in unpack(bytes(batch.blob))] == ["r4"]
    assert people() == [("m2", "P2"), ("m3", "P2"), ("r2", "P2")]
    send(source, told(source.pk, "r1", day), told(source.pk, "r6", day))
    load_all()
    again = bring("events", EVENTS, name="again.csv")
    assert (again.imported, again.duplicates, again.rejected, again.on_hold) == (0, 2, 2, 0)
    assert people() == [("m2", "P2"), ("m3", "P2"), ("r2", "P2"), ("r4", "P2")]
