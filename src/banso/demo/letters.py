"""Mail of the demo's year: whom plays write to, and that what they wrote goes out at its time. No
server is asked, and the addresses are of a domain that has none."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.core.mail.backends.dummy import EmailBackend

from banso.demo.house import FIRST_HOUR, FORTNIGHT, Act, House
from banso.engagements.actions import Place, correct_person
from banso.engagements.models import Engagement
from banso.messages.models import Message
from banso.messages.outbox import deliver
from banso.parties.actions import PersonCard
from banso.parties.models import Membership


def name_main_contacts(house: House) -> None:
    """Of those who have no person of their own, the first of the list."""
    rows = Engagement.objects.filter(touch=Engagement.Touch.TECH).order_by("pk")
    for engagement in rows:
        there = Membership.objects.filter(home=engagement.party_id, person__erased_at=None)
        if first := there.select_related("person__person").order_by("pk").first():
            correct_person(
                engagement=engagement,
                membership=first,
                card=card_of(first),
                place=Place(first.title, True, house.language),
                by=house.boss,
            )


def card_of(membership: Membership) -> PersonCard:
    party, person = membership.person, membership.person.person
    return PersonCard(party.name, person.email, person.phone, party.name_kana)


def going_out(house: House, day: date) -> Iterator[Act]:
    """What waits is sent in the working hours of the two weeks after a night."""
    end, nine = house.clock.at(day + timedelta(weeks=FORTNIGHT), 0), house.clock.at(day, FIRST_HOUR)
    due = Message.objects.filter(state=Message.State.WAITING, next_at__lt=end).order_by("pk")
    for row in due:
        if row.next_at is not None:
            yield Act(max(row.next_at, nine), partial(deliver, row.pk, EmailBackend()))
