"""A Monday: look, contact, next step, later; on Tuesday the list is another."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from banso.actions.models import Action, Contact, SetAside
from banso.base.jobs import run_all
from banso.base.models import Activity, Job
from banso.desk.rounds import due_rounds, round_day
from banso.engagements.models import Engagement
from banso.goals.models import StandingChange
from banso.metrics.models import Measurement, Metric
from tests.world import build

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 4, 6, 9, tzinfo=TOKYO)


@pytest.fixture
def monday(me):
    with time_machine.travel(MONDAY, tick=False) as clock:
        build(8, me)
        for model in (Contact, Action, SetAside):
            model.objects.all().delete()
        night(clock, MONDAY)
        clock.move_to(MONDAY)
        yield clock


def night(clock, day: datetime) -> None:
    """The worker at three in the morning of that day."""
    clock.move_to(day.replace(hour=3, minute=1))
    assert due_rounds()
    run_all()


def listed(client, query: str = "") -> list[str]:
    page = client.get(f"/today/{query}").context["page"]
    return [row.engagement.uid for row in page.rows]


def shown(client, address: str) -> str:
    """The page's own part; the frame holds a fresh token each time."""
    return client.get(address).text.partition("<main")[2].partition("</main>")[0]


def test_monday_changes_tuesday(client, monday, me):
    before = listed(client)
    assert len(before) > 3
    first, second, third = before[:3]

    client.post(
        f"/customers/{first}/contacts/",
        {"summary": "利用が減った理由を伺った", "title": "操作説明会", "due": "week"},
    )
    client.post(f"/customers/{second}/set-aside/", {"later": "week"})
    client.post(
        f"/customers/{third}/set-aside/", {"kind": "no_concern", "reason": "担当交代の直後"}
    )
    assert listed(client) == before[3:]

    night(monday, MONDAY + timedelta(days=1))
    monday.move_to(MONDAY + timedelta(days=1))
    assert listed(client) == before[3:]
    assert listed(client, "?section=in_hand") == [first]
    assert listed(client, "?section=set_aside") == [second, third]

    night(monday, MONDAY + timedelta(days=7))
    monday.move_to(MONDAY + timedelta(days=7))
    page = client.get("/today/").context["page"]
    assert [step.title for step in page.steps] == ["操作説明会"]
    assert {first, second} <= set(listed(client))
    assert third not in listed(client)


def test_no_concern_ends_when_the_gap_widens(client, monday, me):
    [uid] = listed(client)[-1:]
    engagement = Engagement.objects.get(uid=uid)
    client.post(f"/customers/{uid}/set-aside/", {"kind": "no_concern", "reason": "季節のため"})
    assert uid not in listed(client)

    night(monday, MONDAY + timedelta(days=1))
    monday.move_to(MONDAY + timedelta(days=1))
    for metric in Metric.objects.filter(key__startswith="number"):
        Measurement.objects.create(
            metric=metric, engagement=engagement, as_of=MONDAY.date() + timedelta(days=1), value=0
        )
    night(monday, MONDAY + timedelta(days=2))
    monday.move_to(MONDAY + timedelta(days=2))
    assert uid in listed(client)
    assert StandingChange.objects.filter(engagement=engagement).exists()


def test_a_look_at_monday_from_later_shows_monday(client, monday, me):
    then = listed(client)
    night(monday, MONDAY + timedelta(days=1))
    monday.move_to(MONDAY + timedelta(days=1))
    address = f"/today/?as_of={MONDAY.date()}"
    before = shown(client, address)
    assert listed(client, f"?as_of={MONDAY.date()}") == then
    assert "/contacts/" not in before

    for uid in then[:2]:
        client.post(f"/customers/{uid}/contacts/", {"summary": "火曜の電話", "title": "送る"})
        client.post(f"/customers/{uid}/set-aside/", {"later": "week"})
    assert shown(client, address) == before
    Contact.objects.all().delete()
    Action.objects.all().delete()
    SetAside.objects.all().delete()
    assert shown(client, address) == before


def test_the_round_of_a_night_runs_once(workspace):
    night_time = datetime(2026, 4, 7, 2, 59, tzinfo=TOKYO)
    assert round_day(night_time, TOKYO) == MONDAY.date()
    assert due_rounds(night_time)
    assert not due_rounds(night_time)
    assert due_rounds(night_time + timedelta(minutes=2))
    assert Job.objects.count() == 2
    Activity.objects.create(verb="x.y", at=night_time)
    run_all()
    assert not Activity.objects.filter(position=None).exists()
    assert set(Job.objects.values_list("status", flat=True)) == {"done"}
