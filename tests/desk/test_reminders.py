"""Reminders of the morning: due steps and near deadlines, once each, to who may read."""

from datetime import date, timedelta

import pytest

from banso.actions.actions import NextStep, add_action, change_action, close_action
from banso.base.models import Notification, Role
from banso.base.notices import lines_of
from banso.desk.reminders import remind
from banso.engagements.actions import restrict
from banso.goals.models import Standing
from tests.world import build

DAY = date(2026, 11, 25)


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def world(me):
    found = build(3, me, today=DAY)
    for each in found.engagements:
        each.actions.all().delete()
    Standing.objects.update(next_on=None, next_kind="")
    return found


def told(user) -> list[str]:
    return [line.text for line in lines_of(user, list(user.notifications.order_by("id")))]


def step(world, owner, due: date, *, by=None):
    named = NextStep("資料を送る", owner, due)
    return add_action(engagement=world.engagements[0], by=by or owner, step=named)


def test_due_today_and_overdue_are_told_once(world, me):
    step(world, me, DAY)
    remind(DAY - timedelta(days=1))
    assert told(me) == []
    remind(DAY)
    remind(DAY)
    assert told(me) == ["株式会社サンプル0：今日が期日のアクション – 資料を送る"]
    remind(DAY + timedelta(days=1))
    remind(DAY + timedelta(days=2))
    assert [row.verb for row in me.notifications.order_by("id")] == ["action.due", "action.overdue"]


def test_a_night_without_a_round_is_made_up_for(world, me):
    step(world, me, DAY)
    remind(DAY + timedelta(days=3))
    assert [row.verb for row in me.notifications.all()] == ["action.overdue"]


def test_a_moved_step_is_told_on_its_new_day(world, me):
    action = step(world, me, DAY)
    remind(DAY)
    change_action(action=action, by=me, due_on=DAY + timedelta(days=2))
    remind(DAY + timedelta(days=1))
    remind(DAY + timedelta(days=2))
    assert [row.detail["on"] for row in me.notifications.order_by("id")] == [
        "2026-11-25",
        "2026-11-27",
    ]


def test_closed_steps_and_restricted_customers_are_not_told(world, me, staff):
    other = staff(name="鈴木 一郎")
    close_action(action=step(world, me, DAY), by=me)
    step(world, other, DAY, by=me)
    restrict(engagement=world.engagements[0], reason="協議", readers=[], by=me)
    remind(DAY)
    assert not Notification.objects.filter(verb="action.due").exists()


def test_deadlines_thirty_and_seven_days_ahead(world, me):
    pk = world.engagements[1].pk
    Standing.objects.filter(pk=pk).update(next_on=DAY + timedelta(days=30), next_kind="notice")
    for ahead in range(31):
        remind(DAY + timedelta(days=ahead))
    rows = list(me.notifications.order_by("id"))
    assert [row.detail["days"] for row in rows] == [30, 7]
    assert told(me)[0].startswith("株式会社サンプル1：解約通知の期限は2026年12月25日")


def test_deadlines_are_the_owners(world, me, staff):
    other = staff(name="鈴木 一郎")
    Standing.objects.update(next_on=DAY + timedelta(days=7), next_kind="renewal")
    remind(DAY)
    assert me.notifications.count() == 3
    assert other.notifications.count() == 0


def test_a_step_given_by_somebody_else_is_told_at_once_in_the_product(world, me, staff):
    boss, other = staff(Role.MANAGER, name="部長 太郎"), staff(name="鈴木 一郎")
    action = step(world, me, DAY, by=boss)
    step(world, me, DAY)
    assert [row.verb for row in me.notifications.all()] == ["action.assigned"]
    change_action(action=action, by=boss, owner=other)
    change_action(action=action, by=boss, due_on=DAY + timedelta(days=1))
    assert told(other) == [
        "株式会社サンプル0：アクションがあなたに割り当てられました（期日11月25日） – 資料を送る"
    ]
