"""Targets from the workspace's own history: which, when refused, kept how long, never too early."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from banso.base import activity
from banso.base.jobs import run_all
from banso.base.models import Activity
from banso.base.workspace import local_today
from banso.core.estimate import NotEstimable
from banso.core.proposal import Proposal
from banso.goals import proposals as room
from banso.goals.plans import plan_for
from banso.goals.proposals import propose_targets, proposed_plan
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import day, make_metric, make_silence, measure

AS_OF = day("2026-06-01")


@pytest.fixture(autouse=True)
def _nothing_kept(workspace):
    cache.clear()


def ended(number: int, *, renewed: bool, segment: str = "大手", known: int = 0):
    """A customer whose contract ended in 2026, and the day 90 days before its end."""
    customer = make_customer(f"{segment}{number}{renewed}", segment=segment)
    end = day("2026-01-01") + timedelta(days=number)
    make_contract(
        customer,
        "2025-01-01",
        end.isoformat(),
        outcome="renewed" if renewed else "churned",
        outcome_known_on=(end + timedelta(days=known)).isoformat(),
    )
    return customer, (end - timedelta(days=90)).isoformat()


def story(metric, n=20, **fields):
    for number in range(n):
        for renewed, level in ((True, 10 + number % 5), (False, 1 + number % 5)):
            customer, then = ended(number, renewed=renewed, **fields)
            measure(metric, customer, then, level)


def chosen(segment="大手", as_of=AS_OF):
    return [each.metric.key for each in propose_targets(segment, as_of) if each.chosen]


def test_the_level_is_the_one_90_days_before_the_end():
    metric = make_metric()
    story(metric)
    for number in range(20):
        customer, then = ended(number, renewed=True, segment="別")
        measure(metric, customer, then, 10)
        measure(metric, customer, str(day(then) + timedelta(days=1)), 0)
    [found] = propose_targets("大手", AS_OF)
    assert isinstance(found.result, Proposal)
    assert (found.result.n_renewed, found.result.n_lost) == (20, 20)
    assert (found.metric.target, found.metric.floor, found.result.separation) == (12, 3, 1.0)
    [everyone] = propose_targets("別", AS_OF)
    assert (everyone.result.n_renewed, everyone.metric.target) == (40, 10)


def test_under_thirty_outcomes_nothing_is_proposed_and_silence_counts():
    metric, _silence = make_metric(), make_silence()
    story(metric, n=14)
    found = {each.metric.key: each for each in propose_targets("大手", AS_OF)}
    assert isinstance(found["seats-used"].result, NotEstimable)
    assert found["seats-used"].result.reason == "too_few_outcomes"
    assert proposed_plan("大手", AS_OF).kind == "built_in"


def test_an_outcome_counts_from_the_day_it_was_known():
    metric = make_metric()
    story(metric, known=60)
    late = day("2026-02-20")  # half of the contracts have ended, none of the outcomes is known
    assert chosen(as_of=late) == []
    assert chosen(as_of=day("2026-04-01")) == ["seats-used"]


def test_a_metric_that_repeats_a_stronger_one_is_left_out():
    first, echo, other = make_metric("first"), make_metric("echo"), make_metric("other")
    for number in range(24):
        for renewed in (True, False):
            customer, then = ended(number, renewed=renewed)
            level = (10 if renewed else 4) + number % 6
            measure(first, customer, then, level)
            measure(echo, customer, then, level * 3 + (number % 2) * 0.1)
            measure(other, customer, then, (6 if renewed else 3) + (number * 7) % 12)
    found = {each.metric.key: each.chosen for each in propose_targets("大手", AS_OF)}
    assert (found["first"], found["echo"]) in [(True, False), (False, True)]
    assert found["other"]


def test_at_most_five_are_chosen_the_strongest_first():
    metrics = [make_metric(f"m{n}") for n in range(7)]
    for number in range(40):
        for renewed in (True, False):
            customer, then = ended(number, renewed=renewed)
            for n, metric in enumerate(metrics):
                noise = (number * (2 * n + 3) + renewed * 5) % 37
                measure(metric, customer, then, noise + (14 if renewed else 0))
    found = propose_targets("大手", AS_OF)
    strengths = [each.result.separation for each in found if isinstance(each.result, Proposal)]
    assert strengths == sorted(strengths, reverse=True)
    assert len(chosen()) == 5


def test_what_was_found_is_kept_until_the_history_changes():
    metric = make_metric()
    story(metric)
    assert chosen() == ["seats-used"]
    metric.delete()
    activity.record("contact.recorded", actor=None)
    assert chosen() == ["seats-used"]
    activity.record("import.applied", actor=None)
    assert chosen() == []


def test_a_proposal_stands_in_where_nobody_set_a_target():
    story(make_metric())
    customer = make_customer("新しい客", segment="中小")
    plan = plan_for([customer.pk], AS_OF)[customer.pk]
    assert (plan.kind, [each.uid for each in plan.targets]) == ("proposed", [""])
    assert plan.targets[0].basis.n_lost == 20


def test_a_long_history_is_gone_through_by_a_job(monkeypatch, workspace):
    today = local_today()
    made: list[date] = []
    monkeypatch.setattr(room, "LONG_HISTORY", -1)
    monkeypatch.setattr(room, "propose_all", lambda history, day: made.append(day) or {"": []})
    assert room.proposals(today) == {"": []}
    Activity.objects.create(verb="contract.changed", at=timezone.now())
    monkeypatch.setattr(room, "propose_all", lambda history, day: made.append(day) or {"新": []})
    assert room.proposals(today) == {"": []}
    assert room.proposals(today) == {"": []}
    assert len(made) == 1
    run_all()
    assert room.proposals(today) == {"新": []}
    assert len(made) == 2
