"""Reading parties: who belongs to whom."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from banso.parties.models import Membership


@dataclass(frozen=True)
class PersonAt:
    """A person as their home knows them."""

    person_id: int
    uid: str
    name: str
    title: str
    email: str
    since: date | None
    until: date | None
    language: str = ""
    main: bool = False


def people_of(party_ids: Collection[int], as_of: date) -> dict[int, list[PersonAt]]:
    """The people who belonged to each of the parties on `as_of`, by name; in one query."""
    rows = (
        Membership.objects.filter(
            home_id__in=party_ids, person__erased_at=None, person__merged_into=None
        )
        .filter(Q(since=None) | Q(since__lte=as_of), Q(until=None) | Q(until__gt=as_of))
        .order_by("person__name", "id")
        .values_list(
            "home_id",
            "person_id",
            "person__uid",
            "person__name",
            "title",
            "person__person__email",
            "since",
            "until",
            "person__person__language",
            "main",
        )
    )
    found: dict[int, list[PersonAt]] = defaultdict(list)
    for home, person, uid, name, title, email, since, until, language, main in rows:
        told = PersonAt(person, uid, name, title, email or "", since, until, language or "", main)
        found[home].append(told)
    return dict(found)
