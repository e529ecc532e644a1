"""A year of plays: lived by the verbs, the same for the same seed, and over before today."""

from collections import Counter
from datetime import timedelta

import pytest

from banso.assets.models import Asset, AssetVersion, Showing, Walkthrough
from banso.base.models import Activity, Role
from banso.base.workspace import local_today
from banso.cases.models import Case
from banso.demo.clock import clock
from banso.demo.year import live_a_year
from banso.engagements.models import Contract, Engagement
from banso.goals.forms_stages import TEMPLATE
from banso.goals.models import Standing, StandingChange
from banso.goals.refresh import refresh_standings
from banso.goals.stage_actions import write_program
from banso.messages.models import Message
from banso.metrics.actions import refresh, starter
from banso.metrics.models import LatestValue
from banso.plays.models import Barrier, BarrierKind, Intervention, Play, PlayRun, Trial, TrialGuest
from tests.world import build

CUSTOMERS = 20
MADE_BY = {
    "barrier_kind.made": BarrierKind,
    "barrier.noted": Barrier,
    "play.drafted": Play,
    "play.activated": Play,
    "intervention.planned": Intervention,
    "asset.made": Asset,
    "walkthrough.begun": Walkthrough,
    "case.made": Case,
}


@pytest.fixture
def company(staff):
    """A manager and three success managers; customers that came one after the other."""
    boss = staff(Role.MANAGER)
    first, *_ = (staff(Role.SUCCESS, name=f"担当 {each}") for each in range(3))
    world = build(CUSTOMERS, first)
    for number, each in enumerate(world.engagements):
        each.started_on = local_today() - timedelta(days=30 + 16 * number)
    Engagement.objects.bulk_update(world.engagements, ["started_on"])
    Contract.objects.update(annual_minor=2_000_000)
    starter(local_today(), by=boss)
    begun = local_today() - timedelta(days=240)
    write_program(name={"ja": "歩み"}, stages=TEMPLATE, by=boss, starts_on=begun)


def live(weeks, seed=7, language="ja"):
    live_a_year(language, seed=seed, today=local_today(), left={}, weeks=weeks)


def lived():
    rows = Intervention.objects.order_by("play__position", "engagement", "occasion")
    return list(
        rows.values_list("play__position", "engagement", "occasion", "as_of", "ended_as", "reason")
    )


def test_a_year_leaves_what_a_year_of_work_leaves(company):
    live(50)
    assert Counter(each.state for each in Play.objects.all()) == {"active": 11, "retired": 1}
    assert PlayRun.objects.filter(decision="adjust").count() == 2
    assert not PlayRun.objects.filter(first_step_done_on=None, ended_on=None).exists()
    assert (Asset.objects.count(), AssetVersion.objects.count()) == (25, 28)
    assert all(each.title["ja"] and each.title["en"] for each in AssetVersion.objects.all())
    assert Asset.objects.exclude(audience="internal").count() == 13

    ago = [(local_today() - each.as_of).days // 92 for each in Intervention.objects.all()]
    assert set(ago) == {0, 1, 2, 3}
    states = Counter(each.state for each in Intervention.objects.all())
    assert {"done", "refused"} < set(states)
    assert states["done"] > 20
    assert Showing.objects.exists()
    assert Walkthrough.objects.exclude(contact=None).exists()
    assert Barrier.objects.exclude(lowered_at=None).exists()
    assert [each.decision for each in Trial.objects.order_by("pk")] == ["keep", ""]
    assert TrialGuest.objects.exclude(reaction="").exists()
    written = Message.objects.values_list("state", "why", "by").distinct()
    assert list(written) == [("sent", "play", None)]

    for verb, model in MADE_BY.items():
        told = Activity.objects.filter(verb=verb).values_list("subject_id", flat=True)
        assert set(told) == set(model.objects.values_list("pk", flat=True)), verb
    shown = Activity.objects.filter(verb__in=["asset.shown", "asset.followed"])
    assert shown.count() == Showing.objects.count()

    bounds = {
        Intervention: ("planned_at", "started_at", "ended_at"),
        Showing: ("at", "finished_at"),
        Walkthrough: ("begun_at", "ended_at"),
        Barrier: ("noted_at", "lowered_at"),
        AssetVersion: ("published_at",),
        Case: ("made_at", "published_at"),
        Message: ("written_at", "sent_at"),
    }
    today = local_today()
    for model, names in bounds.items():
        for name in names:
            assert not model.objects.filter(**{f"{name}__date__gte": today}).exists(), name


def test_the_same_seed_lives_the_same_weeks_and_the_clock_goes_on_afterwards(company, db):
    from django.db import transaction

    told = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            live(8, seed)
            told.append(lived())
            transaction.set_rollback(True)
    assert told[0] == told[1] != told[2]
    with clock() as shown:
        shown.set(shown.at(local_today() - timedelta(days=30), 9))
        then = local_today()
    assert (local_today() - then).days == 30


def test_afterwards_today_is_measured_as_if_nobody_had_lived_the_weeks(company):
    """But for contacts, which are theirs."""

    def now():
        today = local_today()
        refresh(today)
        refresh_standings(as_of=today)
        values = LatestValue.objects.exclude(metric__key="days-since-contact")
        return (
            list(values.order_by("engagement", "metric").values_list("engagement", "value")),
            list(Standing.objects.order_by("pk").values_list("pk", "current", "annual_minor")),
        )

    before = now()
    live(4)
    assert not StandingChange.objects.filter(day__lt=local_today()).exists()
    assert now() == before
