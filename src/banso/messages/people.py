"""Who of a customer may be written to, who not and why, and in which language."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from banso.actions.models import Contact
from banso.base.workspace import local_today, workspace
from banso.engagements.models import Engagement
from banso.messages.models import Bounce, OptOut
from banso.parties.access import PersonAt, people_of


@dataclass(frozen=True)
class Reader:
    """Somebody of a customer, the language they read, and why nothing is sent to them: left,
    no_address, unsubscribed, bounced; "" where something may be."""

    at: PersonAt
    language: str
    barred: str = ""

    @property
    def address(self) -> str:
        return self.at.email.strip()


def readers_at(engagement: Engagement, today: date | None = None) -> list[Reader]:
    """The people who are at the customer now, by name; three statements."""
    people = people_of([engagement.party_id], today or local_today())
    usual = workspace().language
    found = people.get(engagement.party_id, [])
    return judged([Reader(each, each.language or usual) for each in found])


def judged(readers: Sequence[Reader]) -> list[Reader]:
    """Each with why nothing is sent to them; two statements."""
    people, addresses = opted_out(readers)
    bounced = bounced_addresses(address_key(each.address) for each in readers)
    return [replace(each, barred=bar(each, people, addresses, bounced)) for each in readers]


def bar(
    reader: Reader, people: Collection[int], addresses: Collection[str], bounced: Collection[str]
) -> str:
    key = address_key(reader.address)
    if reader.at.person_id in people or (key and key in addresses):
        return "unsubscribed"
    if "@" not in key:
        return "no_address"
    return "bounced" if key in bounced else ""


def opted_out(readers: Iterable[Reader]) -> tuple[set[int], set[str]]:
    """The people and the addresses that want no more."""
    known = {each.at.person_id: address_key(each.address) for each in readers}
    rows = OptOut.objects.filter(ended_at=None)
    mine = rows.filter(person__in=known) | rows.filter(address__in=set(known.values()) - {""})
    found = list(mine.values_list("person_id", "address"))
    return {person for person, _ in found}, {address for _, address in found if address}


def bounced_addresses(keys: Iterable[str]) -> set[str]:
    """Those of the addresses that a hard bounce bars."""
    rows = Bounce.objects.filter(
        address__in=set(keys) - {""}, kind=Bounce.Kind.HARD, lifted_at=None
    )
    return set(rows.values_list("address", flat=True))


def address_key(address: str) -> str:
    """What is compared of an address."""
    return address.strip().lower()


def main_readers(engagement: Engagement, readers: Sequence[Reader]) -> list[Reader]:
    """Whom a play writes to: the main contacts; where none is named, who of them took part in the
    latest contact that says who did; else the only one."""
    if named := [each for each in readers if each.at.main]:
        return named
    ids = [each.at.person_id for each in readers]
    met = Contact.objects.filter(engagement=engagement, people__in=ids)
    last = met.order_by("-occurred_at", "-id").first()
    if last is not None:
        there = set(last.people.values_list("pk", flat=True))
        return [each for each in readers if each.at.person_id in there]
    return list(readers) if len(readers) == 1 else []
