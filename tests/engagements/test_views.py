"""The facts of a relationship through HTTP: owner, contracts, the end, exchange rates."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from banso.base.models import Activity, Role, Team
from banso.base.search import found
from banso.base.workspace import local_today
from banso.engagements.models import Contract, Engagement, ExchangeRate
from banso.engagements.values import annual_value_minor, currencies_without_rate, current_ids
from banso.parties.access import people_of
from banso.parties.models import Party
from tests.engagements.making import make_contract, make_customer

TYPED = {
    "start_on": "2026-04-01",
    "end_on": "2027-04-01",
    "annual": "１２０万円",
    "currency": "JPY",
    "seats": "２０席",
    "outcome": "",
}


@pytest.fixture
def owner(staff):
    return staff(Role.SUCCESS, name="佐藤 花子", language="en", team=Team.objects.create(name="東"))


@pytest.fixture
def client(owner, sign_in):
    return sign_in(owner)


@pytest.fixture
def customer(owner):
    return make_customer(owner=owner)


def test_the_details_are_changed_and_searchable(client, customer, staff):
    new = staff(Role.SUCCESS, name="鈴木 一郎")
    url = reverse("customer-details", args=[customer.uid])
    assert 'value="low" selected' in client.get(url).text
    typed = {"owner": new.uid, "segment": " 大口 ", "touch": "high"}
    assert client.post(url, typed).status_code == 302
    customer.refresh_from_db()
    assert (customer.owner, customer.segment, customer.touch) == (new, "大口", "high")
    assert list(found("engagement", "鈴木")) == [customer.id]


def test_a_viewer_is_nobodys_owner(client, customer, staff):
    viewer = staff(Role.VIEWER)
    url = reverse("customer-details", args=[customer.uid])
    answer = client.post(url, {"owner": viewer.uid, "touch": "high"})
    assert answer.status_code == 422
    customer.refresh_from_db()
    assert customer.touch == "low"


def test_a_contract_is_typed_as_people_write(client, customer):
    url = reverse("new-contract", args=[customer.uid])
    answer = client.post(url, TYPED, follow=True)
    row = Contract.objects.get()
    assert (row.annual_minor, row.currency, row.seats) == (1_200_000, "JPY", 20)
    assert "¥1,200,000" in answer.text
    assert annual_value_minor([customer.id], date(2026, 11, 21)) == {customer.id: 1_200_000}


def test_an_amount_in_another_currency_is_asked_about(client, customer):
    url, dollars = reverse("new-contract", args=[customer.uid]), {"annual": "US$1,500.50"}
    assert "another currency than the one chosen" in client.post(url, TYPED | dollars).text
    client.post(url, TYPED | dollars | {"currency": "USD"})
    row = Contract.objects.get()
    assert (row.annual_minor, row.currency) == (150_050, "USD")


def test_a_contract_is_corrected_and_its_outcome_counts_from_its_end(client, customer):
    row = make_contract(customer, "2025-04-01", "2026-04-01", currency="USD", annual_minor=99_050)
    url = reverse("contract", args=[row.uid])
    assert 'value="990.50"' in client.get(url).text
    client.post(url, TYPED | {"end_on": "2026-06-01", "outcome": "churned"})
    row.refresh_from_db()
    assert (row.outcome, row.outcome_known_on) == ("churned", date(2026, 6, 1))
    client.post(url, TYPED | {"outcome_known_on": "2026-05-01"})
    row.refresh_from_db()
    assert (row.outcome, row.outcome_known_on) == ("", None)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"end_on": "2026-04-01"}, "The end lies after the start."),
        ({"notice_on": "2027-05-01"}, "Notice is given before the end."),
        ({"annual": "たくさん"}, "Write an amount such as 1,200,000."),
        ({"annual": "-5"}, "Write an amount such as 1,200,000."),
        ({"seats": "many"}, "Write a whole number such as 28."),
        ({"start_on": "someday"}, "Write a date such as 2026-04-30."),
        ({"currency": "XXX"}, "Select a valid choice"),
    ],
)
def test_a_contract_that_cannot_be_taken(client, customer, wrong, words):
    answer = client.post(reverse("new-contract", args=[customer.uid]), TYPED | wrong)
    assert (answer.status_code, Contract.objects.count()) == (422, 0)
    assert words in answer.text


def test_contracts_show_their_state(client, customer):
    day = local_today()
    spans = [(-400, -40, "churned"), (-40, 300, ""), (100, 500, ""), (-500, -100, "")]
    for start, end, outcome in spans:
        begin, over = day + timedelta(start), day + timedelta(end)
        known = {"outcome": outcome, "outcome_known_on": over.isoformat()} if outcome else {}
        make_contract(customer, begin.isoformat(), over.isoformat(), **known)
    text = client.get(reverse("customer-details", args=[customer.uid])).text
    for state in ("running", "coming", "Not renewed", "open renewal"):
        assert state in text


def test_the_end_and_its_undoing(client, customer):
    url, today = reverse("customer-end", args=[customer.uid]), local_today()
    later = {"on": (today + timedelta(1)).isoformat()}
    assert "Choose today or an earlier day." in client.post(url, later).text
    assert "Over since" in client.post(url, {"on": today.isoformat()}, follow=True).text
    assert current_ids(today) == set()
    client.post(url)
    assert current_ids(today) == {customer.id}


def test_a_stranger_changes_nothing(customer, staff, sign_in):
    stranger = sign_in(staff(Role.SUCCESS, team=Team.objects.create(name="西")))
    row = make_contract(customer, "2026-04-01", "2027-04-01")
    before = list(Engagement.objects.values()), list(Contract.objects.values())
    for name, uid in [
        ("customer-details", customer.uid),
        ("customer-end", customer.uid),
        ("new-contract", customer.uid),
        ("contract", row.uid),
    ]:
        answer = stranger.post(reverse(name, args=[uid]), TYPED | {"touch": "high"})
        assert answer.status_code == 403, name
    assert (list(Engagement.objects.values()), list(Contract.objects.values())) == before


def test_a_missing_rate_is_named_until_it_is_written(staff, sign_in):
    client = sign_in(staff(Role.MANAGER, language="en"))
    make_contract(make_customer(), "2026-04-01", "2027-04-01", currency="USD")
    url = reverse("exchange-rates")
    assert "Contracts in USD have no rate yet" in client.get(url).text
    own = {"currency": "JPY", "since": "2026-01-01", "rate": "1"}
    assert "That is your own currency." in client.post(url, own).text
    assert "A rate is more than 0." in client.post(url, own | {"currency": "USD", "rate": "0"}).text
    client.post(url, own | {"currency": "USD", "rate": "150.25"})
    assert ExchangeRate.objects.get().rate == Decimal("150.25")
    assert currencies_without_rate(local_today()) == set()


def test_those_who_rest_on_it_are_told(client, customer, monkeypatch):
    told: list[object] = []
    monkeypatch.setattr("banso.engagements.after.AFTER_CHANGE", [told.append])
    client.post(reverse("new-contract", args=[customer.uid]), TYPED)
    assert told == [[customer.id]]


def people(client, customer, **typed):
    return client.post(reverse("new-person", args=[customer.uid]), {"title": "", **typed})


def test_a_person_is_written_down_by_hand(client, owner, customer):
    answer = people(client, customer, name=" 田中  一郎 ", title="部長", email="t@example.com")
    assert answer.headers["Location"] == f"/customers/{customer.uid}/"
    [found_person] = people_of([customer.party_id], local_today())[customer.party_id]
    assert (found_person.name, found_person.title) == ("田中 一郎", "部長")
    assert found_person.email == "t@example.com"
    told = Activity.objects.get(verb="person.added")
    assert (told.actor, told.engagement_id) == (owner, customer.id)


def test_another_person_follows_at_once(client, customer):
    answer = people(client, customer, name="田中", another="1")
    assert answer.headers["Location"] == reverse("new-person", args=[customer.uid])


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "田中一郎", "email": "tanaka"}, "email"),
        ({"name": "ｔａｎａｋａ"}, "name"),
    ],
)
def test_a_person_is_refused_kindly_and_nothing_typed_is_lost(client, customer, typed, field):
    people(client, customer, name="Tanaka")
    answer = people(client, customer, **({"title": "課長"} | typed))
    assert answer.status_code == 422
    assert list(answer.context["page"].form.errors) == [field]
    assert 'value="課長"' in answer.text
    assert Party.objects.filter(kind="person").count() == 1


def test_the_same_name_at_another_customer_is_another_person(client, owner, customer):
    people(client, customer, name="田中")
    assert people(client, make_customer("別の会社", owner=owner), name="田中").status_code == 302
    assert Party.objects.filter(kind="person").count() == 2


def test_the_page_that_restricts_asks_for_a_reason_and_shows_a_lock(staff, sign_in):
    owner, mate = staff(), staff(name="鈴木 一郎")
    customer = make_customer(owner=owner)
    client, url = sign_in(owner), reverse("customer-readers", args=[customer.uid])
    assert client.post(url, {"restricted": "1"}).status_code == 422
    told = {"restricted": "1", "reason": "合併の協議", "readers": [mate.uid]}
    assert client.post(url, told).status_code == 302
    page = client.get(reverse("customer", args=[customer.uid])).text
    assert "閲覧制限" in page
    assert "合併の協議" in page
    assert "閲覧できる人を限定" in page
    assert client.post(url, {"restricted": ""}).status_code == 302
    customer.refresh_from_db()
    assert (customer.restricted, customer.restricted_reason) == (False, "")


def test_a_step_of_a_restricted_customer_goes_to_those_who_read_it(staff, sign_in):
    owner, other = staff(), staff(name="鈴木 一郎")
    customer = make_customer(owner=owner, restricted=True, restricted_reason="協議")
    url = reverse("action", args=[customer.uid])
    page = sign_in(owner).get(url).text
    assert owner.uid in page
    assert other.uid not in page
    answer = sign_in(owner).post(url, {"title": "電話", "owner": other.uid})
    assert answer.status_code == 422
