"""The stored section of each standing, and rows that exist from the first day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from banso.actions import actions
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.engagements.actions import add_engagement
from banso.goals.models import Standing
from banso.goals.refresh import refresh_standings
from banso.goals.sections import sections
from banso.parties.actions import OrganizationCard, create_parties
from tests.world import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS)


def stored() -> dict[int, str]:
    return dict(Standing.objects.values_list("engagement_id", "section"))


def test_the_round_stores_what_the_daily_loop_says(me):
    world = build(30, me)
    Standing.objects.update(section="met")
    refresh_standings()
    found = stored()
    assert set(found.values()) >= {"needs", "in_hand", "set_aside"}
    assert found == sections(Standing.objects.all(), local_today())
    assert len(found) == len(world.engagements)


def test_one_act_moves_one_row(me):
    world = build(20, me)
    refresh_standings()
    before = stored()
    chosen = next(each for each in world.engagements if before[each.pk] == "needs")
    actions.set_aside(
        engagement=chosen,
        by=me,
        kind="snooze",
        until=local_today() + timedelta(days=3),
        reason="",
        gap_then=None,
    )
    refresh_standings([chosen.pk])
    after = stored()
    assert {each for each in after if after[each] != before[each]} == {chosen.pk}
    assert after[chosen.pk] == "set_aside"


def test_an_act_during_the_round_is_not_overwritten(me, monkeypatch):
    from banso.goals import refresh

    world = build(20, me)
    refresh_standings()
    chosen = next(each for each in world.engagements if stored()[each.pk] == "needs")
    real, now = refresh.sections, timezone.now()

    def meanwhile(standings, today, ids=None):
        found = real(standings, today, ids)
        if ids is None:
            actions.record_contact(
                engagement=chosen, by=me, channel="call", occurred_at=now, summary=""
            )
            refresh_standings([chosen.pk])
        return found

    monkeypatch.setattr(refresh, "sections", meanwhile)
    refresh_standings()
    assert stored()[chosen.pk] == "in_hand"


def test_a_new_customer_has_its_row_at_once(me):
    [party] = create_parties([OrganizationCard("株式会社あたらしい")])
    engagement = add_engagement(party=party, by=me)
    row = Standing.objects.get(engagement=engagement)
    assert (row.section, row.gap, row.current) == ("unmeasured", None, True)


def test_unknown_numbers_come_last_in_the_order(me):
    build(3, me)
    first, second, third = Standing.objects.order_by("pk")
    Standing.objects.filter(pk=first.pk).update(stake=None, gap=None)
    Standing.objects.filter(pk=second.pk).update(stake=0)
    Standing.objects.filter(pk=third.pk).update(stake=5)
    order = Standing.objects.order_by("-by_stake", "-by_gap").values_list("pk", flat=True)
    assert list(order) == [third.pk, second.pk, first.pk]
