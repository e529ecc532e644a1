"""One customer: everything known on the day, and nothing that came later."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from banso.actions import actions
from banso.actions.actions import NextStep
from banso.actions.models import Action, Contact, SetAside
from banso.base.activity import record
from banso.base.workspace import local_today
from banso.engagements.models import Contract, Engagement
from banso.parties.models import Party
from tests.house.test_pages import queries

TOKYO = ZoneInfo("Asia/Tokyo")
SPRING = datetime(2026, 4, 6, 10, tzinfo=TOKYO)


@pytest.fixture
def customer(me):
    party = Party.objects.create(kind="organization", name="青空商事", name_key="青空商事")
    return Engagement.objects.create(party=party, owner=me, started_on=date(2025, 4, 1))


def page(client, customer, query: str = ""):
    answer = client.get(f"/customers/{customer.uid}/{query}")
    assert answer.status_code == 200
    return answer.context["page"]


def test_what_was_known_on_a_day(client, customer, me):
    Contract.objects.create(
        engagement=customer,
        start_on=date(2025, 4, 1),
        end_on=date(2026, 4, 1),
        currency="JPY",
        annual_minor=1_200_000,
        outcome="churned",
        outcome_known_on=date(2026, 5, 1),
    )
    with time_machine.travel(SPRING, tick=False) as clock:
        actions.record_contact(
            engagement=customer,
            by=me,
            channel="call",
            occurred_at=SPRING,
            summary="春の電話",
            next_step=NextStep("資料を送る", me, date(2026, 4, 20)),
        )
        clock.move_to(SPRING + timedelta(days=40))
        actions.close_action(action=Action.objects.get(), by=me)
        actions.record_contact(
            engagement=customer, by=me, channel="mail", occurred_at=SPRING + timedelta(days=40),
            summary="初夏のメール",
        )  # fmt: skip
        now = page(client, customer)
        then = page(client, customer, "?as_of=2026-04-10")
        text = client.get(f"/customers/{customer.uid}/?as_of=2026-04-10").text

    assert [contact.summary for contact in now.contacts] == ["初夏のメール", "春の電話"]
    assert now.steps == []
    assert [contact.summary for contact in then.contacts] == ["春の電話"]
    assert [step.title for step in then.steps] == ["資料を送る"]
    assert [line.outcome for line in then.contracts] == ["pending"]
    assert [line.outcome for line in now.contracts] == ["churned"]
    assert then.composer is None
    assert "初夏のメール" not in text
    assert "<form" not in text.partition('id="customer"')[2].partition("</main>")[0]


def test_a_day_to_come_or_nonsense_is_today(client, customer):
    assert page(client, customer, "?as_of=2999-01-01").clock.live
    assert page(client, customer, "?as_of=soon").clock.live


def test_the_timeline_tells_each_thing_once(client, customer, me):
    actions.record_contact(
        engagement=customer,
        by=me,
        channel="visit",
        occurred_at=SPRING,
        summary="訪問した",
        next_step=NextStep("資料を送る", me, local_today()),
    )
    actions.set_aside(
        engagement=customer, by=me, kind="no_concern", until=local_today() + timedelta(9),
        reason="自動更新のため",
    )  # fmt: skip
    entries = page(client, customer).timeline.entries
    assert [(entry.kind, entry.verb) for entry in entries] == [
        ("activity", "set_aside.begun"),
        ("activity", "action.added"),
        ("contact", ""),
    ]
    text = client.get(f"/customers/{customer.uid}/").text
    timeline = text.partition('id="timeline"')[2].partition("</section>")[0]
    assert timeline.count("訪問した") == 1
    assert "心配なしと判断" in timeline
    assert "自動更新のため" in timeline


def test_the_timeline_turns_its_pages(client, customer, me):
    for number in range(25):
        Contact.objects.create(
            engagement=customer,
            occurred_at=SPRING + timedelta(hours=number),
            summary=f"接点{number}",
        )
    first, second = page(client, customer), page(client, customer, "?page=2")
    assert (len(first.timeline.entries), first.timeline.more) == (20, True)
    assert (len(second.timeline.entries), second.timeline.more) == (5, False)
    assert second.timeline.entries[-1].subject.summary == "接点0"


def test_a_verb_nobody_worded_still_says_something(client, customer):
    record("thing.happened", actor=None, engagement_id=customer.pk)
    assert "内容を変更" in client.get(f"/customers/{customer.uid}/").text


def test_no_query_per_contact(client, customer, me):
    def fill(n: int) -> None:
        for number in range(n):
            contact = Contact.objects.create(
                engagement=customer, by=me, occurred_at=SPRING + timedelta(hours=number)
            )
            contact.people.add(Party.objects.create(kind="person", name="山田", name_key="山田"))
            actions.add_action(engagement=customer, by=me, step=NextStep("電話", me, local_today()))

    fill(2)
    page(client, customer)
    few = queries(client, f"/customers/{customer.uid}/")
    fill(20)
    assert queries(client, f"/customers/{customer.uid}/") == few


def test_set_aside_is_said_and_ended_here(client, customer, me):
    actions.set_aside(
        engagement=customer, by=me, kind="snooze", until=local_today() + timedelta(days=5)
    )
    assert "後回し" in client.get(f"/customers/{customer.uid}/").text
    client.post(f"/customers/{customer.uid}/resume/", {"place": "customer"})
    assert not SetAside.objects.filter(ended_at=None).exists()


def test_the_weeks_are_a_fragment_and_a_page(client, world):
    address = f"/customers/{world.engagements[0].uid}/trend/"
    fragment = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    trend = fragment.context["page"]
    assert len(trend.points) == 26
    assert trend.points[-1].day == local_today()
    assert trend.points[-1].value is not None
    assert "<html" in client.get(address).text


def test_a_stranger_is_not_found(client):
    assert client.get("/customers/zzzzzzzzzzzzzzzz/").status_code == 404
