"""What the verbs of success plans change, and what they refuse."""

import math
from datetime import timedelta

import pytest
from django.utils import timezone

from banso.base.models import Activity
from banso.base.workspace import local_today
from banso.goals.actions import (
    Refused,
    adopt_standard,
    agree,
    set_targets,
    share,
    state_purpose,
)
from banso.goals.models import Agreement, Standing, StandingChange, Target
from banso.goals.plans import plan_for
from banso.goals.refresh import refresh_standings
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import day, draft, labelled, make_metric, measure


@pytest.fixture
def goal(workspace):
    return state_purpose(engagement=make_customer(), by=None, words="問い合わせを半分にしたい")


def test_purpose_is_kept_verbatim_with_who_said_it_and_when(goal, staff):
    by = staff()
    person = goal.engagement.party
    said = "在庫の\n見える化"
    again = state_purpose(
        engagement=goal.engagement,
        by=by,
        words=f" {said} ",
        ideal="欠品ゼロ",
        said_by=person,
        said_on=day("2026-03-02"),
    )
    assert again.pk == goal.pk
    assert (again.words, again.ideal, again.said_by, again.said_on) == (
        said,
        "欠品ゼロ",
        person,
        day("2026-03-02"),
    )
    stated = Activity.objects.filter(verb="goal.stated", engagement_id=goal.engagement_id)
    assert [each.actor for each in stated.order_by("id")] == [None, by]
    assert said not in str(stated.last().detail)


def test_saying_the_same_again_leaves_no_trace(goal):
    state_purpose(engagement=goal.engagement, by=None, words=goal.words)
    assert Activity.objects.filter(verb="goal.stated").count() == 1


def test_a_set_of_targets_is_replaced_as_a_whole_and_the_past_keeps_its_own(goal):
    kept, changed, dropped, new = (make_metric(key) for key in ("a", "b", "c", "d"))
    first = set_targets(
        goal=goal,
        by=None,
        targets=[draft(kept), draft(changed), draft(dropped)],
        since=day("2026-01-10"),
    )
    set_targets(
        goal=goal,
        by=None,
        targets=[draft(kept), draft(changed, target=20), draft(new)],
        since=day("2026-02-10"),
    )

    def on(text):
        plan = plan_for([goal.engagement_id], day(text))[goal.engagement_id]
        return {each.key: each.target for each in plan.targets}

    assert on("2026-01-09") == {}
    assert on("2026-02-09") == {"a": 10, "b": 10, "c": 10}
    assert on("2026-02-10") == {"a": 10, "b": 20, "d": 10}
    assert Target.objects.get(metric=kept) == first[0]
    assert Target.objects.filter(goal=goal, ended_at=None).count() == 3


def test_the_same_set_again_changes_nothing(goal):
    metric = make_metric()
    set_targets(goal=goal, by=None, targets=[draft(metric)])
    set_targets(goal=goal, by=None, targets=[draft(metric)])
    assert Target.objects.count() == 1
    assert Activity.objects.filter(verb="goal.targets_set").count() == 1


def test_changing_a_target_twice_a_day_leaves_only_the_last_in_force(goal):
    metric = make_metric()
    for target in (10, 20, 30):
        set_targets(goal=goal, by=None, targets=[draft(metric, target=target)])
    plan = plan_for([goal.engagement_id], local_today())[goal.engagement_id]
    assert [each.target for each in plan.targets] == [30]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"target": 0}, "target_is_floor"),
        ({"start": 10.0}, "target_is_start"),
        ({"floor": 20}, "wrong_direction"),
        ({"weight": 0}, "weight_out_of_range"),
        ({"weight": 11}, "weight_out_of_range"),
        ({"target": math.inf}, "not_a_number"),
    ],
)
def test_a_target_that_means_nothing_is_refused(goal, wrong, code):
    with pytest.raises(Refused) as refusal:
        set_targets(goal=goal, by=None, targets=[draft(make_metric(), **wrong)])
    assert [(each.code, each.index) for each in refusal.value.problems] == [(code, 0)]
    assert not Target.objects.exists()


def test_less_may_be_better(goal):
    silence = make_metric("silence", higher=False)
    assert set_targets(goal=goal, by=None, targets=[draft(silence, floor=90, target=30)])
    with pytest.raises(Refused):
        set_targets(goal=goal, by=None, targets=[draft(silence, floor=30, target=90)])


def test_five_targets_are_enough_and_a_metric_stands_once(goal):
    metrics = [make_metric(str(n)) for n in range(6)]
    with pytest.raises(Refused) as refusal:
        set_targets(goal=goal, by=None, targets=[draft(each) for each in metrics])
    assert [each.code for each in refusal.value.problems] == ["too_many_targets"]
    with pytest.raises(Refused) as refusal:
        set_targets(goal=goal, by=None, targets=[draft(metrics[0]), draft(metrics[0], target=5)])
    assert [(each.code, each.index) for each in refusal.value.problems] == [
        ("same_metric_twice", 1)
    ]


def test_a_retired_metric_is_not_taken_up_again(goal):
    metric = make_metric()
    metric.retired_at = timezone.now()
    with pytest.raises(Refused, match="retired_metric"):
        set_targets(goal=goal, by=None, targets=[draft(metric)])


def test_agreement_keeps_what_was_agreed_to(goal):
    metric = make_metric()
    set_targets(goal=goal, by=None, targets=[draft(metric)])
    share(goal=goal, by=None)
    agreed = agree(goal=goal, by=None, how="meeting", person_name=" 田中 様 ")
    set_targets(goal=goal, by=None, targets=[draft(metric, target=99)])
    assert agreed.person_name == "田中 様"
    assert agreed.snapshot["words"] == goal.words
    assert [each["target"] for each in agreed.snapshot["targets"]] == [10]
    states = Agreement.objects.filter(goal=goal).order_by("id").values_list("state", flat=True)
    assert list(states) == ["shared", "agreed"]


@pytest.mark.parametrize(
    ("words", "name", "on", "code"),
    [
        ("x", " ", None, "nobody_agreed"),
        ("", "田中", None, "nothing_to_agree"),
        ("x", "田中", timedelta(days=1), "future_day"),
    ],
)
def test_no_agreement_without_somebody_something_and_a_day(workspace, words, name, on, code):
    goal = state_purpose(engagement=make_customer(), by=None, words=words)
    with pytest.raises(Refused, match=code):
        agree(
            goal=goal, by=None, how="mail", person_name=name, on=local_today() + on if on else None
        )
    assert not Agreement.objects.exists()


def test_a_standard_serves_its_segment_until_somebody_has_their_own(workspace):
    metric = make_metric()
    everyone, segment = draft(metric, target=10), draft(metric, target=20)
    a, b = make_customer("甲", segment="大手"), make_customer("乙", segment="中小")
    c = make_customer("丙", segment="大手")
    adopt_standard(by=None, targets=[everyone])
    adopt_standard(segment=labelled("大手"), by=None, targets=[segment])
    own = state_purpose(engagement=c, by=None, words="言葉だけ")

    def plans():
        found = plan_for(None, local_today())
        return [(found[each.pk].kind, found[each.pk].targets[0].target) for each in (a, b, c)]

    assert plans() == [("standard", 20), ("standard", 10), ("standard", 20)]
    set_targets(goal=own, by=None, targets=[draft(metric, target=30)])
    assert plans() == [("standard", 20), ("standard", 10), ("own", 30)]


def test_refreshing_writes_only_what_changed_and_keeps_moves_of_the_gap(workspace):
    metric = make_metric()
    customer, other = make_customer("甲"), make_customer("乙")
    for each in (customer, other):
        make_contract(each, "2026-01-01", "2027-01-01")
        measure(metric, each, "2026-01-05", 5)
    adopt_standard(by=None, targets=[draft(metric)], since=day("2026-01-01"))

    assert refresh_standings(as_of=day("2026-02-01")) == 2
    assert refresh_standings(as_of=day("2026-02-01")) == 0
    measure(metric, customer, "2026-02-01", 2)
    assert refresh_standings(as_of=day("2026-02-01")) == 1
    measure(metric, customer, "2026-02-01", 1)
    assert refresh_standings([customer.pk], as_of=day("2026-02-01")) == 1

    assert Standing.objects.get(pk=customer.pk).gap == pytest.approx(0.9)
    moves = StandingChange.objects.values_list("engagement", "gap_before", "gap_after")
    assert list(moves) == [(customer.pk, 0.5, pytest.approx(0.9))]


def test_who_left_is_no_longer_current(workspace):
    customer = make_customer()
    make_contract(
        customer, "2026-01-01", "2026-07-01", outcome="churned", outcome_known_on="2026-07-01"
    )
    refresh_standings(as_of=day("2026-06-30"))
    assert Standing.objects.get().current
    refresh_standings(as_of=day("2026-07-01"))
    assert not Standing.objects.get().current
    assert refresh_standings(as_of=day("2026-07-02")) == 0


def test_a_target_starts_where_its_metric_is_and_keeps_its_start(goal):
    metric = make_metric()
    measure(metric, goal.engagement, "2026-02-01", 4)
    [first] = set_targets(goal=goal, by=None, targets=[draft(metric)], since=day("2026-02-10"))
    assert first.start == 4
    measure(metric, goal.engagement, "2026-03-01", 6)
    [second] = set_targets(
        goal=goal, by=None, targets=[draft(metric, target=12)], since=day("2026-03-10")
    )
    assert (second.start, second.target) == (4, 12)


def test_who_is_at_the_target_already_has_no_start(goal):
    metric = make_metric()
    measure(metric, goal.engagement, "2026-02-01", 10)
    [row] = set_targets(goal=goal, by=None, targets=[draft(metric)], since=day("2026-02-10"))
    assert row.start is None


def test_agreeing_to_the_standard_keeps_the_standards_numbers(goal):
    metric = make_metric()
    adopt_standard(by=None, targets=[draft(metric, target=7)])
    agreed = agree(goal=goal, by=None, how="call", person_name="田中")
    assert [(each["metric"], each["target"]) for each in agreed.snapshot["targets"]] == [
        (metric.key, 7)
    ]
