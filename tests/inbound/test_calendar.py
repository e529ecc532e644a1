"""Meetings of a calendar become contacts, once, and follow the calendar."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from banso.actions.models import Contact
from banso.base import outgoing
from banso.base.jobs import run_all
from banso.base.models import Activity, Job
from banso.inbound.models import Calendar, Item
from banso.inbound.reading import due_calendars, read_calendar
from tests.inbound.conftest import ADDRESS, event, feed, moment


def read(calendar):
    return read_calendar.call(calendar_id=calendar.row.pk)


@pytest.fixture
def aozora(customer):
    return customer(people={"jun@aozora.example": "高橋 純"})


def test_a_meeting_with_a_known_person_is_a_contact(calendar, aozora, sato):
    calendar.say(feed(event(more="LOCATION:会議室A")))
    assert read(calendar) == 1
    contact = Contact.objects.get()
    assert (contact.engagement, contact.channel, contact.by) == (aozora, "meeting", sato)
    assert contact.summary == "定例会\n\n会議室A"
    assert [person.name for person in contact.people.all()] == ["高橋 純"]
    assert Activity.objects.filter(verb="contact.recorded", engagement_id=aozora.pk).exists()


def test_reading_again_changes_nothing_and_a_change_updates(calendar, aozora):
    calendar.say(feed(event()))
    read(calendar)
    assert read(calendar) == 0
    moved = moment(2)
    calendar.say(feed(event(title="定例会（変更）", starts=moved)))
    read(calendar)
    contact = Contact.objects.get()
    assert (contact.summary, contact.occurred_at) == ("定例会（変更）", moved)


@pytest.mark.parametrize(
    "hidden",
    [
        {"more": "CLASS:PRIVATE"},
        {"more": "CLASS:CONFIDENTIAL"},
        {"mine": "DECLINED"},
        {"more": "STATUS:CANCELLED"},
        {"answer": "DECLINED"},
        {"guests": ()},
        {"guests": ("colleague@example.com",)},
        {"starts": timezone.now() + timedelta(days=1)},
        {"starts": timezone.now() - timedelta(days=120)},
    ],
)
def test_what_is_not_ours_to_know_is_not_even_kept(calendar, aozora, hidden):
    calendar.say(feed(event(**hidden)))
    read(calendar)
    assert not Contact.objects.exists()
    assert not Item.objects.exists()


def test_an_all_day_event_is_not_a_meeting(calendar, aozora):
    day = moment().date()
    text = event(more="X-ALL:1").replace(
        f"DTSTART:{moment():%Y%m%dT%H%M%SZ}", f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    )
    text = text.replace(f"DTEND:{moment() + timedelta(hours=1):%Y%m%dT%H%M%SZ}\r\n", "")
    calendar.say(feed(text))
    read(calendar)
    assert not Item.objects.exists()


def test_a_meeting_called_off_is_no_contact_any_more(calendar, aozora):
    calendar.say(feed(event()))
    read(calendar)
    calendar.say(feed(event(more="STATUS:CANCELLED")))
    read(calendar)
    assert not Contact.objects.exists()
    assert Item.objects.get().state == "cancelled"
    calendar.say(feed(event()))
    read(calendar)
    assert Contact.objects.count() == 1


def test_a_feed_that_forgets_old_meetings_takes_nothing_away(calendar, aozora):
    calendar.say(feed(event()))
    read(calendar)
    calendar.say(feed(event("m2", title="別件", starts=moment(3))))
    read(calendar)
    assert Contact.objects.count() == 2


def test_each_meeting_of_a_series_is_its_own_and_one_taken_out_goes(calendar, aozora):
    first = moment(22)
    series = event(starts=first, more="RRULE:FREQ=WEEKLY;COUNT=3")
    calendar.say(feed(series))
    read(calendar)
    assert Contact.objects.count() == 3
    left = first + timedelta(days=7)
    calendar.say(
        feed(event(starts=first, more=f"RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:{left:%Y%m%dT%H%M%SZ}"))
    )
    read(calendar)
    assert set(Contact.objects.values_list("occurred_at", flat=True)) == {
        first,
        first + timedelta(days=14),
    }


def test_people_of_two_customers_make_a_contact_with_each(calendar, aozora, customer):
    mori = customer("森商店", domain="mori.example")
    calendar.say(feed(event(guests=("jun@aozora.example", "new@mori.example"))))
    read(calendar)
    assert set(Contact.objects.values_list("engagement", flat=True)) == {aozora.pk, mori.pk}


def test_a_restricted_customer_gets_no_contact_from_who_may_not_read_it(calendar, aozora, staff):
    aozora.owner, aozora.restricted, aozora.restricted_reason = staff(name="別"), True, "秘"
    aozora.save()
    calendar.say(feed(event()))
    read(calendar)
    assert not Contact.objects.exists()
    assert Item.objects.get().state == "waiting"


BROKEN = [
    b"",
    b"<html>sign in</html>",
    b"BEGIN:VCALENDAR\r\n",
    b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
    b"\xff\xfe\x00garbage",
    feed(
        "BEGIN:VEVENT\r\nUID:x\r\nDTSTART:99999999T999999Z\r\nSUMMARY:壊れた\r\nEND:VEVENT"
    ).encode(),
    feed("BEGIN:VEVENT\r\nUID:x\r\nSUMMARY:no start\r\nEND:VEVENT").encode(),
    feed("BEGIN:VEVENT\r\nSUMMARY:無名\r\nDTSTART:20260101T000000Z\r\nEND:VEVENT").encode(),
    feed(event(more="RRULE:FREQ=SECONDLY")).encode(),
    feed(event(more="RRULE:FREQ=NEVER;COUNT=x")).encode(),
    feed(event(more="RRULE:FREQ=DAILY;UNTIL=00000000")).encode(),
    feed(event(more="DTSTART;TZID=Nowhere/Land:20261101T090000")).encode(),
    feed(event(more="ATTENDEE:mailto:" + "x" * 5000 + "@y")).encode(),
    feed(event(title="\x00\x01\x02")).encode(),
    feed(event(title="長" * 5000)).encode("utf-8"),
    feed(event(title="文字化け")).encode("cp932"),
]


@pytest.mark.parametrize("raw", BROKEN)
def test_a_broken_feed_is_told_and_breaks_nothing(calendar, aozora, raw):
    calendar.say(raw)
    read(calendar)
    row = Calendar.objects.get()
    assert row.problem in ("", "unreadable")
    assert row.problem or Item.objects.count() <= 1


def test_one_broken_event_hides_no_other(calendar, aozora):
    broken = "BEGIN:VEVENT\r\nUID:x\r\nDTSTART:99999999T999999Z\r\nSUMMARY:x\r\nEND:VEVENT"
    calendar.say(feed(broken, event()))
    read(calendar)
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(("status", "code"), [(404, "gone"), (401, "gone"), (500, "unreachable")])
def test_an_address_that_answers_otherwise_is_told(calendar, status, code):
    calendar.say("", status)
    read(calendar)
    assert Calendar.objects.get().problem == code


def test_the_address_is_nowhere_to_be_read(calendar, sign_in, monkeypatch, capsys, caplog):
    def refused(*_, **__):
        raise outgoing.Refused("private_address")

    monkeypatch.setattr("banso.base.outgoing.fetch", refused)
    read(calendar)
    page = sign_in(calendar.row.user).get(reverse("connections")).text
    told = capsys.readouterr()
    stored = str(list(Calendar.objects.values())) + str(list(Activity.objects.values()))
    stored += str(list(Job.objects.values()))
    for text in (page, told.out, told.err, caplog.text, stored):
        assert "private-3f9c" not in text
    assert "calendar.example.net" in page
    assert ADDRESS not in page


def test_calendars_are_read_every_half_hour_while_their_owner_is_here(calendar, aozora, sato):
    calendar.say(feed(event()))
    assert due_calendars()
    run_all()
    assert Contact.objects.count() == 1
    assert not due_calendars()
    sato.grants.update(ended_at=timezone.now())
    Calendar.objects.update(checked_at=timezone.now() - timedelta(hours=1))
    calendar.say(feed(event("m9")))
    assert due_calendars()
    run_all()
    assert Contact.objects.count() == 1
