"""Rollups are made when parts come or a metric asks something new, and never change a number."""

import os
import time
from datetime import date

import pytest
import time_machine
from django.db import transaction

from banso.base.jobs import run_all
from banso.core.metrics import ActiveDays, Count, DistinctPeople, Entered, SumOf
from banso.engine.rollup import roll
from banso.events import manifest
from banso.events.lake import folder
from banso.events.models import LakePart
from banso.metrics import names, rollups, values
from banso.metrics.actions import current_version, set_retired
from banso.metrics.backfill import cancel_backfill, start_backfill
from banso.metrics.models import HistoryWeek, Rollup
from banso.metrics.names import names_by
from banso.metrics.rollups import keep_rollups, rolled, widen_rollups
from banso.metrics.values import explain, measured, snapshot
from banso.metrics.version_actions import propose_version
from tests.engine.events import event
from tests.metrics.conftest import TODAY
from tests.metrics.parts import add_parts, name

NOW = "2026-11-21T10:00:00+09:00"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def parts(customer) -> list[LakePart]:
    name(customer)
    return add_parts(
        event(f"2026-{month}-{day:02}T03:00", person=f"p{day}", properties={"n": day})
        for month, day in [(10, 25), (11, 1), (11, 2), (11, 20)]
    )


def files(parts):
    return [folder() / part.path for part in parts]


def made() -> int:
    """How many parts were rolled by keeping rollups."""
    before = set(Rollup.objects.values_list("accounts", flat=True))
    keep_rollups()
    return len(set(Rollup.objects.values_list("accounts", flat=True)) - before)


def test_every_part_that_may_be_asked_is_rolled_once(parts, make_metric):
    make_metric("logins", Count("login", 28))
    assert made() == 2
    assert made() == 0
    assert rolled(files(parts)).keys() == set(files(parts))
    assert all(path.exists() for each in rolled(files(parts)).values() for path in each.files)


def test_numbers_are_the_same_before_and_after(parts, make_metric, customer):
    make_metric("logins", Count("login", 28))
    make_metric("people", DistinctPeople(None, 28))
    make_metric("sum", SumOf("login", "n", 28))
    before = snapshot(None, TODAY)
    assert before == {customer.pk: {"logins": 4, "people": 4, "sum": 48}}
    keep_rollups()
    hidden = [path.rename(path.with_suffix(".gone")) for path in files(parts)]
    assert snapshot(None, TODAY) == before  # nobody looked at the events
    for path in hidden:
        path.rename(path.with_suffix(".parquet"))


def test_a_metric_that_asks_something_new_has_the_parts_rolled_again(parts, make_metric, customer):
    make_metric("logins", Count("login", 28))
    keep_rollups()
    first = Rollup.objects.get(part=parts[0])
    metric = make_metric("exports", Count("export", 28))
    assert snapshot(None, TODAY)[customer.pk] == {"logins": 4, "exports": 0}  # from the events
    assert explain(customer, metric, TODAY).value == 0
    assert made() == 2
    again = Rollup.objects.get(part=parts[0])
    assert set(first.columns) < set(again.columns)
    assert first.accounts != again.accounts  # who reads the old ones may go on


def test_a_new_metric_has_events_summed_up_first_and_that_may_be_stopped(
    parts, make_metric, staff, monkeypatch
):
    make_metric("logins", Count("login", 28))
    keep_rollups()
    version = current_version(make_metric("exports", Count("export", 28)))
    started = start_backfill(versions=[version], by=None, weeks=1)
    far = []

    def stop(part, asked) -> None:
        started.refresh_from_db()
        far.append((started.rolled, started.parts, started.rolling))
        cancel_backfill(backfill=started, by=staff())

    monkeypatch.setattr(rollups, "roll_part", stop)
    run_all()
    assert far == [(0, 2, True)]
    assert not HistoryWeek.objects.exists()


def test_another_window_is_nothing_new(parts, make_metric):
    make_metric("logins", Count("login", 28))
    keep_rollups()
    make_metric("week", Count("login", 7, offset=7, on="weekdays"))
    set_retired(make_metric("gone", Count("gone", 7)), retired=True)
    assert made() == 0


def test_what_is_proposed_is_rolled_too(parts, make_metric, staff):
    metric = make_metric("logins", Count("login", 28))
    keep_rollups()
    propose_version(metric=metric, definition=ActiveDays("login", 28), by=staff())
    assert made() == 2


def test_without_metrics_of_events_it_is_known_how_often_what_happened(parts, make_metric):
    make_metric("nps", Entered())
    make_metric("contacts", Count("contact", 28, stream="contacts"))
    assert keep_rollups() == set()
    assert [row.columns for row in Rollup.objects.all()] == [[], []]
    assert all((folder() / row.events).exists() for row in Rollup.objects.all())


def test_how_often_what_happened_is_not_summed_up_again_for_a_metric(parts, make_metric):
    make_metric("logins", Count("login", 28))
    keep_rollups()
    events = set(Rollup.objects.values_list("events", flat=True))
    make_metric("exports", Count("export", 28))
    assert made() == 2
    assert set(Rollup.objects.values_list("events", flat=True)) == events
    with time_machine.travel("2026-11-21T10:11:00+09:00", tick=False):
        keep_rollups()
    assert all((folder() / path).exists() for path in events)


def test_event_names_are_kept_with_the_rollups(parts, make_metric):
    found = names_by(TODAY, "events")
    assert [(each.name, each.rows, each.properties) for each in found] == [
        ("login", 4, {"n": "numeric"})
    ]
    keep_rollups()
    names._together.cache_clear()
    hidden = [path.rename(path.with_suffix(".gone")) for path in files(parts)]
    assert names_by(TODAY, "events") == found  # nobody looked at the events
    assert names_by(TODAY, "acts") == []
    assert names_by(date(2026, 10, 24), "events") == []
    for path in hidden:
        path.rename(path.with_suffix(".parquet"))


def test_old_parts_are_left_alone(customer, make_metric):
    name(customer)
    add_parts([event("2024-05-01T03:00"), event("2026-11-01T03:00")])
    make_metric("logins", Count("login", 28))
    assert made() == 1
    assert Rollup.objects.get().part.first_day == date(2026, 11, 1)


def test_a_part_that_went_while_it_was_rolled_leaves_nothing(parts, make_metric, monkeypatch):
    def gone(*given, **named):
        LakePart.objects.filter(pk=parts[1].pk).delete()
        return roll(*given, **named)

    make_metric("logins", Count("login", 28))
    monkeypatch.setattr(rollups, "roll", gone)
    keep_rollups()
    assert list(Rollup.objects.values_list("part", flat=True)) == [parts[0].pk]
    assert len(list(folder().glob("rollups/*/*"))) == 3


def test_rollups_of_parts_that_went_are_swept_after_a_while(parts, make_metric):
    make_metric("logins", Count("login", 28))
    keep_rollups()
    parts[1].delete()
    keep_rollups()
    assert len(list(folder().glob("rollups/*/*"))) == 6  # somebody may be reading
    with time_machine.travel("2026-11-21T10:11:00+09:00", tick=False):
        keep_rollups()
    assert len(list(folder().glob("rollups/*/*"))) == 3


def test_rollups_that_a_killed_writer_left_are_swept(parts, make_metric):
    make_metric("logins", Count("login", 28))
    keep_rollups()
    lost = folder() / "rollups" / "2026-11" / "lost.people.parquet"
    lost.touch()
    os.utime(lost, (time.time() - 3600,) * 2)
    keep_rollups()
    assert not lost.exists()
    assert len(list(folder().glob("rollups/*/*"))) == 6


def test_when_parts_go_what_was_summed_up_of_them_goes_soon(parts, make_metric):
    make_metric("logins", Count("login", 28))
    keep_rollups()
    with transaction.atomic():
        manifest.lock()
        manifest.change(come=[], go=[parts[1]])
    run_all()
    assert list(Rollup.objects.values_list("part", flat=True)) == [parts[0].pk]


def test_days_are_told_whose_events_have_changed(parts, make_metric):
    make_metric("logins", Count("login", 28))
    assert keep_rollups() == {date(2026, 10, 25), *(date(2026, 11, day) for day in (1, 2, 20))}
    assert keep_rollups() == set()
    add_parts([event("2026-11-02T15:00"), event("2026-11-02T14:59")], generation=2)
    assert keep_rollups() == {date(2026, 11, 2), date(2026, 11, 3)}
    parts[0].delete()
    assert keep_rollups() == {date(2026, 10, 25)}


def test_events_cut_into_other_parts_are_the_same_events(customer, make_metric):
    name(customer)
    make_metric("logins", Count("login", 28))
    told = [event(f"2026-11-{day:02}T03:00", properties={"n": day}) for day in range(1, 9)]
    some = [*add_parts(told[:3]), *add_parts(told[3:], generation=2)]
    keep_rollups()
    for part in some:
        part.delete()
    add_parts(told[::-1], generation=3)
    assert keep_rollups() == set()


def test_what_is_asked_newly_is_added_without_losing_what_has_changed(parts, make_metric):
    make_metric("logins", Count("login", 28))
    keep_rollups()
    add_parts([event("2026-11-05T03:00")], generation=2)
    make_metric("exports", Count("export", 28))
    assert list(widen_rollups())[-1] == (2, 2)
    assert {len(each) for each in Rollup.objects.values_list("columns", flat=True)} == {2}
    assert Rollup.objects.count() == 2
    assert keep_rollups() == {date(2026, 11, 5)}


def test_what_a_killed_writer_had_begun_is_swept_after_a_while(parts, make_metric):
    make_metric("logins", Count("login", 28))
    keep_rollups()
    kept = set(folder().glob("rollups/*/*"))
    begun = next(iter(kept)).with_name(".x.accounts.parquet.77")
    begun.write_bytes(b"PAR1")
    os.utime(begun, (1, 1))
    young = begun.with_name(".y.people.parquet.77")
    young.write_bytes(b"PAR1")
    keep_rollups()
    assert set(folder().glob("rollups/*/*")) == {*kept, young}


def test_a_value_opened_while_events_come_is_what_its_own_events_say(
    parts, make_metric, customer, monkeypatch
):
    metric = make_metric("logins", Count("login", 28))

    def overtaken(*given):
        found = dict(measured(*given))
        add_parts([event(f"{TODAY}T00:30")], generation=2)
        return found

    monkeypatch.setattr(values, "measured", overtaken)
    told = explain(customer, metric, TODAY)
    assert told.value == told.recomputed == 4
    assert len(told.occurrences) == 4
    monkeypatch.undo()
    assert explain(customer, metric, TODAY).value == 5
