"""Barriers: noted beside the gap, counted, lowered, known of any day."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from banso.base.models import Activity, Role
from banso.base.workspace import local_today
from banso.core.conditions import Is
from banso.goals.forms_stages import TEMPLATE
from banso.goals.models import Stage
from banso.goals.stage_actions import write_program
from banso.metrics.segments import matching, on_days
from banso.plays.barrier_actions import (
    begin_kinds,
    lower_barrier,
    note_barrier,
    raise_barrier,
    set_kind_retired,
)
from banso.plays.models import Barrier, BarrierKind
from tests.world import build


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def world(me):
    return build(3, me)


@pytest.fixture
def client(sign_in, me):
    return sign_in(me)


def barrier(world, me, number=0, **words):
    begin_kinds(by=me)
    told = {"kind": BarrierKind.objects.all()[0], "metric": world.metrics[0], "side": "theirs"}
    return note_barrier(engagement=world.engagements[number], by=me, **(told | words))


def test_noting_one_takes_two_interactions_and_brings_the_five_kinds(world, client):
    customer = world.engagements[0]
    note = client.get(f"/customers/{customer.uid}/barriers/", headers={"HX-Request": "true"})
    assert note.context["page"].form.initial == {"about": "metric:number-0", "side": "theirs"}
    assert not BarrierKind.objects.exists()
    chosen = {"about": "metric:number-0", "side": "theirs", "words": "", "kind": "starter-2"}
    answer = client.post(f"/customers/{customer.uid}/barriers/", chosen)
    assert answer.url == f"/customers/{customer.uid}/#barriers"
    found = Barrier.objects.get()
    assert (found.metric, found.side) == (world.metrics[0], "theirs")
    assert found.kind.name["en"] == "Finding the right match"
    assert BarrierKind.objects.count() == 5
    assert found.kind.name["ja"] in client.get(f"/customers/{customer.uid}/").text


@pytest.mark.parametrize("wrong", [{"kind": "starter-9"}, {"about": "metric:gone"}, {"kind": ""}])
def test_what_cannot_be_noted_is_said(wrong, world, client):
    told = {"about": "metric:number-0", "kind": "starter-0"} | wrong
    answer = client.post(f"/customers/{world.engagements[0].uid}/barriers/", told)
    assert answer.status_code == 422
    assert "errorlist" in answer.text
    assert not Barrier.objects.exists()


def test_it_stands_in_the_way_of_exactly_one_thing(world, me):
    write_program(name={"en": "Journey"}, stages=TEMPLATE, by=me)
    with pytest.raises(IntegrityError):
        barrier(world, me, stage=Stage.objects.first())


def test_lowered_once_and_raised_again(world, me, client):
    found = barrier(world, me)
    client.post(f"/barriers/{found.uid}/lower/", {"words": "手順書を渡した"})
    found.refresh_from_db()
    assert (found.lowered_by, found.lowered_words) == (me, "手順書を渡した")
    lower_barrier(barrier=found, by=me, words="もう一度")
    assert Activity.objects.filter(verb="barrier.lowered").count() == 1
    raise_barrier(barrier=found, by=me)
    found.refresh_from_db()
    assert (found.lowered_at, found.lowered_words) == (None, "")


def test_the_page_counts_by_kind_side_stage_and_week(world, me, client):
    write_program(name={"en": "Journey"}, stages=TEMPLATE, by=me, starts_on=local_today())
    kinds = None
    with time_machine.travel(timezone.now() - timedelta(weeks=5)):
        old = barrier(world, me)
        kinds = list(BarrierKind.objects.all())
    barrier(world, me, 1, side="ours", kind=kinds[1])
    lower_barrier(barrier=old, by=me)
    barrier(world, me, 2, kind=kinds[1])
    page = client.get("/barriers/").context["page"]
    assert [(each.ours, each.theirs) for each in page.kinds] == [(0, 0), (1, 1), *[(0, 0)] * 3]
    assert (page.open, page.lowered) == (2, 1)
    assert {each.name: (each.ours, each.theirs) for each in page.segments} == {
        "A": (1, 0),
        "B": (0, 1),
    }
    assert [each.value for each in page.points][-6:] == [1, 1, 1, 1, 1, 2]
    one = client.get(f"/barriers/?kind={kinds[0].uid}").context["page"]
    assert (one.open, [each.value for each in one.points][-2:]) == (0, [1, 0])


def test_a_condition_may_ask_for_open_barriers_today_and_on_any_day(world, me):
    with time_machine.travel(timezone.now() - timedelta(days=9)):
        found = barrier(world, me)
    asked = Is("barrier", "is", found.kind.uid)
    assert list(matching(asked)) == [found.engagement]
    lower_barrier(barrier=found, by=me)
    assert not matching(asked).exists()
    days = [local_today() - timedelta(days=back) for back in (10, 9, 1, 0)]
    pairs = [(found.engagement_id, day) for day in days]
    assert on_days(asked, pairs) == set(pairs[1:3])


def test_kinds_grow_are_renamed_and_retire(world, me, staff, sign_in):
    manager = sign_in(staff(Role.MANAGER, name="部長"))
    manager.post("/barriers/kinds/", {"begin": "1"})
    manager.post("/barriers/kinds/", {"name_ja": "社内の承認", "name_en": "Approval inside"})
    kind = BarrierKind.objects.get(position=5)
    manager.post(f"/barriers/kinds/{kind.uid}/", {"name_ja": "稟議", "name_en": "Approval"})
    kind.refresh_from_db()
    assert kind.name == {"ja": "稟議", "en": "Approval"}
    found = barrier(world, me, kind=kind)
    set_kind_retired(kind=kind, retired=True, by=me)
    note = manager.get(f"/customers/{found.engagement.uid}/barriers/").context["page"]
    assert len(note.kinds) == 5
    assert manager.post("/barriers/kinds/", {"name_ja": ""}).status_code == 422
