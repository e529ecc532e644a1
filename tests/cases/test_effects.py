"""How long effects take, read from what was measured."""

from datetime import timedelta

import pytest
from django.urls import reverse

from banso.base.models import Role
from banso.base.workspace import local_today
from banso.cases.effects import read_effects
from banso.cases.models import EffectTime, TypicalTime
from banso.engagements.actions import restrict
from banso.metrics.models import Measurement
from tests.cases.making import a_run, done
from tests.world import build

PAST = 90


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def world(me):
    world = build(8, me)
    Measurement.objects.all().delete()
    for target in world.metrics[0].targets.all():
        type(target).objects.filter(pk=target.pk).update(
            since=local_today() - timedelta(days=2 * PAST)
        )
    return world


def value(world, number, ago, amount):
    day = local_today() - timedelta(days=ago)
    made = Measurement.objects.create(
        metric=world.metrics[0],
        engagement=world.engagements[number],
        as_of=day,
        value=amount,
        source="test",
    )
    Measurement.objects.filter(pk=made.pk).update(recorded_at=f"{day}T00:00Z")


def test_the_first_week_on_which_the_gap_is_visibly_smaller(world, me, sign_in):
    run = a_run(world.metrics[0], me)
    rows = [done(run, each, before=10.0) for each in world.engagements]
    for number in range(6):
        value(world, number, PAST - 10, 15.0)  # half of a tenth of the way: not yet
        value(world, number, PAST - 20 - number, 30.0)
    read_effects(local_today())
    found = [EffectTime.objects.get(intervention=row).days for row in rows]
    assert found == [21, 21, 28, 28, 28, 28, None, None]
    typical = TypicalTime.objects.get()
    assert (typical.n, typical.shown, typical.median, typical.reason) == (8, 6, 28, "")
    assert (typical.low, typical.high) == (21, None)
    page = sign_in(me).get(reverse("effect-times"))
    assert "28" in page.text


def test_who_had_no_room_or_no_target_says_nothing(world, me):
    run = a_run(world.metrics[0], me)
    done(run, world.engagements[0], before=95.0)
    done(run, world.engagements[1], before=None)
    read_effects(local_today())
    assert set(EffectTime.objects.values_list("counts", flat=True)) == {False}
    typical = TypicalTime.objects.get()
    assert (typical.n, typical.reason) == (0, "too_few")


def test_read_once_and_restricted_customers_are_not_in_the_typical(world, me):
    run = a_run(world.metrics[0], me)
    done(run, world.engagements[0])
    done(run, world.engagements[1])
    restrict(engagement=world.engagements[0], reason="協議", readers=[], by=me)
    read_effects(local_today())
    assert TypicalTime.objects.get().n == 1
    TypicalTime.objects.update(n=77)
    read_effects(local_today())
    assert TypicalTime.objects.get().n == 77
