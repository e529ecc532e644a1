"""Parties as `core.matching` compares them, read in a stream or a few at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import batched, groupby
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from banso.core.matching import Organization
from banso.core.people_matching import Individual
from banso.core.whereabouts import domain
from banso.engagements.models import Engagement
from banso.events.models import ExternalId
from banso.parties.models import Membership, Party

CHUNK = 500
HOSTS = 12
_COLUMNS = (
    "id",
    "name",
    "name_kana",
    "organization__domain",
    "organization__phone",
    "organization__postal_code",
    "organization__address",
    "organization__region",
)


@dataclass(frozen=True)
class Around:
    """What is known of organizations beside their own rows: the domains of their people's mail
    and the system they came from."""

    hosts: dict[int, set[str]]
    sources: dict[int, int]


def customers() -> QuerySet[Party]:
    """The organizations that are customers, but those merged into another."""
    open_ones = Engagement.objects.filter(merged_into=None)
    rows = Party.objects.filter(kind=Party.Kind.ORGANIZATION, merged_into=None, erased_at=None)
    return rows.filter(pk__in=open_ones.values("party"))


def people() -> QuerySet[Party]:
    """Everybody but those merged into another."""
    return Party.objects.filter(kind=Party.Kind.PERSON, merged_into=None, erased_at=None)


def around(ids: Collection[int] | None = None) -> Around:
    """What is known beside the rows of these organizations (None: of all)."""
    members = Membership.objects.filter(until=None).exclude(person__person__email="")
    names = ExternalId.objects.filter(kind=ExternalId.Kind.ACCOUNT)
    if ids is not None:
        members = members.filter(home__in=ids)
        names = names.filter(engagement__party__in=ids)
    hosts: dict[int, set[str]] = defaultdict(set)
    for home, email in members.values_list("home_id", "person__person__email").iterator():
        host = domain(email or "")
        if host and len(hosts[home]) < HOSTS:
            hosts[home].add(host)
    rows = names.order_by("-id").values_list("engagement__party_id", "source_id")
    return Around(dict(hosts), dict(rows.iterator()))


def organizations(rows: QuerySet[Party], known: Around) -> Iterator[Organization]:
    """The parties of `rows` as records."""
    for cells in rows.values_list(*_COLUMNS).iterator(chunk_size=CHUNK):
        yield _organization(cells, known)


def organizations_of(ids: Collection[int], known: Around) -> dict[int, Organization]:
    """The customers with these ids."""
    found = {}
    for some in batched(ids, CHUNK):
        rows = customers().filter(pk__in=some).values_list(*_COLUMNS)
        found.update({cells[0]: _organization(cells, known) for cells in rows})
    return found


def individuals(rows: QuerySet[Membership]) -> Iterator[Individual]:
    """The members of `rows`, each with their homes."""
    cells = rows.order_by("person_id").values_list(
        "person_id",
        "person__name",
        "person__name_kana",
        "person__person__email",
        "person__person__phone",
        "home_id",
    )
    for _, group in groupby(cells.iterator(chunk_size=CHUNK), key=itemgetter(0)):
        mine = list(group)
        number, name, kana, email, phone, _ = mine[0]
        yield Individual(number, name, kana, email or "", phone or "", [each[-1] for each in mine])


def memberships() -> QuerySet[Membership]:
    """Who belongs where now, shells left out."""
    return Membership.objects.filter(
        until=None, person__merged_into=None, person__erased_at=None, home__merged_into=None
    )


def individuals_of(ids: Collection[int]) -> dict[int, Individual]:
    """The people with these ids."""
    found = {}
    for some in batched(ids, CHUNK):
        found.update({p.id: p for p in individuals(memberships().filter(person__in=some))})
    return found


def _organization(cells: Any, known: Around) -> Organization:
    number, name, kana, own, phone, postal_code, address, region = cells
    return Organization(
        id=number,
        name=name,
        name_kana=kana,
        domains=[own or "", *sorted(known.hosts.get(number, ()))],
        phones=[phone or ""],
        postal_code=postal_code or "",
        address=address or "",
        region=region or "",
        source=known.sources.get(number, 0),
    )
