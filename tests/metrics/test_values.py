"""Values as of any day: what they are, what they rest on, and that nobody knows the future."""

from datetime import UTC, date, datetime, timedelta

import pytest

from banso.actions.models import Contact
from banso.core.evaluate import evaluate
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    DistinctPeople,
    Entered,
    Ratio,
    Seats,
    SumOf,
)
from banso.engagements.models import Contract
from banso.metrics.actions import enter_measurement
from banso.metrics.models import Measurement, Metric
from banso.metrics.values import at, definitions, explain, measure, snapshot
from tests.engagements.making import make_contract, make_customer
from tests.engine.events import event

TODAY = date(2026, 11, 21)
KINDS = {
    "count": Count("login", 28),
    "people": DistinctPeople(None, 28),
    "days": ActiveDays("login", 28),
    "since": DaysSince(None, 90),
    "sum": SumOf("order", "amount", 28),
    "share": Ratio(DistinctPeople(None, 28), Seats()),
    "ratio": Ratio(Count("order", 28), Count("login", 28)),
    "silence": DaysSince(None, 180, "contacts"),
    "talks": Count(None, 90, stream="contacts"),
    "contracts": Count(None, 365, stream="contracts"),
    "worth": SumOf(None, "annual", 365, stream="contracts"),
    "typed": Entered(),
}


@pytest.fixture
def story(customer, usage, make_metric, spoke):
    """A customer with usage, contacts, a contract and typed values, some of them after TODAY."""
    for key, definition in KINDS.items():
        make_metric(key, definition)
    usage.connect(
        {customer.id: "acme"},
        [
            event("2026-10-24T15:30", person="p1"),
            event("2026-11-01T01:00", person="p1", count=3),
            event("2026-11-10T01:00", person="p2"),
            event("2026-11-15T01:00", person="p2", name="order", properties={"amount": 12.5}),
            event("2026-11-21T16:00", person="p9", count=50),
            event("2026-12-05T01:00", person="p3", name="order", properties={"amount": 99}),
        ],
    )
    spoke(customer, "2026-10-01")
    spoke(customer, "2026-12-01")
    make_contract(
        customer,
        "2026-04-01",
        "2027-04-01",
        seats=8,
        annual_minor=600_000,
        outcome="churned",
        outcome_known_on="2026-12-20",
    )
    make_contract(customer, "2026-12-01", "2027-12-01", seats=99)
    return customer


def typed(customer, value: float, as_of: date, recorded: datetime) -> None:

    row = enter_measurement(
        metric=Metric.objects.get(key="typed"),
        engagement=customer,
        value=value,
        as_of=as_of,
        by=None,
    )
    Measurement.objects.filter(pk=row.pk).update(recorded_at=recorded)


def test_every_kind_at_once(story):
    typed(story, 7, date(2026, 11, 1), datetime(2026, 11, 1, 3, tzinfo=UTC))
    assert snapshot(None, TODAY)[story.id] == {
        "count": 5.0,
        "people": 2.0,
        "days": 3.0,
        "since": 6.0,
        "sum": 12.5,
        "share": 2 / 8,
        "ratio": 1 / 5,
        "silence": 51.0,
        "talks": 1.0,
        "contracts": 1.0,
        "worth": 600_000.0,
        "typed": 7.0,
    }


@pytest.mark.parametrize("key", KINDS)
def test_the_value_is_what_its_occurrences_give(story, key):
    typed(story, 7, date(2026, 11, 1), datetime(2026, 11, 1, 3, tzinfo=UTC))

    found = explain(story, Metric.objects.get(key=key), TODAY)
    assert found.value is not None
    assert found.value == found.recomputed == snapshot([key], TODAY)[story.id][key]
    if key == "typed":
        assert found.measurement is not None
        assert found.measurement.value == found.value
    else:
        assert found.occurrences
        told = evaluate(
            KINDS[key], found.occurrences, as_of=TODAY, zone="Asia/Tokyo", seats=found.seats
        )
        assert told == found.value


def test_what_came_later_changes_nothing(story, usage):
    typed(story, 7, date(2026, 11, 1), datetime(2026, 11, 1, 3, tzinfo=UTC))
    typed(story, 8, date(2026, 11, 2), datetime(2026, 11, 21, 15, tzinfo=UTC))
    typed(story, 9, date(2026, 11, 22), datetime(2026, 11, 20, tzinfo=UTC))
    before = snapshot(None, TODAY)
    basis = {key: explain(story, metric_of(key), TODAY).occurrences for key in KINDS}

    Measurement.objects.filter(value__in=[8, 9]).delete()
    Contact.objects.filter(occurred_at__gte=datetime(2026, 11, 21, 15, tzinfo=UTC)).delete()
    Contract.objects.filter(start_on__gt=TODAY).delete()
    Contract.objects.update(outcome="", outcome_known_on=None)
    usage.connect(
        {story.id: "acme"},
        [
            event("2026-10-24T15:30", person="p1"),
            event("2026-11-01T01:00", person="p1", count=3),
            event("2026-11-10T01:00", person="p2"),
            event("2026-11-15T01:00", person="p2", name="order", properties={"amount": 12.5}),
        ],
    )

    assert snapshot(None, TODAY) == before
    assert {key: explain(story, metric_of(key), TODAY).occurrences for key in KINDS} == basis


def metric_of(key: str):

    return Metric.objects.get(key=key)


def test_values_at_many_days_are_the_snapshots_of_those_days(story):
    typed(story, 7, date(2026, 11, 1), datetime(2026, 11, 1, 3, tzinfo=UTC))
    days = [TODAY - timedelta(days=7 * week) for week in range(26)]
    found = at([(story.id, day) for day in days], None)
    for day in days:
        assert found[story.id, day] == snapshot(None, day)[story.id], day


def test_an_unconnected_stream_is_not_measured(story):
    before = date(2026, 9, 30)
    values = snapshot(None, before)[story.id]
    assert {key for key, value in values.items() if value is not None} == {"contracts", "worth"}


def test_whom_the_product_does_not_know_has_no_usage(story):
    stranger = make_customer("手入力のみ")
    values = snapshot(["count", "silence"], TODAY)[stranger.id]
    assert values == {"count": None, "silence": 180.0}


def test_a_ratio_to_seats_without_seats_is_no_number(story):
    Contract.objects.all().delete()
    assert snapshot(["share"], TODAY)[story.id] == {"share": None}
    assert explain(story, metric_of("share"), TODAY).recomputed is None


def test_the_last_typed_value_of_a_day_counts(story):
    typed(story, 7, date(2026, 11, 1), datetime(2026, 11, 2, tzinfo=UTC))
    typed(story, 8, date(2026, 11, 1), datetime(2026, 11, 3, tzinfo=UTC))
    typed(story, 1, date(2026, 10, 1), datetime(2026, 11, 4, tzinfo=UTC))
    assert snapshot(["typed"], TODAY)[story.id] == {"typed": 8.0}
    assert explain(story, metric_of("typed"), date(2026, 11, 2)).value == 7.0


def test_definitions_of_all_in_use_or_of_those_asked_for(story):
    assert definitions() == KINDS
    assert definitions(["sum"]) == {"sum": KINDS["sum"]}


def test_a_definition_of_nobody_can_be_measured(story):
    pair = (story.id, TODAY)
    assert measure({"x": Count(None, 28)}, [pair]) == {pair: {"x": 6.0}}
    assert measure({}, [pair]) == {pair: {}}
    assert measure({"x": Count(None, 28)}, []) == {}


@pytest.mark.parametrize("size", [3, 30])
def test_the_number_of_queries_does_not_grow(story, size, django_assert_max_num_queries):
    ids = [make_customer(f"顧客{n}").id for n in range(size)]
    days = [TODAY - timedelta(days=7 * week) for week in range(4)]
    with django_assert_max_num_queries(22):
        found = at([(each, day) for each in ids for day in days], None)
    assert len(found) == 4 * size
