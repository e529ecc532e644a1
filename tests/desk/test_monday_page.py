"""The lead's Monday: what changed since last Monday, on one page, as of any day."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from banso.actions.actions import NextStep, add_action
from banso.actions.models import Action, Contact, SetAside
from banso.base.models import Role, StaffGrant, Team
from banso.base.workspace import local_today
from banso.desk.pages.monday import monday_before
from banso.engagements.models import Contract, Engagement
from banso.goals.actions import agree, state_purpose
from banso.goals.models import Standing, StandingChange
from tests.engagements.making import make_contract, make_customer


def page(client, query=""):
    return client.get(f"/monday/{query}").context["page"]


def short(client, code, query=""):
    found = page(client, query)
    return next(each for each in (*found.changes, *found.plans) if each.code == code)


def crossed(engagement, day, before, after):
    StandingChange.objects.create(
        engagement=engagement, day=day, gap_before=before, gap_after=after
    )
    Standing.objects.filter(engagement=engagement).update(gap=after)


@pytest.mark.parametrize(
    ("day", "since"),
    [("2026-11-23", "2026-11-16"), ("2026-11-24", "2026-11-23"), ("2026-11-29", "2026-11-23")],
)
def test_the_meeting_before_this_one(day, since):
    assert monday_before(date.fromisoformat(day)) == date.fromisoformat(since)


def test_who_came_into_the_red_and_who_recovered(client, world):
    today = local_today()
    first, second, third, fourth, *_ = world.engagements
    crossed(first, today, 0.2, 0.7)
    crossed(second, today, 0.8, 0.1)
    crossed(third, today - timedelta(days=8), 0.2, 0.9)
    crossed(fourth, today, None, 0.9)
    red, recovered = short(client, "red"), short(client, "recovered")
    assert {one for _, one in red.mentions} == {first, fourth}
    assert [one for _, one in recovered.mentions] == [second]
    [told] = [each for each, one in red.mentions if one == first]
    assert (told.before, told.now) == (0.2, 0.7)


def test_there_and_back_within_the_week_is_no_news(client, world):
    today = local_today()
    since = monday_before(today)
    crossed(world.engagements[0], since + timedelta(days=1), 0.2, 0.7)
    if since + timedelta(days=1) < today:
        crossed(world.engagements[0], today, 0.7, 0.2)
        assert short(client, "red").count == short(client, "recovered").count == 0


def test_lost_renewed_and_won(client, world, me):
    today = local_today()
    before, later = (today - timedelta(days=400)).isoformat(), today + timedelta(days=20)
    words = {"outcome_known_on": today.isoformat(), "annual_minor": 100}
    gone, kept, moved = (make_customer(name, owner=me) for name in ("去", "続", "移"))
    make_contract(gone, before, later.isoformat(), outcome="churned", **words)
    make_contract(kept, before, later.isoformat(), outcome="renewed", **words)
    make_contract(moved, before, later.isoformat(), outcome="churned", **words)
    make_contract(moved, today.isoformat(), (later + timedelta(days=365)).isoformat())
    new = make_customer("新", owner=me)
    make_contract(new, today.isoformat(), later.isoformat())
    names = {code: [one.party.name for _, one in short(client, code).mentions]
             for code in ("lost", "renewed", "won")}  # fmt: skip
    assert names == {"lost": ["去"], "renewed": ["続"], "won": ["新"]}
    assert short(client, "lost").value == 100


def test_the_weeks_dates_the_top_and_who_is_late(client, world, me):
    today = local_today()
    Action.objects.all().delete()
    Standing.objects.filter(engagement=world.engagements[0]).update(
        next_on=today + timedelta(days=6), next_kind="notice"
    )
    Standing.objects.filter(engagement=world.engagements[1]).update(
        next_on=today + timedelta(days=7)
    )
    late = NextStep("送る", me, today - timedelta(days=4))
    add_action(engagement=world.engagements[0], by=me, step=late)
    found = page(client)
    assert [one for _, one in found.dates.mentions] == [world.engagements[0]]
    assert [each.owner for each in found.late] == [me]
    assert (found.late[0].count, found.late[0].oldest) == (1, today - timedelta(days=4))
    stakes = [row.standing.stake for row in found.top]
    assert stakes == sorted(stakes, reverse=True)
    assert len(stakes) == 6


def test_uncovered_ones_are_named(client, world):
    for model in (Action, Contact, SetAside):
        model.objects.all().delete()
    Standing.objects.update(last_contact_on=None)
    assert page(client).uncovered.count == 4


def test_plans_agreed_are_told(client, world, me):
    goal = state_purpose(engagement=world.engagements[0], by=me, words="月末を早く終える")
    agree(goal=goal, by=me, how="meeting", person_name="髙﨑")
    told = short(client, "agreed")
    assert [one for _, one in told.mentions] == [world.engagements[0]]
    assert short(client, "not_quite").count == 0


def test_a_team_has_its_own_page(client, world, me, staff):
    other = staff(Role.SUCCESS, name="鈴木 一郎")
    team = Team.objects.create(name="東")
    StaffGrant.objects.filter(user=other).update(team=team)
    Engagement.objects.filter(pk=world.engagements[0].pk).update(owner=other)
    Standing.objects.filter(pk=world.engagements[0].pk).update(owner=other)
    found = page(client, f"?team={team.uid}")
    assert [row.engagement for row in found.top] == [world.engagements[0]]
    assert len(page(client).top) == 6


def test_a_past_monday_shows_what_was_known_then(client, world, me):
    today = local_today()
    then = today - timedelta(days=7)
    before = page(client, f"?as_of={then}")
    make_contract(
        world.engagements[0],
        (today - timedelta(days=30)).isoformat(),
        (today + timedelta(days=1)).isoformat(),
        outcome="churned",
        outcome_known_on=today.isoformat(),
    )
    late = NextStep("送る", me, then - timedelta(days=4))
    add_action(engagement=world.engagements[0], by=me, step=late)
    Contact.objects.create(engagement=world.engagements[0], occurred_at=timezone.now(), by=me)
    after = page(client, f"?as_of={then}")
    assert [each.count for each in after.changes[:2]] == [each.count for each in before.changes[:2]]
    assert after.late == before.late
    assert next(each for each in after.changes if each.code == "lost").count == 0
    assert Contract.objects.count() == 13
