"""Who we deal with, written many at a time."""

from datetime import date

import pytest

from banso.parties.access import people_of
from banso.parties.actions import (
    Belonging,
    OrganizationCard,
    PersonCard,
    create_parties,
    join,
    update_parties,
)
from banso.parties.models import Membership, Organization, Party

TODAY = date(2026, 11, 21)
pytestmark = pytest.mark.django_db


def names_at(home: Party, day: date = TODAY) -> list[str]:
    return [person.name for person in people_of([home.id], day).get(home.id, [])]


@pytest.fixture
def home():
    return create_parties([OrganizationCard("㈱青空商事", region="東京")])[0]


def test_a_company_keeps_its_name_and_is_compared_without_its_legal_form(home):
    home.refresh_from_db()
    assert (home.name, home.name_key) == ("㈱青空商事", "青空商事")
    assert Organization.objects.get().region == "東京"


def test_a_later_card_replaces_what_was_known(home):
    update_parties({home.id: OrganizationCard("青空ホールディングス", industry="小売")})
    home.refresh_from_db()
    details = Organization.objects.get()
    assert (home.name, details.industry, details.region) == ("青空ホールディングス", "小売", "")


def test_people_of_a_home_as_of_a_day(home):
    came, left, stays = create_parties(
        [PersonCard("後任"), PersonCard("前任"), PersonCard("ずっと")]
    )
    join(
        [
            Belonging(came.id, home.id, since=date(2026, 4, 1)),
            Belonging(left.id, home.id, until=date(2026, 4, 1)),
            Belonging(stays.id, home.id, title="部長"),
        ]
    )
    assert names_at(home) == ["ずっと", "後任"]
    assert names_at(home, date(2026, 3, 31)) == ["ずっと", "前任"]
    assert people_of([home.id], TODAY)[home.id][0].title == "部長"


def test_joining_twice_replaces(home):
    person = create_parties([PersonCard("田中", email="t@example.com")])[0]
    join([Belonging(person.id, home.id, "課長"), Belonging(person.id, home.id, "部長")])
    join([Belonging(person.id, home.id, "役員")])
    assert Membership.objects.get().title == "役員"
    assert people_of([home.id], TODAY)[home.id][0].email == "t@example.com"


@pytest.mark.parametrize("size", [3, 30])
def test_people_of_many_homes_in_one_query(size, django_assert_num_queries):
    homes = create_parties([OrganizationCard(f"会社{n}") for n in range(size)])
    people = create_parties([PersonCard(f"人{n}") for n in range(size)])
    join([Belonging(p.id, h.id) for p, h in zip(people, homes, strict=True)])
    with django_assert_num_queries(1):
        assert len(people_of([home.id for home in homes], TODAY)) == size
