"""Who of a customer may be written to, who not and why, and in which language."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, Value

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
    """The people who are at the customer now, by name; two statements."""
    people = people_of([engagement.party_id], today or local_today())
    usual = workspace().language
    found = people.get(engagement.party_id, [])
    return judged([Reader(each, each.language or usual) for each in found])


def judged(readers: Sequence[Reader]) -> list[Reader]:
    """Each with why nothing is sent to them; one statement."""
    people = {each.at.person_id for each in readers}
    addresses = {address_key(each.address) for each in readers} - {""}
    said = OptOut.objects.filter(ended_at=None)
    mine = said.filter(Q(person__in=people) | Q(address__in=addresses))
    gone = Bounce.objects.filter(address__in=addresses, kind=Bounce.Kind.HARD, lifted_at=None)
    found = set(
        mine.values_list("person_id", "address", Value("unsubscribed")).union(
            gone.values_list(Value(0), "address", Value("bounced"))
        )
    )
    return [replace(each, barred=bar(each, found)) for each in readers]


def bar(reader: Reader, found: Collection[tuple[int, str, str]]) -> str:
    """The first reason there is; what they said before what their mail server says."""
    key = address_key(reader.address)
    mine = {why for person, at, why in found if person == reader.at.person_id or at == key != ""}
    if "unsubscribed" in mine:
        return "unsubscribed"
    return "bounced" if "bounced" in mine else "" if "@" in key else "no_address"


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
