"""Decisions about a relationship: what they change, and what the record says."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError

from banso.base.models import Activity
from banso.base.search import found
from banso.engagements.actions import (
    ContractSheet,
    add_contract,
    assign_owner,
    change_contract,
    end_engagement,
    index_engagements,
    resume_engagement,
    set_rate,
    sort_into,
)
from banso.engagements.models import Contract, Engagement, ExchangeRate
from banso.engagements.values import annual_value_minor, current_ids
from tests.engagements.making import make_customer

TODAY = date(2026, 11, 21)
SHEET = ContractSheet(date(2026, 4, 1), date(2027, 4, 1), "JPY", annual_minor=1_200_000)


@pytest.fixture
def by(staff):
    return staff()


@pytest.fixture
def customer(by):
    return make_customer()


def verbs() -> list[str]:
    return list(Activity.objects.order_by("id").values_list("verb", flat=True))


def test_an_owner_is_assigned_once(customer, by, staff):
    new = staff(name="鈴木 一郎")
    assert assign_owner(engagement=customer, owner=new, by=by)
    assert not assign_owner(engagement=customer, owner=new, by=by)

    stored = Engagement.objects.get()
    assert (stored.owner, stored.owner_name) == (new, "鈴木 一郎")
    [activity] = Activity.objects.all()
    assert (activity.verb, activity.actor, activity.engagement_id) == (
        "owner.assigned",
        by,
        customer.id,
    )
    assert activity.detail == {"from": None, "to": new.id}


def test_taking_the_owner_away_leaves_no_name(customer, by):
    assign_owner(engagement=customer, owner=by, by=by)
    assert assign_owner(engagement=customer, owner=None, by=by)
    assert (Engagement.objects.get().owner_id, Engagement.objects.get().owner_name) == (None, "")


def test_segment_and_touch(customer, by):
    assert sort_into(engagement=customer, segment="大口", touch="high", by=by)
    assert not sort_into(engagement=customer, segment="大口", touch="high", by=by)
    assert (Engagement.objects.get().segment, Engagement.objects.get().touch) == ("大口", "high")
    assert verbs() == ["engagement.sorted"]


def test_ending_counts_from_its_day_and_can_be_taken_back(customer, by):
    end_engagement(engagement=customer, on=TODAY, by=by)
    assert current_ids(date(2026, 11, 20)) == {customer.id}
    assert current_ids(TODAY) == set()
    resume_engagement(engagement=customer, by=by)
    assert current_ids(TODAY) == {customer.id}
    assert verbs() == ["engagement.ended", "engagement.resumed"]


def test_a_contract_is_added_and_corrected(customer, by):
    contract = add_contract(engagement=customer, sheet=SHEET, by=by)
    more = ContractSheet(**(vars(SHEET) | {"annual_minor": 1_500_000, "seats": 10}))
    assert change_contract(contract=contract, sheet=more, by=by) == ["seats", "annual_minor"]
    assert change_contract(contract=contract, sheet=more, by=by) == []

    assert annual_value_minor([customer.id], TODAY) == {customer.id: 1_500_000}
    assert verbs() == ["contract.added", "contract.changed"]


def test_a_contract_that_ends_before_it_starts_is_refused_by_the_database(customer, by):
    backwards = ContractSheet(date(2026, 4, 1), date(2026, 4, 1), "JPY")
    with pytest.raises(IntegrityError):
        add_contract(engagement=customer, sheet=backwards, by=by)


def test_a_refused_contract_leaves_no_activity(customer, by, transactional_db):
    backwards = ContractSheet(date(2026, 4, 1), date(2026, 3, 1), "JPY")
    with pytest.raises(IntegrityError):
        add_contract(engagement=customer, sheet=backwards, by=by)
    assert (Contract.objects.count(), verbs()) == (0, [])


def test_a_rate_is_one_a_day(by):
    for value in ("150.2", "151"):
        set_rate(currency="USD", since=TODAY, rate=Decimal(value), by=by)
    assert ExchangeRate.objects.get().rate == Decimal("151")


def test_an_engagement_is_found_by_its_words(customer, by):
    sort_into(engagement=customer, segment="中部エリア", touch="low", by=by)
    index_engagements([customer.id])
    assert list(found("engagement", "青空")) == [customer.id]
    assert list(found("engagement", "中部 青空商事")) == [customer.id]
    assert list(found("engagement", "赤空")) == []
