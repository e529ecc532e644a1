"""The past of a meaning, computed week by week, and two meanings side by side."""

from datetime import date, timedelta

import pytest
import time_machine

from banso.base.jobs import run_all
from banso.core.metrics import Count, Entered
from banso.engagements.models import Engagement
from banso.metrics.actions import current_version, enter_measurement, revise_metric
from banso.metrics.backfill import give_up, run_backfill, start_backfill
from banso.metrics.models import Backfill, WeekSummary
from banso.metrics.revision import compare
from banso.metrics.summaries import week_days
from banso.metrics.version_actions import adopt_version, propose_version, withdraw_version
from tests.engagements.making import make_customer
from tests.engine.events import event
from tests.metrics.conftest import TODAY

NOW = "2026-11-21T10:00:00+09:00"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def logins(make_metric, usage, customer):
    days = [TODAY - timedelta(days=back) for back in (1, 8, 9, 40)]
    usage.connect({customer.id: "acme"}, [event(f"{day}T03:00") for day in days])
    return make_metric("logins", Count("login", 7))


def weeks(metric, number=1) -> dict[date, float | None]:
    rows = WeekSummary.objects.filter(version__metric=metric, version__number=number)
    return dict(rows.values_list("day", "middle"))


def test_weeks_end_on_sundays_before_the_day():
    assert week_days(date(2026, 11, 21), 2) == [date(2026, 11, 8), date(2026, 11, 15)]
    assert week_days(date(2026, 11, 22), 1) == [date(2026, 11, 15)]


def test_the_past_is_what_each_week_knew(logins):
    start_backfill(versions=[current_version(logins)], by=None, weeks=7)
    run_all()
    assert Backfill.objects.get().status == "done"
    known = weeks(logins)
    assert (known[date(2026, 11, 15)], known[date(2026, 11, 8)]) == (2.0, 0.0)
    assert known[date(2026, 10, 4)] is None  # nothing was connected then


def test_going_on_computes_only_what_is_missing(logins, monkeypatch):
    start_backfill(versions=[current_version(logins)], by=None, weeks=3)
    run_all()
    told: list[date] = []
    monkeypatch.setattr("banso.metrics.backfill.keep_weeks", lambda v, days: told.extend(days))
    start_backfill(versions=[current_version(logins)], by=None, weeks=4)
    run_all()
    assert told == [date(2026, 10, 25)]


def test_restricted_customers_are_in_no_summary(logins, usage, customer):
    Engagement.objects.filter(pk=customer.pk).update(restricted=True, restricted_reason="合併前")
    start_backfill(versions=[current_version(logins)], by=None, weeks=1)
    run_all()
    assert (WeekSummary.objects.get().total, weeks(logins)) == (0, {date(2026, 11, 15): None})


def test_entered_values_have_a_past_too(make_metric, customer):
    metric = make_metric("nps", Entered())
    with time_machine.travel("2026-11-01T10:00:00+09:00", tick=False):
        enter_measurement(
            metric=metric, engagement=customer, value=8, as_of=date(2026, 10, 30), by=None
        )
    start_backfill(versions=[current_version(metric)], by=None, weeks=4)
    run_all()
    assert weeks(metric)[date(2026, 11, 1)] == 8
    assert weeks(metric)[date(2026, 10, 25)] is None


def test_a_job_that_failed_for_good_says_so(logins, monkeypatch):
    started = start_backfill(versions=[current_version(logins)], by=None, weeks=1)
    give_up(uid=started.uid)
    started.refresh_from_db()
    assert (started.status, started.ended_at is None) == ("failed", False)
    run_backfill.call(uid=started.uid)
    assert not WeekSummary.objects.exists()


def test_a_new_start_takes_the_place_of_one_under_way(logins):
    first = start_backfill(versions=[current_version(logins)], by=None, weeks=1)
    start_backfill(versions=[current_version(logins)], by=None, weeks=1)
    first.refresh_from_db()
    assert first.status == "cancelled"


def test_two_meanings_side_by_side(logins, staff, usage, customer):
    other = make_customer("静かな会社")
    usage.connect(
        {customer.id: "acme", other.id: "quiet"},
        [event(f"{TODAY}T01:00", count=5), event(f"{TODAY}T02:00", "quiet")],
    )
    proposed = propose_version(metric=logins, definition=Count("export", 7), by=staff())
    found = compare(current_version(logins), proposed, TODAY)
    assert (found["customers"], found["changed"]) == (2, 2)
    assert found["movers"] == [[customer.id, 5.0, 0.0], [other.id, 1.0, 0.0]]
    assert (found["old"]["middle"], found["new"]["middle"]) == (3.0, 0.0)


def test_only_one_change_is_proposed_at_a_time(logins, staff):
    propose_version(metric=logins, definition=Count("export", 7), by=staff())
    second = propose_version(metric=logins, definition=Count("export", 14), by=staff())
    assert list(logins.versions.filter(proposed=True)) == [second]
    assert current_version(logins).number == 1
    assert adopt_version(metric=logins, by=staff()).number == 2
    assert current_version(logins).number == 2


def test_a_typed_metric_is_not_proposed_to_be_computed(make_metric, staff):
    with pytest.raises(ValueError, match="two metrics"):
        propose_version(metric=make_metric("nps", Entered()), definition=Count(None, 7), by=staff())


def test_what_was_withdrawn_is_computed_no_more(logins, staff):
    proposed = propose_version(metric=logins, definition=Count("export", 7), by=staff())
    start_backfill(versions=[proposed], by=None, weeks=2)
    withdraw_version(metric=logins, by=staff())
    run_all()
    assert Backfill.objects.get().status == "cancelled"
    assert not WeekSummary.objects.exists()


def test_a_revision_by_a_program_takes_the_place_of_a_proposal(logins, staff, make_metric):
    propose_version(metric=logins, definition=Count("export", 7), by=staff())
    from banso.metrics.builder import sheet_of

    sheet = sheet_of(logins)
    changed = type(sheet)(**{**vars(sheet), "definition": Count("login", 14)})
    assert revise_metric(metric=logins, sheet=changed, by=None) == 2
    assert not logins.versions.filter(proposed=True).exists()
