"""Deciding what is measured, typing values, and the round that writes only what changed."""

from datetime import date

import pytest

from banso.base.models import Activity
from banso.core.metrics import Count, DaysSince, DistinctPeople, Entered, Ratio, Seats
from banso.engagements.actions import end_engagement
from banso.metrics.actions import (
    NotEntered,
    Typed,
    define_metric,
    enter_measurement,
    enter_measurements,
    refresh,
    restore_metric,
    retire_metric,
    revise_metric,
    starter,
)
from banso.metrics.models import LatestValue, Measurement, Metric
from banso.metrics.sheet import MetricSheet
from banso.metrics.values import definitions, snapshot
from tests.engagements.making import make_contract, make_customer
from tests.engine.events import event

TODAY = date(2026, 11, 21)


def sheet(definition: object, en: str = "Logins", **fields: object) -> MetricSheet:
    plain = {"unit": "times", "higher_is_better": True, "sentence": {}}
    return MetricSheet(name={"en": en, "ja": "ログイン"}, definition=definition, **plain | fields)


def verbs() -> list[str]:
    return list(Activity.objects.order_by("id").values_list("verb", flat=True))


def test_a_metric_takes_its_key_from_its_name_and_no_other_has_it(workspace):
    first = define_metric(sheet=sheet(Count(None, 28), "Weekly logins"), by=None)
    second = define_metric(sheet=sheet(Count(None, 28), "Weekly logins"), by=None)
    japanese = define_metric(sheet=sheet(Count(None, 28), ""), by=None)
    assert first.key == "weekly-logins"
    assert second.key.startswith("weekly-logins-")
    assert japanese.key.startswith("metric-")
    assert verbs() == ["metric.defined"] * 3


def test_a_changed_meaning_is_a_new_version_and_changed_words_are_not(workspace, staff):
    by = staff()
    metric = define_metric(sheet=sheet(Count("login", 28)), by=by)
    assert revise_metric(metric=metric, sheet=sheet(Count("login", 28), "Sign-ins"), by=by) == 1
    assert metric.name["en"] == "Sign-ins"
    assert revise_metric(metric=metric, sheet=sheet(Count("login", 7)), by=by) == 2
    assert definitions() == {metric.key: Count("login", 7)}
    numbers = metric.versions.order_by("number").values_list("number", "created_by")
    assert list(numbers) == [(1, by.id), (2, by.id)]


def test_typed_and_computed_do_not_change_into_each_other(make_metric):
    metric = make_metric("typed", Entered())
    with pytest.raises(ValueError, match="two metrics"):
        revise_metric(metric=metric, sheet=sheet(Count(None, 28)), by=None)
    assert definitions() == {"typed": Entered()}


def test_a_retired_metric_is_not_computed_until_it_is_restored(make_metric, customer):
    metric = make_metric("typed", Entered())
    enter_measurement(metric=metric, engagement=customer, value=3, as_of=TODAY, by=None)
    later = date(2100, 1, 1)
    refresh(later)
    retire_metric(metric=metric, by=None)
    assert (definitions(), LatestValue.objects.count()) == ({}, 0)
    assert refresh(later) == 0
    restore_metric(metric=metric, by=None)
    assert (refresh(later), LatestValue.objects.get().value) == (1, 3.0)


def test_a_computed_metric_takes_no_typed_values(make_metric, customer):
    metric = make_metric("count", Count(None, 28))
    with pytest.raises(NotEntered):
        enter_measurement(metric=metric, engagement=customer, value=3, as_of=TODAY, by=None)
    with pytest.raises(NotEntered):
        enter_measurements(metric=metric, values=[Typed(customer.id, 3)], as_of=TODAY, by=None)
    assert (Measurement.objects.count(), verbs()) == (0, ["metric.defined"])


def test_values_of_many_are_one_activity(make_metric, customer, staff):
    metric, other, by = make_metric("nps", Entered()), make_customer("ほか"), staff()
    typed = [Typed(customer.id, 7), Typed(other.id, 9.5)]
    assert enter_measurements(
        metric=metric, values=typed, as_of=TODAY, source="年次アンケート", by=by
    )
    assert not enter_measurements(metric=metric, values=[], as_of=TODAY, by=by)
    found = snapshot(None, date(2100, 1, 1))
    assert found == {customer.id: {"nps": 7.0}, other.id: {"nps": 9.5}}
    assert verbs() == ["metric.defined", "measurements.entered"]
    assert {row.source for row in Measurement.objects.all()} == {"年次アンケート"}


def test_a_round_writes_only_what_changed(make_metric, customer, usage, spoke):
    make_metric("count", Count(None, 28))
    make_metric("silence", DaysSince(None, 90, "contacts"))
    spoke(customer, "2026-11-01")
    usage.connect({customer.id: "acme"}, [event("2026-11-20T01:00")])

    assert refresh(TODAY) == 2
    assert refresh(TODAY) == 0
    assert refresh(date(2026, 11, 22)) == 1

    latest = LatestValue.objects.order_by("metric_id").values_list("value", "as_of")
    assert list(latest) == [(1.0, TODAY), (21.0, date(2026, 11, 22))]


def test_a_new_version_is_a_change(make_metric, customer, usage):
    metric = make_metric("count", Count(None, 28))
    usage.connect({customer.id: "acme"}, [event("2026-11-20T01:00")])
    refresh(TODAY)
    revise_metric(metric=metric, sheet=sheet(Count(None, 7)), by=None)
    assert refresh(TODAY) == 1
    assert LatestValue.objects.get().version == 2


def test_a_round_of_some_leaves_the_others_alone(make_metric, customer, spoke):
    make_metric("silence", DaysSince(None, 90, "contacts"))
    other = make_customer("ほか")
    spoke(customer, "2026-11-01")
    refresh(TODAY)
    spoke(customer, "2026-11-20")
    spoke(other, "2026-11-20")
    assert refresh(TODAY, [customer.id]) == 1
    assert dict(LatestValue.objects.values_list("engagement_id", "value")) == {
        customer.id: 1.0,
        other.id: 90.0,
    }


def test_who_is_gone_has_no_latest_value(make_metric, customer, spoke):
    make_metric("silence", DaysSince(None, 90, "contacts"))
    spoke(customer, "2026-11-01")
    refresh(TODAY)
    end_engagement(engagement=customer, on=TODAY, by=None)
    assert (refresh(TODAY), LatestValue.objects.count()) == (1, 0)


def test_more_rows_than_a_chunk(make_metric, customer, spoke, monkeypatch):
    monkeypatch.setattr("banso.metrics.actions.BATCH", 2)
    make_metric("silence", DaysSince(None, 90, "contacts"))
    spoke(customer, "2026-11-01")
    for number in range(6):
        make_customer(f"顧客{number}")
    assert refresh(TODAY) == 7
    assert LatestValue.objects.count() == 7


def test_nothing_connected_offers_nothing(workspace):
    assert starter(TODAY) == []


def test_the_starters_are_what_the_data_can_give(customer, usage, spoke):
    spoke(customer, "2026-11-01")
    make_contract(customer, "2026-04-01", "2027-04-01", seats=4)
    told = [event(f"2026-11-{day:02}T01:00", person="p1") for day in range(1, 9)]
    told += [event("2026-11-09T01:00", person=p, name="レポート作成") for p in ("p1", "p2")]
    usage.connect({customer.id: "acme"}, told)

    made = starter(TODAY)
    found = definitions()

    assert [metric.key for metric in made][:8] == [
        "days-since-contact",
        "days-since-event",
        "events-28",
        "active-days-28",
        "usage-change-56",
        "active-people-28",
        "people-change-56",
        "active-seat-share-28",
    ]
    assert found["active-seat-share-28"] == Ratio(DistinctPeople(None, 28), Seats())
    assert [found[metric.key] for metric in made[8:]] == [
        Count("レポート作成", 28),
        Count("login", 28),
    ]
    assert snapshot(["active-seat-share-28"], TODAY)[customer.id] == {"active-seat-share-28": 0.5}
    assert all(metric.name["ja"] and metric.sentence["en"] for metric in made)


def test_starting_again_adds_only_what_is_new(customer, usage, spoke):
    spoke(customer, "2026-11-01")
    assert [metric.key for metric in starter(TODAY)] == ["days-since-contact"]
    retire_metric(metric=Metric.objects.get(), by=None)
    usage.connect({customer.id: "acme"}, [event("2026-11-09T01:00", person=None)])
    assert [metric.key for metric in starter(TODAY)] == [
        "days-since-event",
        "events-28",
        "active-days-28",
        "usage-change-56",
    ]


def test_change_is_a_customers_own(customer, usage):
    """Six uses by one person after four by two; a newcomer has nothing to compare with."""
    new = make_customer("新規")
    before = [event(f"2026-08-{day:02}T01:00", person=f"p{day % 2}") for day in range(25, 29)]
    told = before + [event(f"2026-10-{day:02}T01:00", person="p1") for day in range(11, 17)]
    usage.connect({customer.id: "acme", new.id: "new"}, told)
    starter(TODAY)
    found = snapshot(["usage-change-56", "people-change-56"], TODAY)
    assert found[customer.id] == {"usage-change-56": 1.5, "people-change-56": 0.5}
    assert found[new.id] == {"usage-change-56": None, "people-change-56": None}
