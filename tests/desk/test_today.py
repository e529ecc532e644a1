"""Today: one order, one section each, and the same number of questions however long the list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from banso.actions.models import Contact, SetAside
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.desk.looks import look
from banso.desk.models import Look
from banso.engagements.models import Engagement
from banso.goals.models import Standing
from banso.goals.sections import section_of
from tests.house.test_pages import more, queries
from tests.world import build, place


def stood(number: int, gap: float | None) -> Standing:
    return Standing(engagement_id=number, gap=gap)


def test_each_standing_falls_into_one_section_and_keeps_its_order():
    order = [stood(1, 0.9), stood(2, 0.5), stood(3, 0.4), stood(4, 0.0), stood(5, None)]
    assert [section_of(each, {2}, {3: 0.35}) for each in order] == [
        "needs",
        "in_hand",
        "set_aside",
        "met",
        "unmeasured",
    ]


@pytest.mark.parametrize(
    ("then", "now", "section"),
    [
        (0.5, 0.59, "set_aside"),
        (0.5, 0.61, "needs"),
        (None, 0.9, "set_aside"),
        (0.5, None, "set_aside"),
        (0.5, 0.1, "set_aside"),
    ],
)
def test_a_real_worsening_brings_it_back(then, now, section):
    assert section_of(stood(1, now), set(), {1: then}) == section


def only(me, *, gap: float = 0.6, stake: int = 900_000, contact_days: int | None = 40):
    """One customer who needs somebody, with a standing of its own."""
    world = build(1, me)
    [engagement] = world.engagements
    Contact.objects.all().delete()
    SetAside.objects.all().delete()
    engagement.actions.all().delete()
    last = None if contact_days is None else local_today() - timedelta(days=contact_days)
    Standing.objects.filter(engagement=engagement).update(
        current=True, gap=gap, stake=stake, last_contact_on=last, as_of=local_today()
    )
    place()
    return engagement


def page(client, query: str = ""):
    answer = client.get(f"/today/{query}")
    assert answer.status_code == 200
    return answer.context["page"]


def test_ranked_by_stake(client, world):
    found = page(client, "?section=needs")
    stakes = [row.standing.stake for row in found.rows]
    assert len(stakes) > 1
    assert stakes == sorted(stakes, reverse=True)
    assert [row.rank for row in found.rows] == list(range(1, len(stakes) + 1))


def test_mine_my_team_and_everybody(staff, sign_in, client, me):
    mine = only(me)
    other = staff(Role.SUCCESS, name="鈴木")
    build_for(other)
    assert [row.engagement for row in page(client).rows] == [mine]
    assert page(client, "?scope=all").listed.paginator.count == 2
    viewer = page(sign_in(staff(Role.VIEWER)))
    assert viewer.scope == "all"
    assert not any(row.writable for row in viewer.rows)


def build_for(owner):
    from banso.parties.models import Party

    party = Party.objects.create(kind="organization", name="よその会社", name_key="よその会社")
    engagement = Engagement.objects.create(party=party, owner=owner)
    return Standing.objects.create(
        engagement=engagement, as_of=local_today(), gap=0.4, stake=10, section="needs"
    )


def test_no_contact_for_thirty_days(client, me):
    engagement = only(me, contact_days=30)
    assert page(client, "?silent=1").listed.paginator.count == 1
    assert page(client).rows[0].silent

    Engagement.objects.update(touch="tech")
    place()
    assert not page(client).rows[0].silent
    assert page(client, "?silent=1").listed.paginator.count == 0

    Engagement.objects.update(touch="high")
    place()
    Standing.objects.update(last_contact_on=local_today() - timedelta(days=29))
    assert page(client, "?silent=1").listed.paginator.count == 0
    assert engagement.party.name in client.get("/today/").text


def test_what_changed_since_the_last_look(client, me, staff):
    import time_machine

    from banso.base.activity import record
    from banso.goals.models import StandingChange

    engagement = only(me)
    colleague = staff(Role.MANAGER, name="田中 部長")
    assert page(client).rows[0].change is None

    start = timezone.now()
    with time_machine.travel(start + timedelta(days=1), tick=False):
        day = local_today()
        StandingChange.objects.create(
            engagement=engagement, day=day, gap_before=0.35, gap_after=0.6
        )
        record("goal.stated", actor=colleague, engagement_id=engagement.pk)
        record("action.added", actor=me, engagement_id=engagement.pk)
        change = page(client).rows[0].change
        assert change is not None
        assert round(change.points) == 25
        assert [each.verb for each in change.news] == ["goal.stated"]
        again = page(client).rows[0].change
        assert again == change, "reloading within a sitting keeps the news"
        assert "田中 部長" in client.get("/today/").text
    with time_machine.travel(start + timedelta(days=2), tick=False):
        assert page(client).rows[0].change is None


def test_a_look_is_noted_to_the_minute(me, django_assert_num_queries):
    now = timezone.now()
    assert look(me, now) is None
    with django_assert_num_queries(1):
        assert look(me, now + timedelta(seconds=59)) is None
    assert Look.objects.get().at == now
    assert look(me, now + timedelta(seconds=61)) is None
    assert look(me, now + timedelta(hours=4)) == now + timedelta(seconds=61)
    assert look(me, now + timedelta(hours=4, seconds=5)) == now + timedelta(seconds=61)


def test_news_that_reads_alike_is_told_once(client, me, staff):
    import time_machine

    from banso.base.activity import record

    engagement = only(me)
    page(client)
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        for kind in ("silent", "silent", "new_low"):
            detail = {"kind": kind}
            record("alert.raised", actor=None, engagement_id=engagement.pk, detail=detail)
        told = client.get("/today/").text
    assert told.count("利用の途絶え") == 1
    assert told.count("過去最低") == 1


@pytest.mark.parametrize("query", ["", "?scope=all", "?silent=1", "?section=in_hand"])
def test_no_query_per_row(client, me, query):
    world = build(40, me)
    client.get("/today/")
    few = queries(client, f"/today/{query}")
    more(world, me)
    assert queries(client, f"/today/{query}") == few


def test_the_first_day_says_what_to_do(client, me):
    answer = client.get("/today/")
    assert answer.status_code == 200
    assert "/customers/new/" in answer.text
    assert answer.context["page"].empty


def test_only_unmeasured_customers_still_make_a_list(client, me):
    only(me)
    Standing.objects.update(gap=None, stake=None, reason={"code": "unmeasured", "total": 0})
    place()
    found = page(client)
    assert found.section == "unmeasured"
    assert len(found.rows) == 1


def test_numbers_of_an_earlier_night_are_called_so(client, me):
    only(me)
    assert not page(client).stale
    Standing.objects.update(as_of=local_today() - timedelta(days=1))
    assert page(client).stale
