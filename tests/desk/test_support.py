"""Support beside use, and those whom nobody supports."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from banso.actions.models import Action, Contact
from banso.assets.use import show
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.core.conditions import All, dump
from banso.desk.support import ends_of, gap_on, support_by_week, unsupported
from banso.engagements.actions import restrict
from banso.goals.models import SegmentFigures, Standing
from banso.metrics.models import LatestValue, Metric, Segment, Summary
from tests.assets.making import make
from tests.cases.making import a_run, done
from tests.world import build


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def world(me):
    """Everybody far from their targets, and silent for a hundred days."""
    world = build(4, me)
    Contact.objects.all().delete()
    Action.objects.all().delete()
    long_ago = local_today() - timedelta(days=100)
    Standing.objects.update(gap=0.8, current=True, last_contact_on=long_ago)
    return world


def left(me, days=30, usage=None):
    rows = unsupported(me, local_today(), days, usage)
    return set(rows.values_list("engagement_id", flat=True))


def test_whoever_received_something_is_not_on_the_list(world, me):
    one, two, three, four = (each.pk for each in world.engagements)
    assert left(me) == {one, two, three, four}
    Standing.objects.filter(pk=one).update(last_contact_on=local_today() - timedelta(days=29))
    done(a_run(world.metrics[0], me), world.engagements[1], days=20)
    show(version=make().current, engagement=world.engagements[2], by=me)
    now = timezone.now()
    words = {"engagement": world.engagements[3], "owner": me, "due_on": local_today()}
    Action.objects.create(**words, closed_as="dropped", closed_at=now)
    assert left(me) == {four}
    Action.objects.create(**words, closed_as="done", closed_at=now - timedelta(days=35))
    assert left(me) == {four}
    assert left(me, days=60) == set()


def test_a_small_gap_a_former_or_a_restricted_customer_is_not(world, me, staff):
    Standing.objects.filter(pk=world.engagements[0].pk).update(gap=0.49)
    Standing.objects.filter(pk=world.engagements[1].pk).update(current=False)
    restrict(engagement=world.engagements[2], reason="協議", readers=[], by=me)
    stranger = staff(Role.MANAGER, name="歩く 人")
    assert left(stranger) == {world.engagements[3].pk}


def test_little_use_is_the_worst_quarter_or_not_measured(world, me):
    metric = world.metrics[0]
    Summary.objects.create(pk=metric.pk, measured=3, total=4, low=5.0, middle=10.0, high=20.0)
    for value, each in zip((5.0, 6.0, 30.0), world.engagements, strict=False):
        LatestValue.objects.filter(metric=metric, engagement=each).update(value=value)
    LatestValue.objects.filter(metric=metric, engagement=world.engagements[3]).delete()
    one, _, three, four = (each.pk for each in world.engagements)
    assert left(me, usage=metric) == {one, four}
    metric.higher_is_better = False
    assert left(me, usage=metric) == {three, four}


def test_support_is_counted_in_the_week_it_came(world, me):
    mine, now = world.engagements[0], timezone.now()
    for ago in (0, 6, 7, 8, 400):
        Contact.objects.create(engagement=mine, by=me, occurred_at=now - timedelta(days=ago))
    done(a_run(world.metrics[0], me), mine, days=8)
    show(version=make().current, engagement=mine, by=me)
    weeks = support_by_week([mine.pk], ends_of(local_today()))
    assert weeks[-1] == [2, 0, 0, 1]
    assert weeks[-2] == [2, 0, 1, 0]
    assert not any(map(sum, weeks[:-2]))


def test_the_gap_of_a_day_is_what_the_last_change_left():
    today = date(2026, 11, 30)
    changes = [(today - timedelta(days=20), 0.2, 0.5), (today - timedelta(days=3), 0.5, 0.1)]
    days = [today - timedelta(days=each) for each in (40, 20, 4, 3, 0)]
    assert [gap_on(each, changes, 0.1) for each in days] == [0.2, 0.5, 0.5, 0.1, 0.1]
    assert gap_on(today, [], 0.3) == 0.3


def test_a_segments_weeks_stand_beside_the_list(world, me, sign_in):
    words = {"name": {"ja": "全員", "en": "All"}, "condition": dump(All())}
    segment = Segment.objects.create(**words)
    SegmentFigures.objects.create(
        segment=segment, day=local_today(), customers=4, measured=4, stake=1, gap=0.7
    )
    Contact.objects.create(engagement=world.engagements[0], by=me, occurred_at=timezone.now())
    page = sign_in(me).get(reverse("support"), {"segment": segment.uid}).context["page"]
    assert page.beside.weeks[-1].all == 1
    assert [each.gap for each in page.beside.weeks[-2:]] == [None, 0.7]
    assert len(page.lines) == 4


def test_the_list_is_paged_and_asks_no_more_where_there_is_more(world, me, sign_in):
    client = sign_in(me)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            page = client.get(reverse("support")).context["page"]
        return len(captured), page

    asked()
    few, _ = asked()
    build_more(me)
    many, page = asked()
    assert many <= few
    assert (len(page.lines), page.listed.paginator.num_pages) == (30, 2)


def build_more(me):
    for number, metric in enumerate(Metric.objects.all()):
        metric.key = f"former-{number}"
        metric.save()
    build(40, me)
    Action.objects.all().delete()
    Standing.objects.update(gap=0.8, current=True, last_contact_on=None)
