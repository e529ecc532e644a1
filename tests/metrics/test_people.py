"""Numbers per person, by the party where one is known."""

import time_machine
from django.urls import reverse

from banso.core.metrics import ActiveDays, DaysSince, PerPerson
from banso.events.models import ExternalId, Source
from banso.metrics.people import person_values
from banso.parties.models import Party
from tests.engine.events import event
from tests.metrics.conftest import TODAY


def person(name: str, *ids: str) -> Party:
    party = Party.objects.create(kind="person", name=name, name_key=name)
    source, _ = Source.objects.get_or_create(pk=1, defaults={"key": "product", "name": "product"})
    for value in ids:
        ExternalId.objects.create(source=source, kind="person", value=value, party=party)
    return party


def used(usage, customer) -> None:
    usage.connect(
        {customer.id: "acme"},
        [
            event("2026-11-20T03:00", person="p1"),
            event("2026-11-10T03:00", person="p1b"),
            event("2026-10-01T03:00", person="p2"),
            event("2026-01-01T03:00", person="p3"),
            event("2026-11-20T03:00", person=None),
        ],
    )


def test_each_person_counts_once_under_all_their_ids(usage, customer):
    used(usage, customer)
    champion = person("佐藤", "p1", "p1b")
    found = person_values(ActiveDays(None, 28), [customer.id], TODAY)
    assert found == {customer.id: {champion.pk: 2.0, "1:p2": 0.0}}
    silent = person_values(DaysSince(None, 90), [customer.id], TODAY)
    assert silent == {customer.id: {champion.pk: 1.0, "1:p2": 51.0}}


def test_nothing_is_told_before_anything_was_connected(usage, customer):
    assert person_values(DaysSince(None, 90), [customer.id], TODAY) == {customer.id: {}}
    assert person_values(DaysSince(None, 90), [], TODAY) == {}


def test_a_customer_s_people_as_a_table(usage, customer, make_metric, staff, sign_in):
    used(usage, customer)
    person("佐藤", "p1", "p1b")
    make_metric("often", PerPerson(ActiveDays(None, 7), "share", 1))
    with time_machine.travel("2026-11-21T10:00:00+09:00"):
        page = sign_in(staff(language="en")).get(reverse("customer-usage", args=[customer.uid]))
    assert page.text.index("佐藤") < page.text.index(">p2<")
    assert (">51<" in page.text, ">p3<" in page.text, "often" in page.text) == (True, False, True)


def test_without_usage_the_page_says_what_to_do(customer, staff, sign_in):
    page = sign_in(staff(language="en")).get(reverse("customer-usage", args=[customer.uid]))
    assert "Nobody was seen in the last 90 days" in page.text
