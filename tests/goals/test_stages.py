"""Stages: moves with evidence, grace, what serves whom, and nothing from the future."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.base.models import Activity
from banso.base.workspace import local_today
from banso.core.conditions import Is
from banso.goals.actions import Refused, adopt_standard, set_targets, state_purpose
from banso.goals.forms_stages import TEMPLATE
from banso.goals.models import StageMove, Standing
from banso.goals.plans import plan_for
from banso.goals.refresh import refresh_standings
from banso.goals.stage_actions import NotMoved, advance, move, write_program
from banso.goals.stages import stage_of, stages_at
from banso.goals.standing import stand
from banso.metrics.segment_actions import SegmentSheet, make_segment
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import day, draft, labelled, make_metric, measure

NAME = {"ja": "歩み", "en": "Journey"}


@pytest.fixture
def stages(workspace):
    program = write_program(name=NAME, stages=TEMPLATE, by=None, starts_on=day("2026-01-01"))
    return list(program.stages.all())


def customer(name, began="2025-01-01", **fields):
    found = make_customer(name, started_on=day(began), **fields)
    make_contract(found, began, "2027-06-01")
    return found


def test_a_newcomer_begins_in_the_first_stage_and_is_not_ranked(stages):
    new, old = customer("新", "2026-03-01"), customer("旧")
    metric = make_metric()
    adopt_standard(by=None, targets=[draft(metric)], since=day("2025-01-01"))
    for each in (new, old):
        measure(metric, each, "2026-03-05", 4)
    found = stand(day("2026-03-30"))
    assert (found[new.pk].stage_id, found[new.pk].in_grace) == (stages[0].pk, True)
    assert (found[new.pk].gap, found[new.pk].stake) == (0.6, None)
    assert (found[old.pk].stage_id, found[old.pk].in_grace) == (None, False)
    assert found[old.pk].stake > 0
    later = stand(day("2026-03-31"))[new.pk]
    assert (later.in_grace, later.stake > 0) == (False, True)
    assert stage_of([new.pk], day("2026-02-28")) == {}


def test_a_move_keeps_the_values_it_was_made_on(stages, staff):
    by, each = staff(), customer("甲", "2026-02-01")
    used, score = make_metric("used"), make_metric("score")
    adopt_standard(
        by=by, stage=stages[0], targets=[draft(used), draft(score)], since=day("2026-01-01")
    )
    measure(used, each, "2026-05-01", 12)
    words = {"by": by, "on": day("2026-06-01"), "note": "自走し始めた"}
    assert move(engagements=[each], stage=stages[1], **words) == 1
    row = StageMove.objects.get()
    assert (row.before, row.stage, row.note) == (stages[0], stages[1], "自走し始めた")
    assert row.evidence["met"] == 1
    assert [(c["metric"], c["value"], c["met"]) for c in row.evidence["criteria"]] == [
        ("used", 12.0, True),
        ("score", None, False),
    ]
    told = Activity.objects.get(verb="stage.moved")
    assert (told.engagement_id, told.subject_id) == (each.pk, stages[1].pk)
    assert move(engagements=[each], stage=stages[1], **words) == 0


def test_every_past_day_knows_its_own_stage(stages):
    each = customer("甲", "2026-02-01")
    move(engagements=[each], stage=stages[1], by=None, on=day("2026-06-01"))
    move(engagements=[each], stage=stages[0], by=None, on=day("2026-07-01"))
    move(engagements=[each], stage=None, by=None, on=day("2026-08-01"))
    days = ["2026-01-31", "2026-02-01", "2026-06-01", "2026-07-15", "2026-08-01"]
    found = stages_at([(each.pk, day(text)) for text in days])
    names = [
        found[pair].stage.name["en"] if (pair := (each.pk, day(t))) in found else "" for t in days
    ]
    assert names == ["", "Onboarding", "Adoption", "Onboarding", ""]
    before = stand(day("2026-06-15"))
    StageMove.objects.filter(on__gt=day("2026-06-15")).delete()
    assert stand(day("2026-06-15")) == before


def test_moves_that_cannot_be_are_refused(stages):
    each = customer("甲", "2026-02-01")
    tomorrow = local_today() + timedelta(days=1)
    with pytest.raises(NotMoved, match="future_day"):
        move(engagements=[each], stage=stages[1], by=None, on=tomorrow)
    move(engagements=[each], stage=stages[1], by=None, on=day("2026-06-01"))
    with pytest.raises(NotMoved, match="before_last_move"):
        move(engagements=[each], stage=stages[2], by=None, on=day("2026-05-31"))
    refresh_standings()
    with pytest.raises(NotMoved, match="stage_in_use"):
        write_program(name=NAME, stages=TEMPLATE[:1], by=None)
    with pytest.raises(NotMoved, match="no_stage"):
        write_program(name=NAME, stages=[], by=None)


def test_who_meets_all_criteria_of_an_automatic_stage_moves_on(stages):
    stages[0].automatic = True
    stages[0].save()
    metric, (ready, not_yet) = (
        make_metric(),
        (customer("甲", "2026-02-01"), customer("乙", "2026-02-01")),
    )
    adopt_standard(by=None, stage=stages[0], targets=[draft(metric)], since=day("2026-01-01"))
    yesterday = str(local_today() - timedelta(days=1))
    measure(metric, ready, yesterday, 10)
    measure(metric, not_yet, yesterday, 9)
    refresh_standings()
    assert Standing.objects.get(pk=ready.pk).criteria_met == 1
    assert advance(local_today()) == [ready.pk]
    refresh_standings()
    assert advance(local_today()) == []
    found = stage_of(None, local_today())
    assert (found[ready.pk].stage, found[not_yet.pk].stage) == (stages[1], stages[0])
    assert StageMove.objects.get().automatic


def test_the_most_specific_standard_serves(stages):
    """Own plan, stage of a segment, segment in their order, stage, everyone."""
    metric, today = make_metric(), local_today()
    first, second = (
        labelled("大手"),
        make_segment(sheet=SegmentSheet(NAME, Is("touch", "is", "high")), by=None),
    )
    both = {"segment": "大手", "touch": "high"}
    people = {
        "own": customer("甲", "2026-02-01", **both),
        "stage of segment": customer("乙", "2026-02-01", **both),
        "first segment": customer("丙", **both),
        "second segment": customer("丁", touch="high"),
        "stage": customer("戊", "2026-02-01"),
        "everyone": customer("己"),
    }
    words = {
        "stage of segment": {"segment": first, "stage": stages[0]},
        "first segment": {"segment": first},
        "second segment": {"segment": second},
        "stage": {"stage": stages[0]},
        "everyone": {},
    }
    for number, where in enumerate(words.values(), start=1):
        adopt_standard(by=None, targets=[draft(metric, target=10 * number)], **where)
    goal = state_purpose(engagement=people["own"], by=None, words="自分たちの")
    set_targets(goal=goal, by=None, targets=[draft(metric, target=99)])
    found = plan_for(None, today)
    served = {name: found[each.pk].targets[0].target for name, each in people.items()}
    assert list(served.values()) == [99, 10, 20, 30, 40, 50]


def test_a_standard_may_not_decide_about_its_own_members(workspace):
    sheet = SegmentSheet(NAME, Is("gap", "ge", 0.5))
    with pytest.raises(Refused) as refused:
        adopt_standard(
            by=None, targets=[draft(make_metric())], segment=make_segment(sheet=sheet, by=None)
        )
    assert [each.code for each in refused.value.problems] == ["circular"]


def test_statements_do_not_grow_with_those_in_stages(stages):
    metric, segment = make_metric(), labelled("大手")
    adopt_standard(by=None, stage=stages[0], targets=[draft(metric)])
    adopt_standard(by=None, segment=segment, targets=[draft(metric)])

    def statements():
        with CaptureQueriesContext(connection) as caught:
            stand(local_today())
        return len(caught)

    customer("甲", "2026-02-01", segment="大手")
    few = statements()
    for number in range(30):
        customer(f"客{number}", "2026-02-01", segment=("大手", "中小")[number % 2])
    assert statements() == few
