"""Our own acts drain into the inbox: each once, without texts of people."""

import json
from datetime import timedelta

import pytest
from django.db import transaction

from banso.base.activity import record, seal
from banso.base.models import Activity
from banso.base.workspace import local_today
from banso.core.metrics import Count, DaysSince, DistinctPeople
from banso.events import acts, lake
from banso.events.acts import drain_acts
from banso.events.inbox import rows_of
from banso.events.loading import load_all
from banso.events.models import Drained, Inbox, Source
from banso.metrics.values import measure
from tests.engagements.making import make_customer


@pytest.fixture
def customer(workspace):
    return make_customer()


def drained():
    return list(rows_of(list(Inbox.objects.order_by("id"))))


def test_sealed_acts_drain_once_in_their_order(customer, staff):
    user = staff()
    record("contact.recorded", actor=user, engagement_id=customer.pk, subject_id=7)
    record("segments.ordered", actor=None)
    assert drain_acts() == 0  # not sealed yet
    seal()
    assert drain_acts() == Activity.objects.count()
    assert drain_acts() == 0
    [first, second] = [
        row for row in drained() if row[5] in ("contact.recorded", "segments.ordered")
    ]
    source = Source.objects.get(key=Source.BANSO).pk
    assert first[0] == source
    assert first[3:7] == (customer.uid, user.uid, "contact.recorded", 1)
    assert json.loads(first[7]) == {"subject": 7}
    assert second[3:5] == (None, None)
    assert len({row[1] for row in drained()}) == len(drained())


def test_only_numbers_and_codes_go_with_them(customer):
    detail = {
        "channel": "mail",
        "people": 2,
        "name": "山田 太郎",
        "said": "Hello there",
        "ids": [1],
    }
    record("contact.recorded", actor=None, engagement_id=customer.pk, detail=detail)
    seal()
    drain_acts()
    assert json.loads(drained()[-1][7]) == {"channel": "mail", "people": 2}


def test_the_place_moves_with_the_rows_or_not_at_all(customer, monkeypatch):
    record("contact.recorded", actor=None, engagement_id=customer.pk)
    seal()

    class Power(Exception):
        pass

    def fail(*args):
        raise Power

    with monkeypatch.context() as place, pytest.raises(Power), transaction.atomic():
        place.setattr(acts, "events_of", fail)
        drain_acts()
    assert not Drained.objects.exists()
    assert drain_acts() == 1
    assert Drained.objects.get().position == Activity.objects.latest("position").position


def test_many_drain_in_pieces(customer):
    for _ in range(5):
        record("contact.recorded", actor=None, engagement_id=customer.pk)
    seal()
    assert [drain_acts(2), drain_acts(2), drain_acts(2), drain_acts(2)] == [2, 2, 1, 0]
    assert len(drained()) == 5


def test_metrics_count_them_apart_from_usage(customer, staff):
    user, merged = staff(), make_customer("海辺工業", merged_into=customer)
    record("contact.recorded", actor=user, engagement_id=customer.pk)
    record("contact.recorded", actor=None, engagement_id=merged.pk)
    seal()
    drain_acts()
    assert load_all() == Activity.objects.count()
    assert not Inbox.objects.exists()
    today = local_today()
    contacts = Count("contact.recorded", 7, stream="acts")
    found = measure(
        {
            "acts": contacts,
            "people": DistinctPeople(None, 7, stream="acts"),
            "since": DaysSince(None, 30, "acts"),
            "usage": Count(None, 7),
        },
        [(customer.pk, today)],
    )
    values = found[customer.pk, today]
    assert values == {"acts": 2.0, "people": 1.0, "since": 0.0, "usage": None}
    assert not lake.connected(today)  # acts alone are no usage
    before = today - timedelta(400)
    assert measure({"acts": contacts}, [(customer.pk, before)])[customer.pk, before] == {
        "acts": None
    }
