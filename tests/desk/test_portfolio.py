"""The portfolio: sums by owner, what nobody covers, and where each number leads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from banso.actions.actions import NextStep, add_action, record_contact, set_aside
from banso.actions.models import Action
from banso.base.models import Role, StaffGrant, Team
from banso.base.workspace import local_today
from banso.core.load import weight
from banso.desk.book_days import keep_book_days
from banso.desk.models import BookDay
from banso.engagements.after import regrouped
from banso.engagements.models import Engagement
from banso.goals.models import Standing


def page(client, query=""):
    return client.get(f"/portfolio/{query}").context["page"]


def row(client, owner, query=""):
    [found] = [each for each in page(client, query).lines if each.owner == owner]
    return found


def give(engagement, owner, **words):
    Engagement.objects.filter(pk=engagement.pk).update(owner=owner, **words)
    regrouped([engagement.pk])


def test_one_row_per_owner_and_the_sums_are_those_of_the_customers(client, world, me, staff):
    other = staff(Role.SUCCESS, name="鈴木 一郎")
    first, second, *_ = world.engagements
    give(first, other)
    give(second, None)
    lines = {each.owner: each for each in page(client).lines}
    assert set(lines) == {me, other, None}
    assert (lines[me].customers, lines[other].customers, lines[None].customers) == (4, 1, 1)
    standing = Standing.objects.get(engagement=first)
    assert (lines[other].stake, lines[other].annual) == (standing.stake, standing.annual_minor)
    assert lines[other].gap == pytest.approx(standing.gap)
    mine = Engagement.objects.filter(owner=me)
    expected = sum(weight(each.touch, beginning=False) for each in mine)
    assert lines[me].load == pytest.approx(expected)
    total = page(client).total
    assert (total.customers, total.stake) == (6, sum(each.stake for each in lines.values()))


def test_the_first_ninety_days_weigh_more(client, world, me):
    before = row(client, me).load
    Engagement.objects.filter(owner=me).update(started_on=local_today() - timedelta(days=89))
    assert row(client, me).load == pytest.approx(1.5 * before)


def test_uncovered_ends_with_a_contact_an_action_or_a_decision(client, world, me):
    from banso.actions.models import Action, Contact, SetAside

    for model in (Action, Contact, SetAside):
        model.objects.all().delete()
    Standing.objects.update(last_contact_on=None)
    people = [each for each in world.engagements if each.touch != "tech"]
    assert row(client, me).uncovered == len(people) == 4
    today = local_today()
    listed = client.get("/customers/?uncovered=1").context["page"].lines
    assert {each.engagement.pk for each in listed} == {each.pk for each in people}

    add_action(engagement=people[0], by=me, step=NextStep("電話", me, today))
    set_aside(engagement=people[1], by=me, kind="snooze", until=today + timedelta(days=3))
    Standing.objects.filter(engagement=people[2]).update(last_contact_on=today)
    assert row(client, me).uncovered == 1


def test_silence_is_counted_where_a_person_is_expected(client, world, me):
    long_ago = local_today() - timedelta(days=45)
    Standing.objects.update(last_contact_on=long_ago)
    assert (row(client, me).silent_30, row(client, me).silent_60) == (4, 0)
    assert len(client.get("/customers/?silent=1").context["page"].lines) == 4
    assert len(client.get("/customers/?silent=60").context["page"].lines) == 0


def test_promises_belong_to_whoever_made_them(client, world, me, staff):
    other = staff(Role.SUCCESS, name="鈴木 一郎")
    today = local_today()
    for days in (-2, 0, 7, 8):
        step = NextStep("資料", other, today + timedelta(days=days))
        add_action(engagement=world.engagements[0], by=me, step=step)
    assert (row(client, other).due, row(client, other).overdue) == (2, 1)
    address = f"/actions/?owner={other.uid}&due="
    assert len(client.get(address + "week").context["page"].listed) == 3
    assert len(client.get(address + "overdue").context["page"].listed) == 1
    assert len(client.get(address + "all").context["page"].listed) == 4


def test_of_the_open_steps_one_closes_their_own_and_their_teams(client, world, me, staff, sign_in):
    other = staff(Role.SUCCESS, name="鈴木 一郎", team=Team.objects.create(name="西"))
    step = NextStep("資料", other, local_today())
    added = add_action(engagement=world.engagements[0], by=me, step=step)
    open_ids = set(Action.objects.filter(closed_as="").values_list("pk", flat=True))
    assert client.get("/actions/").context["page"].mine_to_close == open_ids
    assert sign_in(other).get("/actions/").context["page"].mine_to_close == {added.pk}
    assert f"/actions/{added.uid}/done/" in sign_in(other).get("/actions/").text
    viewer = staff(Role.VIEWER)
    assert sign_in(viewer).get("/actions/").context["page"].mine_to_close == set()


def test_deciding_days_fall_into_months_and_the_calendar(client, world, me):
    today = local_today()
    found = page(client)
    within = Standing.objects.filter(next_on__lte=today + timedelta(days=180))
    assert found.total.decisions.count == within.count()
    assert sum(each.count for each in found.total.months) == within.count()
    assert found.total.decisions.value == sum(each.annual_minor for each in within)
    days = [day for _, days in found.calendar.rows for day in days if day]
    assert len(days) == 181
    on = Standing.objects.get(engagement=world.engagements[0]).next_on
    [day] = [each for each in days if each.on == on]
    listed = client.get(f"/customers/?on={on.isoformat()}").context["page"].lines
    assert day.count == len(listed) == 1
    assert client.get("/customers/?on=someday").context["page"].lines == []


def test_a_team_sees_its_own_books(client, world, me, staff):
    team = Team.objects.create(name="東")
    StaffGrant.objects.filter(user=me).update(team=team)
    staff(Role.SUCCESS, name="鈴木 一郎")
    assert [each.owner for each in page(client, f"?team={team.uid}").lines] == [me]
    assert len(client.get(f"/customers/?team={team.uid}").context["page"].lines) == 6
    assert page(client, "?team=nobody").lines == []


def test_who_has_left_is_still_seen_with_what_they_left(client, world, me, staff, sign_in):
    StaffGrant.objects.filter(user=me).update(ended_at=timezone.now())
    line = row(sign_in(staff(Role.MANAGER)), me)
    assert (line.in_post, line.customers) == (False, 6)


def test_a_month_ago_is_said_beside_now(client, world, me):
    today = local_today()
    Standing.objects.update(stake=1000, gap=0.5)
    keep_book_days(today - timedelta(days=31))
    keep_book_days(today - timedelta(days=31))
    assert BookDay.objects.count() == 1
    Standing.objects.update(stake=1500, gap=0.4)
    assert row(client, me).stake_change is None
    keep_book_days(today)
    line = row(client, me)
    assert line.stake_change == 6 * 500
    assert line.gap_change == pytest.approx(-0.1)
    assert page(client).since == today - timedelta(days=31)


def test_uneven_books_are_hinted_at(client, world, me, staff):
    other = staff(Role.SUCCESS, name="鈴木 一郎")
    give(world.engagements[0], other, touch="tech")
    [advice] = page(client).advice
    assert (advice.heavy.owner, advice.light.owner) == (me, other)
    assert advice.hint.ratio > 1.3


@pytest.mark.parametrize("key", ["name", "load", "stake", "silent", "due", "decisions", "gap"])
def test_sorted_both_ways(client, world, me, staff, key):
    other = staff(Role.SUCCESS, name="鈴木 一郎")
    give(world.engagements[0], other)
    record_contact(
        engagement=world.engagements[1],
        by=me,
        channel="call",
        occurred_at=timezone.now(),
        summary="…",
    )
    up = [each.uid for each in page(client, f"?sort={key}").lines]
    down = [each.uid for each in page(client, f"?sort=-{key}").lines]
    assert sorted(up) == sorted(down)
    assert len(up) == 3
