"""Nights: who gets a play, once; what begins when; what ends by itself."""

from datetime import timedelta

import pytest

from banso.actions.actions import close_action, record_contact
from banso.actions.models import Action
from banso.base.models import Activity, Role
from banso.base.workspace import local_today
from banso.core.conditions import Is
from banso.goals.models import Standing
from banso.plays import rounds
from banso.plays.interventions import settle
from banso.plays.models import Intervention, StepRun
from banso.plays.preview import tonight
from banso.plays.rounds import give_plays
from tests.plays.making import StepSheet, active
from tests.world import build

CALL = StepSheet("action", {"ja": "電話する", "en": "Call them"})
LATER = StepSheet("contact", {"ja": "様子を聞く", "en": "Ask how it is"}, 3, 5)


@pytest.fixture
def owner(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def world(owner):
    return build(12, owner)


@pytest.fixture
def today(workspace):
    return local_today()


def given() -> list[tuple[int, int, int]]:
    rows = Intervention.objects.order_by("play", "engagement", "occasion")
    return list(rows.values_list("play", "engagement", "occasion"))


def test_the_night_gives_what_the_preview_said_and_a_second_time_nothing(world, today):
    run = active(Is("gap", "ge", 0.5))
    said = {each.engagement for each in tonight(run.version, today) if each.verdict == "enrol"}
    assert said
    assert give_plays(today) == said
    before = given()
    assert {engagement for _, engagement, _ in before} == said
    assert give_plays(today) == set()
    assert given() == before
    assert Action.objects.filter(step_run__isnull=False).count() == len(said)


def test_what_was_known_then_is_kept(world, today):
    metric = world.metrics[0]
    active(Is(f"metric:{metric.key}", "ge", 0), metric=metric)
    give_plays(today)
    row = Intervention.objects.order_by("engagement")[3]
    standing = Standing.objects.get(engagement=row.engagement)
    assert row.known["stood"]["gap"] == standing.gap
    assert row.known["fields"] == {f"metric:{metric.key}": row.before}
    assert row.before == 21.0
    assert (row.as_of, row.occasion, row.run.version.number) == (today, 1, 1)


def test_nobody_has_more_to_do_than_they_can(world, owner, today):
    opened = Action.objects.filter(owner=owner, closed_as="").count()
    run = active(capacity=opened + 5, steps=[CALL, LATER])
    give_plays(today)
    first = Standing.objects.order_by("-by_stake", "-by_gap")[:2]
    assert {each for _, each, _ in given()} == {each.pk for each in first}
    give_plays(today)
    assert len(given()) == 2
    waits = [each.why for each in tonight(run.version, today) if each.verdict == "wait"]
    assert waits == ["capacity"] * 10


def test_two_plays_share_what_a_person_can_do(world, owner, today):
    opened = Action.objects.filter(owner=owner, closed_as="").count()
    one, other = active(capacity=opened + 3), active(capacity=opened + 4)
    give_plays(today)
    assert Intervention.objects.filter(run=one).count() == 3
    assert Intervention.objects.filter(run=other).count() == 1


def test_steps_begin_on_their_day_and_the_end_comes_by_itself(world, owner, today):
    active(Is("name", "is", "株式会社サンプル1"), steps=[CALL, LATER])
    give_plays(today)
    row = Intervention.objects.get()
    call = Action.objects.get(step_run__intervention=row)
    assert (call.title, call.owner, call.due_on) == ("電話する", owner, today + timedelta(days=7))
    close_action(action=call, by=owner)
    settle([row.engagement_id])
    assert row.steps.filter(ended_at=None).count() == 1

    give_plays(today + timedelta(days=2))
    assert StepRun.objects.filter(begun_at=None).count() == 1
    give_plays(today + timedelta(days=3))
    touch = Action.objects.get(step_run__step__kind="contact")
    assert touch.title == "連絡する：様子を聞く"
    begun = touch.step_run.begun_at
    record_contact(
        engagement=row.engagement, by=owner, channel="call", occurred_at=begun, summary="好調"
    )
    settle([row.engagement_id])
    touch.refresh_from_db()
    row.refresh_from_db()
    assert (touch.closed_as, row.state) == ("done", "done")
    verbs = set(
        Activity.objects.filter(engagement_id=row.engagement_id).values_list("verb", flat=True)
    )
    assert {"intervention.planned", "intervention.started", "intervention.done"} <= verbs


def test_a_suggestion_lapses_when_its_reason_is_gone_or_nobody_answers(world, today):
    active(Is("gap", "ge", 0.5), automatic=False)
    give_plays(today)
    gone, old = Intervention.objects.order_by("pk")[:2]
    assert gone.state == "planned"
    assert not Action.objects.filter(step_run__isnull=False).exists()
    Standing.objects.filter(pk=gone.engagement_id).update(gap=0.1)
    Intervention.objects.filter(pk=old.pk).update(as_of=today - timedelta(days=15))
    give_plays(today)
    gone.refresh_from_db()
    old.refresh_from_db()
    assert (gone.state, old.state) == ("lapsed", "lapsed")


def test_the_value_after_is_read_when_the_window_is_over(world, today):
    metric = world.metrics[0]
    active(Is("name", "is", "株式会社サンプル1"), metric=metric, window_days=30)
    give_plays(today)
    Intervention.objects.update(as_of=today - timedelta(days=29))
    give_plays(today)
    assert Intervention.objects.get().after_on is None
    Intervention.objects.update(as_of=today - timedelta(days=30))
    give_plays(today)
    row = Intervention.objects.get()
    assert (row.after, row.after_on) == (7.0, today)


def test_a_night_that_is_broken_off_is_finished_by_the_next(world, today, monkeypatch):
    active(Is("gap", "ge", 0.1))
    active(Is("gap", "ge", 0.5), steps=[LATER])
    give_plays(today)
    whole = given()
    Intervention.objects.all().delete()
    Action.objects.filter(created_by=None).delete()

    monkeypatch.setattr(rounds, "MOST", 3)
    true_start, calls = rounds.start, []

    def killed(rows, day, by):
        calls.append(len(rows))
        if len(calls) == 2:
            raise KeyboardInterrupt
        true_start(rows, day, by)

    monkeypatch.setattr(rounds, "start", killed)
    with pytest.raises(KeyboardInterrupt):
        give_plays(today)
    assert 0 < len(given()) < len(whole)
    monkeypatch.setattr(rounds, "start", true_start)
    give_plays(today)
    assert given() == whole
    assert (
        StepRun.objects.filter(begun_at=None).count()
        == Intervention.objects.filter(run__version__steps__kind="contact").count()
    )
