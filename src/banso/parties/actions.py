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


@dataclass(frozen=True)
class OrganizationCard:
    """What is known of an organization."""

    name: str
    industry: str = ""
    region: str = ""


@dataclass(frozen=True)
class PersonCard:
    """What is known of a person."""

    name: str
    email: str = ""
    phone: str = ""


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
        party.name, party.name_key = fresh.name, fresh.name_key
    Party.objects.bulk_update(parties, ["name", "name_key"], batch_size=BATCH)
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
    if isinstance(card, PersonCard):
        return Party(kind=Party.Kind.PERSON, name=card.name, name_key=key(card.name))
    folded = key(card.name, strip_legal_form=True)
    return Party(kind=Party.Kind.ORGANIZATION, name=card.name, name_key=folded)


def _write_details(known: Iterable[tuple[Party, Card]]) -> None:
    organizations, people = [], []
    for party, card in known:
        if isinstance(card, PersonCard):
            people.append(Person(party=party, email=card.email, phone=card.phone))
        else:
            details = {"industry": card.industry, "region": card.region}
            organizations.append(Organization(party=party, **details))
    _upsert(Organization.objects, organizations, ["industry", "region"])
    _upsert(Person.objects, people, ["email", "phone"])


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
