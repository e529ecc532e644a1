"""Worth, dates and outcomes from rows, as of a day."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.core.contracts import NextDate
from banso.core.proposal import known
from banso.engagements.models import ExchangeRate
from banso.engagements.values import (
    annual_value_minor,
    annual_values_at,
    contract_occurrences,
    critical_dates,
    currencies_without_rate,
    current_at,
    current_ids,
    outcomes,
    seats,
    seats_at,
)
from banso.events import lake
from tests.engagements.making import make_contract, make_customer

TODAY = date(2026, 11, 21)
pytestmark = pytest.mark.usefixtures("workspace")


@pytest.fixture
def customer(workspace):
    return make_customer()


def rate(currency: str, since: str, value: str) -> None:
    ExchangeRate.objects.create(
        currency=currency, since=date.fromisoformat(since), rate=Decimal(value)
    )


def test_live_contracts_add_up(customer):
    make_contract(customer, "2026-04-01", "2027-04-01", annual_minor=1_000)
    make_contract(customer, "2026-06-01", "2027-06-01", annual_minor=500)
    make_contract(customer, "2025-04-01", "2026-04-01", annual_minor=9)
    assert annual_value_minor([customer.id], TODAY) == {customer.id: 1_500}


def test_no_value_is_none_and_not_zero(customer):
    assert annual_value_minor([customer.id], TODAY) == {customer.id: None}
    make_contract(customer, "2026-04-01", "2027-04-01", annual_minor=None)
    assert annual_value_minor([customer.id], TODAY) == {customer.id: None}


def test_a_foreign_value_takes_the_rate_of_the_day(customer):
    make_contract(customer, "2026-01-01", "2027-01-01", annual_minor=100_050, currency="USD")
    rate("USD", "2026-02-01", "150")
    rate("USD", "2026-06-01", "160.5")
    days = [date(2026, 1, 31), date(2026, 5, 31), date(2026, 6, 1)]
    values = annual_values_at((customer.id, day) for day in days)
    assert [values[customer.id, day] for day in days] == [None, 150_075, 160_580]


def test_a_currency_without_a_rate_is_named(customer):
    make_contract(customer, "2026-01-01", "2027-01-01", currency="USD")
    assert currencies_without_rate(TODAY) == {"USD"}
    rate("USD", "2026-02-01", "150")
    assert currencies_without_rate(TODAY) == set()


def test_who_is_current(customer, workspace):
    lost, pending = make_customer("去った"), make_customer("更新待ち")
    make_contract(customer, "2026-04-01", "2027-04-01")
    make_contract(
        lost, "2025-04-01", "2026-04-01", outcome="churned", outcome_known_on="2026-04-01"
    )
    make_contract(pending, "2025-04-01", "2026-04-01")
    none = make_customer("契約なし")
    make_customer("終了", ended_on=TODAY)
    make_customer("未来", started_on=date(2026, 12, 1))
    assert current_ids(TODAY) == {customer.id, pending.id, none.id}
    assert current_at([(lost.id, date(2026, 3, 31)), (lost.id, date(2026, 4, 1))]) == {
        (lost.id, date(2026, 3, 31))
    }


def test_critical_dates_of_those_who_have_one(customer):
    make_contract(customer, "2026-04-01", "2027-04-01", notice_on="2027-02-28")
    other = make_customer("契約なし")
    found = critical_dates([customer.id, other.id], TODAY)
    assert found == {customer.id: NextDate(date(2027, 2, 28), "notice")}


def test_seats_by_day(customer):
    make_contract(customer, "2026-04-01", "2027-04-01", seats=20)
    make_customer("席なし")
    before = (customer.id, date(2026, 3, 31))
    assert seats(TODAY) == seats(TODAY, [customer.id]) == {customer.id: 20}
    assert seats_at([before, (customer.id, TODAY)]) == {before: None, (customer.id, TODAY): 20}


def test_of_one_customer_only_its_own_contracts_are_read(customer):
    other = make_customer("ほかの会社")
    for each in (customer, other):
        make_contract(each, "2026-04-01", "2027-04-01", seats=20)
    with CaptureQueriesContext(connection) as asked:
        assert seats(TODAY, [other.id]) == {other.id: 20}
        assert {each for each, _ in contract_occurrences(TODAY, ids=[other.id])} == {other.id}
        assert [row.seats for row in lake.accounts([other.id], TODAY)] == [20]
    contracts = [each["sql"] for each in asked if 'FROM "engagements_contract"' in each["sql"]]
    assert len(contracts) == 3
    assert all('"engagement_id" IN' in sql for sql in contracts)


def test_outcomes_are_known_ones_and_fit_the_proposal(customer):
    first = make_contract(
        customer, "2024-04-01", "2025-04-01", outcome="renewed", outcome_known_on="2025-03-01"
    )
    make_contract(
        customer, "2025-04-01", "2026-04-01", outcome="churned", outcome_known_on="2026-04-10"
    )
    found = outcomes(date(2026, 4, 9))
    assert [(o.contract_id, o.engagement_id, o.renewed) for o in found] == [
        (first.id, customer.id, True)
    ]
    newest = known(outcomes(TODAY), as_of=TODAY)
    assert [(o.key, o.renewed) for o in newest] == [(str(customer.id), False)]


def test_contracts_as_a_stream(customer):
    make_contract(customer, "2026-04-01", "2027-04-01", seats=3, annual_minor=1_200)
    make_contract(customer, "2026-12-01", "2027-12-01")
    [(each, started)] = contract_occurrences(TODAY)
    assert (each, started.event) == (customer.id, "contract_started")
    assert started.at == datetime(2026, 3, 31, 15, tzinfo=UTC)
    assert started.properties == {"seats": 3, "annual": 1200.0, "monthly": 100.0}


@pytest.mark.parametrize("size", [3, 30])
def test_the_number_of_queries_does_not_grow(size, django_assert_max_num_queries, workspace):
    customers = [make_customer(f"顧客{n}") for n in range(size)]
    for each in customers:
        make_contract(each, "2026-04-01", "2027-04-01")
    ids = [each.id for each in customers]
    with django_assert_max_num_queries(3):
        assert len(annual_value_minor(ids, TODAY)) == size
    with django_assert_max_num_queries(2):
        assert len(current_at((each, TODAY) for each in ids)) == size
