"""Weeks are computed once, kept in wide files, and again where events they saw have changed."""

import os
import time
from datetime import date, timedelta

import pytest
import time_machine

from banso.base.jobs import run_all
from banso.base.models import Workspace
from banso.core.metrics import Count, Entered, PerPerson
from banso.engine.connect import connect, parquet
from banso.events import erasing
from banso.events.aging import drop_old
from banso.events.lake import folder
from banso.events.loading import load_all
from banso.events.models import ExternalId
from banso.metrics import history
from banso.metrics.actions import current_version, enter_measurement
from banso.metrics.backfill import follow_events, keep_history, start_backfill
from banso.metrics.history import forget_weeks, keep_weeks, missing_weeks, sweep_weeks
from banso.metrics.models import Backfill, HistoryWeek, WeekSummary
from banso.metrics.summaries import week_days
from tests.engagements.making import make_customer
from tests.engine.events import event
from tests.events.received import send, told
from tests.metrics.conftest import TODAY
from tests.metrics.parts import add_parts, name

NOW = "2026-11-21T10:00:00+09:00"
SUNDAY = date(2026, 11, 15)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def logins(make_metric, customer):
    name(customer)
    add_parts(event(f"{TODAY - timedelta(back)}T03:00") for back in (1, 8, 9, 40))
    return make_metric("logins", Count("login", 7))


def rows(day: date) -> list[dict[str, object]]:
    """What anybody may read from the file of a week."""
    path = folder() / HistoryWeek.objects.get(day=day).path
    with connect(path) as connection:
        found = connection.execute(f"from {parquet([path])}")
        names = [each[0] for each in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def known() -> dict[date, int]:
    return {row.day: len(row.versions) for row in HistoryWeek.objects.order_by("day")}


def computed_anew(run) -> set[date]:
    before = dict(HistoryWeek.objects.values_list("day", "path"))
    run()
    run_all()
    after = dict(HistoryWeek.objects.values_list("day", "path"))
    return {day for day in after if before.get(day) != after[day]}


def test_a_week_is_one_row_a_customer_and_one_column_a_version(logins, make_metric, customer):
    other = make_customer("静かな会社")
    nps, mean = make_metric("nps", Entered()), PerPerson(Count("login", 7), "mean")
    each = make_metric("each", mean)
    with time_machine.travel("2026-11-01T10:00:00+09:00", tick=False):
        enter_measurement(metric=nps, engagement=other, value=8, as_of=date(2026, 10, 30), by=None)
    versions = [current_version(metric) for metric in (logins, nps, each)]
    keep_weeks(versions, week_days(TODAY, 2))
    first, second, third = (f"v{version.pk}" for version in versions)
    assert rows(SUNDAY) == [
        {"engagement": customer.pk, first: 2, second: None, third: 2},
        {"engagement": other.pk, first: None, second: 8, third: None},
    ]
    assert WeekSummary.objects.get(version=versions[0], day=SUNDAY).middle == 2


def test_another_version_is_a_further_column(logins, make_metric, customer):
    later = current_version(make_metric("exports", Count("export", 7)))
    keep_weeks([current_version(logins)], [SUNDAY])
    assert missing_weeks([later], [SUNDAY]) == [SUNDAY]
    keep_weeks([later], [SUNDAY])
    keep_weeks([later], [SUNDAY])
    [row] = rows(SUNDAY)
    names = ["engagement", f"v{current_version(logins).pk}", f"v{later.pk}"]
    assert [row[each] for each in names] == [customer.pk, 2, 0]
    assert missing_weeks([current_version(logins), later], [SUNDAY]) == []


def test_late_events_have_exactly_the_weeks_computed_again_that_saw_their_day(logins):
    follow_events(TODAY)
    start_backfill(versions=[current_version(logins)], by=None, weeks=7)
    run_all()
    add_parts([event("2026-11-03T03:00"), event("2026-11-03T04:00")], generation=2)
    assert computed_anew(lambda: follow_events(TODAY)) == {date(2026, 11, 8)}
    assert rows(date(2026, 11, 8))[0][f"v{current_version(logins).pk}"] == 2
    middles = WeekSummary.objects.values_list("day", "middle")
    assert dict(middles)[date(2026, 11, 8)] == 2
    assert follow_events(TODAY) is None


def test_events_that_are_erased_are_seen_as_well(customer, make_metric):
    name(customer)
    told = [event(f"2026-11-{day:02}T03:00", person=f"p{day}") for day in (3, 4, 12)]
    [part] = add_parts(told)
    metric = make_metric("logins", Count("login", 7))
    follow_events(TODAY)
    keep_history(TODAY)
    run_all()
    part.delete()
    add_parts(told[:2], generation=2)
    assert computed_anew(lambda: follow_events(TODAY)) == {SUNDAY}
    assert rows(SUNDAY)[0][f"v{current_version(metric).pk}"] == 0


def test_what_does_not_count_events_is_left_alone(logins, make_metric):
    contacts = current_version(make_metric("contacts", Count("contact", 28, stream="contacts")))
    keep_weeks([current_version(logins), contacts], [SUNDAY])
    assert forget_weeks({SUNDAY - timedelta(6)}) == {current_version(logins).pk: SUNDAY}
    assert HistoryWeek.objects.get().versions == [contacts.pk]
    assert forget_weeks({SUNDAY - timedelta(7), SUNDAY + timedelta(1)}) == {}
    assert forget_weeks(set()) == {}


def test_a_week_whose_events_change_while_it_is_computed_is_left_undone(logins, monkeypatch):
    follow_events(TODAY)
    measure = history.measured

    def late(*given):
        yield from measure(*given)
        add_parts([event("2026-11-11T03:00")], generation=2)
        follow_events(TODAY)

    monkeypatch.setattr(history, "measured", late)
    keep_weeks([current_version(logins)], week_days(TODAY, 2))
    assert known() == {date(2026, 11, 8): 1}
    assert len(list(folder().glob("history/*"))) == 1


def test_weeks_are_kept_once_and_many_together(logins, monkeypatch):
    told: list[int] = []
    measure = history.measured
    monkeypatch.setattr(
        history, "measured", lambda m, pairs: measure(m, told.append(len(pairs)) or pairs)
    )
    start_backfill(versions=[current_version(logins)], by=None, weeks=52)
    run_all()
    assert (told, len(known())) == ([26, 26], 52)
    assert Backfill.objects.get().done == 52


def test_of_very_many_customers_fewer_weeks_are_computed_together(logins, monkeypatch):
    monkeypatch.setattr(history, "MOST_VALUES", 3)
    assert history.at_once() == 3
    make_customer("もう一社")
    assert history.at_once() == 1


def test_files_of_weeks_written_anew_are_swept_after_a_while(logins):
    for _ in range(2):
        keep_weeks([current_version(logins)], [SUNDAY])
    assert len(list(folder().glob("history/*"))) == 2
    with time_machine.travel("2026-11-21T10:11:00+09:00", tick=False):
        follow_events(TODAY)
    assert [str(p.relative_to(folder())) for p in folder().glob("history/*")] == [
        HistoryWeek.objects.get().path
    ]


def test_files_of_weeks_that_a_killed_writer_left_are_swept(logins):
    keep_weeks([current_version(logins)], [SUNDAY])
    lost = folder() / "history" / "lost.parquet"
    lost.touch()
    sweep_weeks()
    assert lost.exists()
    os.utime(lost, (time.time() - 3600,) * 2)
    sweep_weeks()
    assert len(list(folder().glob("history/*"))) == 1


def test_a_real_erasure_has_exactly_the_weeks_of_its_days_computed_again(
    customer, make_metric, monkeypatch
):
    monkeypatch.setattr(erasing, "announce", lambda: None)  # the round adds metrics of its own
    name(customer)
    source = ExternalId.objects.get(kind="account").source
    days = {"m1": (3, "p1"), "m2": (12, "p1"), "m3": (12, "p2"), "m4": (20, "p2")}
    account = ExternalId.objects.get(kind="account").value
    for message, (day, person) in days.items():
        at = f"2026-11-{day:02}T03:00Z"
        send(source, told(source.pk, message, at, account=account, person=person))
    load_all()
    metric = make_metric("logins", Count("login", 7))
    follow_events(TODAY)
    keep_history(TODAY)
    run_all()
    again = computed_anew(lambda: erasing.erase_ids([(source.pk, "p1")]))
    assert again == {date(2026, 11, 8), SUNDAY}
    assert rows(SUNDAY)[0][f"v{current_version(metric).pk}"] == 1


def test_what_is_too_old_to_be_kept_leaves_its_weeks_as_they_were_told(customer, make_metric):
    name(customer)
    add_parts(event(f"2026-{day}T03:00") for day in ("09-15", "09-30", "10-06"))
    version = current_version(make_metric("logins", Count("login", 7)))
    follow_events(TODAY)
    start_backfill(versions=[version], by=None, weeks=11)
    run_all()
    before = known()
    assert min(before) < date(2026, 9, 15)
    Workspace.objects.update(event_months=1)
    assert drop_old() == 1
    assert computed_anew(lambda: follow_events(TODAY)) == set()
    add_parts([event("2026-10-01T03:00"), event("2026-10-07T03:00")], generation=2)
    assert computed_anew(lambda: follow_events(TODAY)) == {date(2026, 10, 11)}
    assert known() == before
    assert rows(date(2026, 10, 4))[0][f"v{version.pk}"] == 1
    newer = current_version(make_metric("exports", Count("export", 7)))
    keep_weeks([newer], week_days(TODAY, 11))
    told = [day for day, versions in known().items() if versions == 2]
    assert min(told) == date(2026, 10, 11)
