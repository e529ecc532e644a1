"""The verbs of what comes in: received, assigned, dismissed; calendars connected, feeds made."""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from banso.actions.models import Contact
from banso.base import activity
from banso.base.models import User
from banso.base.outgoing import checked
from banso.base.sealing import seal
from banso.engagements.actions import add_person
from banso.engagements.models import Engagement
from banso.inbound.models import Calendar, Feed, Item, ItemContact, Rule
from banso.inbound.people import PUBLIC_DOMAINS, Found, find
from banso.parties.actions import PersonCard

WAITING, TAKEN = Item.State.WAITING, Item.State.TAKEN
DISMISSED, CANCELLED = Item.State.DISMISSED, Item.State.CANCELLED
CHANNELS = {Item.Kind.MEETING: Contact.Channel.MEETING, Item.Kind.MAIL: Contact.Channel.MAIL}


class Refused(Exception):
    """The verb does not apply; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Incoming:
    """A meeting or a mail as it came; `people` are those outside, as (name, address)."""

    kind: str
    key: str
    occurred_at: datetime
    title: str
    people: Sequence[tuple[str, str]]
    series: str = ""
    text: str = ""
    attachments: Sequence[str] = ()

    @property
    def fingerprint(self) -> str:
        said = [self.occurred_at.isoformat(), self.title, self.text, list(self.people)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


@transaction.atomic
def receive(*, incoming: Incoming, user: User) -> set[int]:
    """Write down what came in, or that it changed; the engagements whose contacts changed.

    The same again changes nothing; a mail that another colleague copied in already neither.
    """
    same = Item.objects.filter(kind=incoming.kind, key=incoming.key)
    mine = same if incoming.kind == Item.Kind.MAIL else same.filter(user=user)
    item = mine.select_for_update(of=("self",)).first()
    if item and (item.fingerprint == incoming.fingerprint or item.kind == Item.Kind.MAIL):
        return reopen(item) if item.state == CANCELLED else set()

    item = item or Item(kind=incoming.kind, key=incoming.key, user=user)
    item.series, item.occurred_at = incoming.series, incoming.occurred_at
    item.title, item.text = incoming.title[:500], incoming.text
    item.people = [{"name": name, "email": email} for name, email in incoming.people]
    item.attachments = list(incoming.attachments)
    item.fingerprint = incoming.fingerprint
    if item.state == CANCELLED:
        item.state = WAITING
    item.save()
    return place(item)


def reopen(item: Item) -> set[int]:
    """A meeting that was called off takes place after all."""
    item.state = WAITING
    item.save(update_fields=["state"])
    return place(item)


def place(item: Item) -> set[int]:
    """Bring the item's contacts in line with what is known of its people now."""
    if item.state == DISMISSED:
        return set()
    emails = [each["email"] for each in item.people]
    found = find(item.user, emails, timezone.localdate(item.occurred_at))
    if found.left_out:
        decide(item, DISMISSED)
        return set()
    return put(item, found)


def put(item: Item, found: Found) -> set[int]:
    there = {
        each.contact.engagement_id: each.contact for each in item.contacts.select_related("contact")
    }
    touched = {
        engagement
        for engagement, people in found.customers.items()
        if write(item, engagement, people, there.get(engagement))
    }
    if item.state == WAITING and found.customers:
        decide(item, TAKEN)
    return touched | correct(item, there.keys() - found.customers.keys())


def correct(item: Item, engagements: Collection[int]) -> set[int]:
    """Contacts that a person assigned stay, and say what the item says now."""
    rows = item.contacts.filter(contact__engagement__in=engagements).select_related("contact")
    return {
        each.contact.engagement_id
        for each in rows
        if write(item, each.contact.engagement_id, frozenset(), each.contact)
    }


def write(item: Item, engagement: int, people: frozenset[int], before: Contact | None) -> bool:
    """Record the contact, or correct what it says; False when nothing is different."""
    wanted = {"occurred_at": item.occurred_at, "summary": summary_of(item)}
    if before and all(getattr(before, name) == value for name, value in wanted.items()):
        return False
    contact = before or Contact(engagement_id=engagement, by=item.user)
    contact.channel = CHANNELS[Item.Kind(item.kind)]
    for name, value in wanted.items():
        setattr(contact, name, value)
    contact.save()
    contact.people.add(*people)
    if before is None:
        ItemContact.objects.create(item=item, contact=contact)
    activity.record(
        "contact.corrected" if before else "contact.recorded",
        actor=item.user,
        engagement_id=engagement,
        subject_id=contact.pk,
        detail={"channel": contact.channel, "people": len(people), "from": item.kind},
    )
    return True


def summary_of(item: Item) -> str:
    """The title, the words, and the names of what was attached."""
    named = " ".join(f"[{name}]" for name in item.attachments)
    return "\n\n".join(part for part in (item.title, item.text, named) if part)


@transaction.atomic
def call_off(*, item: Item) -> set[int]:
    """The meeting did not take place: its contacts go; the engagements concerned."""
    contacts = [each.contact for each in item.contacts.select_related("contact")]
    for contact in contacts:
        number, engagement = contact.pk, contact.engagement_id
        contact.delete()
        activity.record(
            "contact.withdrawn",
            actor=item.user,
            engagement_id=engagement,
            subject_id=number,
            detail={"channel": contact.channel, "from": item.kind},
        )
    if item.state != DISMISSED:
        decide(item, CANCELLED)
    return {contact.engagement_id for contact in contacts}


@transaction.atomic
def assign(
    *,
    item: Item,
    engagement: Engagement,
    by: User,
    create: Collection[str],
    always: Collection[str],
) -> set[int]:
    """The item belongs to that customer. The addresses in `create` become people there; those
    of `always`, or domains, mean that customer from now on. Other waiting items follow the new
    rules. Raises Refused("decided")."""
    locked = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if locked.state != WAITING:
        raise Refused("decided")
    names = {each["email"]: each["name"] for each in locked.people}
    people = {
        add_person(engagement=engagement, card=PersonCard(names[e] or e, e), by=by).pk
        for e in create
        if e in names
    }

    write(locked, engagement.pk, frozenset(people), None)
    decide(locked, TAKEN)
    make_rules(always, engagement, by)
    activity.record("inbound.assigned", actor=by, engagement_id=engagement.pk, subject_id=locked.pk)
    return {engagement.pk} | follow(by)


@transaction.atomic
def dismiss(*, item: Item, by: User, always: Collection[str] = ()) -> None:
    """The item is nobody's; from the addresses in `always` nothing is kept any more. Raises
    Refused("decided")."""
    locked = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if locked.state != WAITING:
        raise Refused("decided")
    decide(locked, DISMISSED)
    make_rules(always, None, by)
    activity.record("inbound.dismissed", actor=by, subject_id=locked.pk)
    follow(by)


def make_rules(addresses: Collection[str], engagement: Engagement | None, by: User) -> None:
    for address in addresses:
        plain = address.strip().lower()[:254]
        if plain and plain not in PUBLIC_DOMAINS:
            words: Mapping[str, object] = {"engagement": engagement, "by": by}
            Rule.objects.update_or_create(address=plain, defaults=dict(words))


def follow(user: User) -> set[int]:
    """Place again what waits for `user`: people and rules may have come since."""
    waiting = Item.objects.filter(user=user, state=WAITING).order_by("-occurred_at")[:500]
    touched: set[int] = set()
    for item in waiting:
        touched |= place(item)
    return touched


def decide(item: Item, state: str) -> None:
    """What is not wanted keeps no words: only that it came."""
    item.state, item.decided_at = state, timezone.now()
    if state == DISMISSED:
        item.title, item.text, item.people, item.attachments = "", "", [], []
    item.save()


@transaction.atomic
def connect_calendar(*, user: User, address: str) -> Calendar:
    """Read the user's calendar from now on. Raises outgoing.Refused for a bad address."""
    plain = address.strip()
    if plain.lower().startswith("webcal://"):
        plain = "https://" + plain[len("webcal://") :]
    host = checked(plain).hostname or ""
    calendar, _ = Calendar.objects.update_or_create(
        user=user,
        defaults={
            "sealed": seal(plain),
            "host": host,
            "checked_at": None,
            "read_at": None,
            "etag": "",
            "problem": "",
        },
    )
    activity.record("calendar.connected", actor=user)
    return calendar


@transaction.atomic
def disconnect_calendar(*, user: User) -> None:
    """Forget the address, and what waits from it; contacts stay."""
    Calendar.objects.filter(user=user).delete()
    Item.objects.filter(user=user, kind=Item.Kind.MEETING, state=WAITING).delete()
    activity.record("calendar.disconnected", actor=user)


@transaction.atomic
def make_feed(*, user: User) -> str:
    """A new secret for the user's own calendar feed; the one before ends. Shown only now."""
    secret = secrets.token_urlsafe(32)
    Feed.objects.filter(user=user).delete()
    Feed.objects.create(user=user, digest=digest_of(secret))
    activity.record("feed.made", actor=user)
    return secret


@transaction.atomic
def revoke_feed(*, user: User) -> None:
    Feed.objects.filter(user=user).delete()
    activity.record("feed.revoked", actor=user)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
