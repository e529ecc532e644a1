"""What was known on a day: contacts by their local day, steps and set-asides by their life."""

from datetime import UTC, date, datetime

import time_machine

from banso.actions import actions, streams
from banso.actions.actions import NextStep
from banso.actions.models import Action, Contact
from banso.parties.models import Party

MONDAY = date(2026, 4, 6)
EVENING = datetime(2026, 4, 6, 14, 59, tzinfo=UTC)
PAST_MIDNIGHT = datetime(2026, 4, 6, 15, 0, tzinfo=UTC)


def contact(engagement, at, channel="call") -> Contact:
    return Contact.objects.create(engagement=engagement, occurred_at=at, channel=channel)


def test_a_contact_belongs_to_its_day_in_the_workspace(customer):
    engagement = customer()
    contact(engagement, EVENING)
    assert streams.last_contacts(MONDAY) == {engagement.pk: MONDAY}
    contact(engagement, PAST_MIDNIGHT)
    assert streams.last_contacts(MONDAY) == {engagement.pk: MONDAY}
    assert streams.last_contacts(date(2026, 4, 7)) == {engagement.pk: date(2026, 4, 7)}
    assert streams.last_contacts(date(2026, 4, 5)) == {}


def test_what_became_of_steps_as_occurrences(customer, staff):
    engagement, owner = customer("青空"), staff()

    def step(due: date, **rest) -> Action:
        made = Action.objects.create(engagement=engagement, title="x", owner=owner, due_on=due)
        Action.objects.filter(pk=made.pk).update(created_at=EVENING, **rest)
        return made

    late = datetime(2026, 4, 10, 3, tzinfo=UTC)
    step(date(2026, 4, 8), closed_at=late, closed_as="done")
    step(date(2026, 4, 20), closed_at=late, closed_as="dropped")
    told = streams.action_occurrences(date(2026, 4, 30), date(2026, 4, 1))
    assert [(o.event, o.at.isoformat(), dict(o.properties)) for _, o in told] == [
        ("action_opened", "2026-04-06T14:59:00+00:00", {}),
        ("action_opened", "2026-04-06T14:59:00+00:00", {}),
        ("action_overdue", "2026-04-08T15:00:00+00:00", {}),
        ("action_done", "2026-04-10T03:00:00+00:00", {"late_days": 2}),
        ("action_dropped", "2026-04-10T03:00:00+00:00", {"late_days": 0}),
    ]
    then = streams.action_occurrences(date(2026, 4, 9), date(2026, 4, 9))
    assert [o.event for _, o in then] == ["action_overdue"]
    assert streams.action_occurrences(date(2026, 4, 5), date(2026, 4, 1)) == []


def test_contacts_as_occurrences(customer):
    engagement, other = customer("青空"), customer("海原")
    named = contact(engagement, EVENING, "visit")
    person = Party.objects.create(kind="person", name="山田", name_key="山田")
    named.people.set([person, Party.objects.create(kind="person", name="川口", name_key="川口")])
    contact(other, PAST_MIDNIGHT)

    [(whose, occurrence)] = streams.contact_occurrences(MONDAY)
    assert whose == engagement.pk
    assert (occurrence.at, occurrence.event, occurrence.count) == (EVENING, "contact", 1)
    assert occurrence.person == str(person.pk)
    assert occurrence.properties == {"channel": "visit"}

    tuesday = date(2026, 4, 7)
    assert [eid for eid, _ in streams.contact_occurrences(tuesday, since=tuesday)] == [other.pk]
    assert streams.contact_occurrences(tuesday, since=tuesday, ids=[engagement.pk]) == []


def test_in_hand_for_seven_days_or_until_the_step_is_due(customer, staff):
    engagement, stepped, me = customer("青空"), customer("海原"), staff()
    contact(engagement, EVENING)
    with time_machine.travel(EVENING, tick=False):
        actions.add_action(engagement=stepped, by=me, step=NextStep("電話", me, date(2026, 4, 20)))
    assert streams.in_hand(date(2026, 4, 12)) == {engagement.pk, stepped.pk}
    assert streams.in_hand(date(2026, 4, 13)) == {stepped.pk}
    assert streams.in_hand(date(2026, 4, 20)) == set()
    assert streams.in_hand(date(2026, 4, 5)) == set()


def test_a_step_is_open_from_its_day_until_it_was_closed(customer, staff):
    engagement, me = customer(), staff()
    with time_machine.travel(EVENING, tick=False) as clock:
        late = actions.add_action(engagement=engagement, by=me, step=NextStep("b", me, MONDAY))
        actions.add_action(engagement=engagement, by=me, step=NextStep("a", me, date(2026, 4, 8)))
        clock.move_to(datetime(2026, 4, 8, 3, tzinfo=UTC))
        actions.close_action(action=late, by=me)
    assert not streams.open_steps(date(2026, 4, 5)).exists()
    assert [step.title for step in streams.open_steps(date(2026, 4, 7))] == ["b", "a"]
    assert [step.title for step in streams.open_steps(date(2026, 4, 8))] == ["a"]
    assert streams.next_steps(date(2026, 4, 7), [engagement.pk])[engagement.pk] == late


def test_set_aside_from_its_day_until_it_comes_back(customer, staff):
    engagement, me = customer(), staff()
    with time_machine.travel(EVENING, tick=False) as clock:
        actions.set_aside(engagement=engagement, by=me, kind="snooze", until=date(2026, 4, 10))
        assert not streams.set_aside_on(date(2026, 4, 5)).exists()
        assert streams.set_aside_on(date(2026, 4, 9)).exists()
        assert not streams.set_aside_on(date(2026, 4, 10)).exists()
        clock.move_to(datetime(2026, 4, 8, 3, tzinfo=UTC))
        actions.resume(engagement=engagement, by=me)
    assert streams.set_aside_on(date(2026, 4, 7)).exists()
    assert not streams.set_aside_on(date(2026, 4, 8)).exists()
