"""The verbs: each changes its rows and leaves its activity, and refuses what has passed."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from banso.actions import actions
from banso.actions.actions import NextStep, Refused
from banso.actions.models import Action, Contact, SetAside
from banso.base.models import Activity
from banso.parties.models import Party

DUE = date(2026, 4, 30)


def verbs() -> list[str]:
    return list(Activity.objects.order_by("id").values_list("verb", flat=True))


def test_a_contact_with_its_next_step(customer, staff):
    engagement, me, you = customer(), staff(), staff()
    person = Party.objects.create(kind="person", name="山田", name_key="山田")

    recorded = actions.record_contact(
        engagement=engagement,
        by=me,
        channel="call",
        occurred_at=timezone.now(),
        summary="導入の相談。「来月から使いたい」",
        people=[person],
        next_step=NextStep("見積を送る", you, DUE),
    )

    assert list(recorded.contact.people.all()) == [person]
    assert recorded.action is not None
    assert (recorded.action.owner, recorded.action.contact) == (you, recorded.contact)
    assert verbs() == ["contact.recorded", "action.added"]
    first = Activity.objects.order_by("id")[0]
    assert (first.engagement_id, first.subject_id) == (engagement.pk, recorded.contact.pk)
    assert "導入" not in str(first.detail)


def test_a_contact_is_recorded_whole_or_not_at_all(customer, staff):
    owner = staff()
    step = NextStep("見積を送る", owner, None)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        actions.record_contact(
            engagement=customer(),
            by=owner,
            channel="mail",
            occurred_at=timezone.now(),
            summary="x",
            next_step=step,
        )
    assert not Contact.objects.exists()
    assert verbs() == []


def contact_of(engagement, by) -> Contact:
    return actions.record_contact(
        engagement=engagement,
        by=by,
        channel="visit",
        occurred_at=timezone.now(),
        summary="訪問",
        next_step=NextStep("資料を送る", by, DUE),
    ).contact


def test_taking_a_contact_back_takes_its_open_step(customer, staff):
    engagement, me = customer(), staff()
    contact = contact_of(engagement, me)
    actions.withdraw_contact(contact=contact, by=me)
    assert not Contact.objects.exists()
    assert not Action.objects.exists()
    assert verbs()[-1] == "contact.withdrawn"


def test_a_step_already_done_outlives_its_contact(customer, staff):
    me = staff()
    contact = contact_of(customer(), me)
    actions.close_action(action=contact.actions.get(), by=me)
    actions.withdraw_contact(contact=contact, by=me)
    assert Action.objects.get().contact is None


def test_a_contact_cannot_be_taken_back_by_others_or_later(customer, staff):
    me, you = staff(), staff()
    contact = contact_of(customer(), me)
    with pytest.raises(Refused, match="not_yours"):
        actions.withdraw_contact(contact=contact, by=you)
    with (
        time_machine.travel(timezone.now() + timedelta(minutes=61)),
        pytest.raises(Refused, match="too_late"),
    ):
        actions.withdraw_contact(contact=contact, by=me)
    assert Contact.objects.exists()


def test_a_step_changes_hands_and_day_until_it_is_closed(customer, staff):
    me, you = staff(), staff()
    action = actions.add_action(engagement=customer(), by=me, step=NextStep("電話", me, DUE))

    same = actions.change_action(action=action, by=me)
    assert (same.due_on, verbs()) == (DUE, ["action.added"])
    moved = actions.change_action(action=action, by=me, owner=you, due_on=date(2026, 5, 7))
    assert (moved.owner, moved.due_on) == (you, date(2026, 5, 7))
    detail = Activity.objects.get(verb="action.changed").detail
    assert detail["before"] == {"due_on": "2026-04-30", "owner": me.pk, "every": ""}

    actions.close_action(action=action, by=you)
    with pytest.raises(Refused, match="closed"):
        actions.change_action(action=action, by=me, due_on=DUE)


def test_closing_twice_is_harmless(customer, staff):
    me, you = staff(), staff()
    action = actions.add_action(engagement=customer(), by=me, step=NextStep("電話", me, DUE))
    actions.close_action(action=action, by=me)
    again = actions.close_action(action=action, by=you, closed_as="dropped")
    assert (again.closed_as, again.closed_by) == ("done", me)
    assert verbs() == ["action.added", "action.closed"]


def test_a_closing_is_taken_back_within_a_week(customer, staff):
    me = staff()
    action = actions.add_action(engagement=customer(), by=me, step=NextStep("電話", me, DUE))
    assert actions.reopen_action(action=action, by=me).closed_as == ""
    actions.close_action(action=action, by=me)
    opened = actions.reopen_action(action=action, by=me)
    assert (opened.closed_as, opened.closed_at, opened.closed_by) == ("", None, None)

    actions.close_action(action=action, by=me)
    with (
        time_machine.travel(timezone.now() + timedelta(days=8)),
        pytest.raises(Refused, match="too_late"),
    ):
        actions.reopen_action(action=action, by=me)


def test_setting_aside_replaces_what_was_set_aside(customer, staff):
    engagement, me = customer(), staff()
    first = actions.set_aside(engagement=engagement, by=me, kind="snooze", until=DUE)
    actions.set_aside(
        engagement=engagement, by=me, kind="no_concern", until=DUE, reason="契約が自動更新"
    )
    first.refresh_from_db()
    assert first.ended_at is not None
    assert SetAside.objects.get(ended_at=None).reason == "契約が自動更新"
    assert verbs() == ["set_aside.begun"] * 2


def test_resuming(customer, staff):
    engagement, me = customer(), staff()
    assert not actions.resume(engagement=engagement, by=me)
    actions.set_aside(engagement=engagement, by=me, kind="snooze", until=DUE)
    assert actions.resume(engagement=engagement, by=me)
    assert not SetAside.objects.filter(ended_at=None).exists()
    assert verbs() == ["set_aside.begun", "set_aside.ended"]


@pytest.fixture
def weekly(customer, staff):
    """A step of a Monday that comes again each week, and its owner."""
    me = staff()
    step = NextStep("定例会", me, date(2026, 4, 6), every="week")
    with time_machine.travel("2026-04-01T10:00+09:00", tick=False):
        return actions.add_action(engagement=customer(), by=me, step=step), me


def test_what_comes_again_is_written_once_when_it_is_done(weekly):
    first, me = weekly
    with time_machine.travel("2026-04-06T10:00+09:00", tick=False):
        actions.close_action(action=first, by=me)
        actions.close_action(action=first, by=me)
    following = Action.objects.get(closed_as="")
    assert (following.due_on, following.follows) == (date(2026, 4, 13), first)
    assert (following.title, following.owner, following.every) == ("定例会", me, "week")


def test_late_by_weeks_it_comes_after_today_on_a_working_day(weekly):
    first, me = weekly
    actions.change_action(action=first, by=me, due_on=date(2026, 4, 9))
    with time_machine.travel("2026-04-27T10:00+09:00", tick=False):
        actions.close_action(action=first, by=me)
    following = Action.objects.get(closed_as="")
    assert following.due_on == date(2026, 5, 7)  # Monday the 4th is a holiday, the 7th is none
    assert following.every_from == date(2026, 4, 6)


def test_a_closing_taken_back_takes_the_next_one_back(weekly):
    first, me = weekly
    actions.close_action(action=first, by=me)
    actions.reopen_action(action=first, by=me)
    assert Action.objects.get() == first


def test_dropped_or_of_a_customer_that_is_gone_it_comes_no_more(weekly):
    first, me = weekly
    actions.close_action(action=first, by=me, closed_as="dropped")
    actions.reopen_action(action=first, by=me)
    first.engagement.ended_on = date(2026, 4, 5)
    first.engagement.save()
    with time_machine.travel("2026-04-06T10:00+09:00", tick=False):
        actions.close_action(action=Action.objects.get(), by=me)
    assert not Action.objects.filter(closed_as="").exists()


def test_how_often_it_comes_can_be_changed(weekly):
    first, me = weekly
    changed = actions.change_action(action=first, by=me, every="month")
    assert (changed.every, changed.every_from) == ("month", date(2026, 4, 6))
    changed = actions.change_action(action=first, by=me, every="")
    assert (changed.every, changed.every_from) == ("", None)
    actions.close_action(action=changed, by=me)
    assert not Action.objects.filter(closed_as="").exists()


def test_one_that_is_done_again_after_its_next_was_done_has_no_second_next(weekly):
    first, me = weekly
    actions.close_action(action=first, by=me)
    second = Action.objects.get(follows=first)
    actions.close_action(action=second, by=me)
    actions.reopen_action(action=first, by=me)
    actions.close_action(action=Action.objects.get(pk=first.pk), by=me)
    assert [each.follows for each in Action.objects.filter(closed_as="")] == [second]
