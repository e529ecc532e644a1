"""Typed values move the standing at once; a metric changed for everybody waits for the worker."""

import pytest

from banso.base.models import Job, Role
from banso.base.workspace import local_today
from banso.core.metrics import Entered
from banso.desk.rounds import after_change
from banso.engagements.after import AFTER_CHANGE
from banso.goals.models import Goal, Standing, Target
from banso.metrics.actions import enter_measurement
from tests.engagements.making import make_customer
from tests.metrics.conftest import make_metric

__all__ = ["make_metric"]


@pytest.fixture
def customer(workspace, staff):
    return make_customer(owner=staff(Role.SUCCESS))


def test_the_desk_is_told():
    assert after_change in AFTER_CHANGE


def test_a_typed_value_moves_the_standing(customer, make_metric):
    metric, today = make_metric("nps", Entered()), local_today()
    goal = Goal.objects.create(words="標準")
    Target.objects.create(goal=goal, metric=metric, floor=0, target=10, weight=1, since=today)
    enter_measurement(metric=metric, engagement=customer, value=4, as_of=today, by=None)
    after_change([customer.pk])
    assert Standing.objects.get(engagement=customer).gap == pytest.approx(0.6)


def test_a_change_for_everybody_is_one_job(customer):
    after_change(None)
    after_change(None)
    assert [job.task for job in Job.objects.all()] == ["banso.desk.rounds.round_after_import"]
