"""Writing down who we deal with, many at a time; importers and forms come through here.

Parties carry no activity of their own: the import or the form that wrote them records one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Manager

from banso.core.text import key
from banso.parties.models import Membership, Organization, Party, Person

BATCH = 500
ORGANIZATION_FIELDS = ("industry", "region", "domain", "phone", "postal_code", "address")
PERSON_FIELDS = ("email", "phone")


@dataclass(frozen=True)
class OrganizationCard:
    """What is known of an organization."""

    name: str
    industry: str = ""
    region: str = ""
    name_kana: str = ""
    domain: str = ""
    phone: str = ""
    postal_code: str = ""
    address: str = ""


@dataclass(frozen=True)
class PersonCard:
    """What is known of a person."""

    name: str
    email: str = ""
    phone: str = ""
    name_kana: str = ""


@dataclass(frozen=True)
class Belonging:
    """That a person belongs to a home, until a day or still."""

    person_id: int
    home_id: int
    title: str = ""
    since: date | None = None
    until: date | None = None


type Card = OrganizationCard | PersonCard


@transaction.atomic
def create_parties(cards: Sequence[Card]) -> list[Party]:
    """One party for each card, in order."""
    parties = Party.objects.bulk_create(map(_party, cards), batch_size=BATCH)
    _write_details(zip(parties, cards, strict=True))
    return parties


@transaction.atomic
def update_parties(cards: Mapping[int, Card]) -> None:
    """Put the cards in the place of what was known of these parties; their kind stays."""
    parties = list(Party.objects.filter(pk__in=cards.keys()))
    for party in parties:
        fresh = _party(cards[party.pk])
        party.name, party.name_key, party.name_kana = fresh.name, fresh.name_key, fresh.name_kana
    Party.objects.bulk_update(parties, ["name", "name_key", "name_kana"], batch_size=BATCH)
    _write_details((party, cards[party.pk]) for party in parties)


@transaction.atomic
def join(belongings: Collection[Belonging]) -> None:
    """Each person belongs to each home once; a later word replaces the earlier."""
    latest = {(each.person_id, each.home_id): each for each in belongings}
    Membership.objects.bulk_create(
        (Membership(**vars(each)) for each in latest.values()),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["person", "home"],
        update_fields=["title", "since", "until"],
    )


def _party(card: Card) -> Party:
    person = isinstance(card, PersonCard)
    return Party(
        kind=Party.Kind.PERSON if person else Party.Kind.ORGANIZATION,
        name=card.name,
        name_key=key(card.name, strip_legal_form=not person),
        name_kana=card.name_kana,
    )


def _write_details(known: Iterable[tuple[Party, Card]]) -> None:
    organizations, people = [], []
    for party, card in known:
        if isinstance(card, PersonCard):
            people.append(Person(party=party, email=card.email, phone=card.phone))
        else:
            details = {name: getattr(card, name) for name in ORGANIZATION_FIELDS}
            organizations.append(Organization(party=party, **details))
    _upsert(Organization.objects, organizations, ORGANIZATION_FIELDS)
    _upsert(Person.objects, people, PERSON_FIELDS)


def _upsert[D: Organization | Person](
    stored: Manager[D], details: Sequence[D], fields: Sequence[str]
) -> None:
    stored.bulk_create(
        details,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["party"],
        update_fields=fields,
    )
