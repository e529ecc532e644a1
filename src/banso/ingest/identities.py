"""Accounts and people that a product tells of, and our rows for them.

A trait fills what is empty and changes what the product itself wrote before; what a person or
a file wrote stays. Erased and merged rows are left alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, Model, OuterRef

from banso.base.activity import record
from banso.base.models import User
from banso.core.text import key
from banso.engagements.actions import add_engagement, add_person, index_engagements
from banso.engagements.after import regrouped
from banso.engagements.models import Engagement
from banso.events.models import ExternalId, Source
from banso.events.rows import bounded
from banso.ingest.calls import ANONYMOUS, Seen
from banso.ingest.models import Rules, Subject, Telling, Tie
from banso.parties.actions import OrganizationCard, PersonCard, create_parties
from banso.parties.models import Membership, Organization, Party, Person

ACCOUNT, PERSON = Subject.Kind.ACCOUNT, Subject.Kind.PERSON
ORGANIZATION, PERSON_FIELDS = ("industry", "domain", "phone"), ("email", "phone")
HELD, LEFT, OPEN = Subject.State.HELD, Subject.State.LEFT, Subject.State.OPEN


class NeedsPerson(Exception):
    """The call would make one of two who are known apart; only a person may do that."""


def tie(source: Source, said: str, person: str, *, public: bool, at: datetime) -> None:
    """`said` is this person. A visitor is tied once, and by a public key to somebody who is not
    known yet only; raises NeedsPerson where that does not hold."""
    if row_of(source, PERSON, said) is not None:
        raise NeedsPerson
    visitor = visitor_of(said)
    before = Tie.objects.filter(source=source, visitor=visitor).first()
    if before is not None:
        if before.person != person:
            raise NeedsPerson
        return
    known = row_of(source, PERSON, person)
    if public and known is not None:
        raise NeedsPerson
    Tie.objects.create(source=source, visitor=visitor, person=person, told_at=at)
    claim_visitors(source, person, known.party_id if known else None)


def visitor_of(said: str) -> str:
    """What the lake calls a visitor."""
    return said if said.startswith(ANONYMOUS) else bounded(ANONYMOUS + said)


def claim_visitors(source: Source, person: str, party_id: int | None) -> None:
    """The visitors a person was are counted as that person, now that our row is known."""
    if party_id is None:
        return
    for visitor in Tie.objects.filter(source=source, person=person).values_list("visitor"):
        ExternalId.objects.get_or_create(
            source=source, kind=PERSON, value=visitor[0], defaults={"party_id": party_id}
        )


def claim_all_visitors() -> None:
    """The same for everybody, once people have come in another way."""
    known = ExternalId.objects.filter(source=OuterRef("source"), kind=PERSON)
    waiting = Tie.objects.filter(
        Exists(known.filter(value=OuterRef("person"))),
        ~Exists(known.filter(value=OuterRef("visitor"))),
    )
    for each in waiting.select_related("source"):
        row = row_of(each.source, PERSON, each.person)
        claim_visitors(each.source, each.person, row.party_id if row else None)


def row_of(source: Source, kind: str, value: str) -> ExternalId | None:
    return ExternalId.objects.filter(source=source, kind=kind, value=value).first()


def heard(source: Source, kind: str, value: str, seen: Seen, telling: Telling) -> Subject:
    """Remember what was told last of somebody; a trait that is not told again stays."""
    found, _ = Subject.objects.get_or_create(source=source, kind=kind, value=value)
    found.traits = found.traits | dict(seen.traits)
    found.told_at = telling.at
    if kind == PERSON and seen.account:
        found.account = seen.account
    found.save(update_fields=["traits", "told_at", "account"])
    return found


def bring_in(rules: Rules, subject: Subject) -> set[int]:
    """Update our row, or make one where the rules say so; the engagements that changed."""
    rule = rules.accounts if subject.kind == ACCOUNT else rules.people
    row = row_of(subject.source, subject.kind, subject.value)
    if row is not None:
        settled(subject, OPEN)
        return refresh(subject, row)
    if rule == Rules.Rule.CREATE and can_be_made(subject):
        return make(rules, subject)
    if rule != Rules.Rule.KNOWN and subject.state != LEFT:
        settled(subject, HELD)
    return set()


def settled(subject: Subject, state: Subject.State) -> None:
    if subject.state != state:
        subject.state = state
        subject.save(update_fields=["state"])


def can_be_made(subject: Subject) -> bool:
    """Not what somebody left out; a person needs a customer to belong to."""
    if subject.state == LEFT:
        return False
    return subject.kind == ACCOUNT or home_of(subject) is not None


def home_of(subject: Subject) -> Engagement | None:
    """The customer that a person was last grouped with."""
    row = row_of(subject.source, ACCOUNT, subject.account) if subject.account else None
    return row.engagement if row else None


def make(rules: Rules, subject: Subject, by: User | None = None) -> set[int]:
    """Our row for an account or a person that nobody had; an account's people follow."""
    if subject.kind == PERSON:
        return {make_person(subject, by)}
    return {make_account(subject, by)} | bring_people(rules, subject)


def bring_people(rules: Rules, account: Subject) -> set[int]:
    """The people that were told of before their account was known."""
    people = Subject.objects.filter(source=account.source, kind=PERSON, account=account.value)
    touched: set[int] = set()
    for person in people.exclude(told_at=None):
        touched |= bring_in(rules, person)
    return touched


def make_account(subject: Subject, by: User | None) -> int:
    told = subject.traits
    details = {name: told.get(name, "") for name in ORGANIZATION}
    [party] = create_parties([OrganizationCard(told.get("name", subject.value), **details)])
    engagement = add_engagement(party=party, by=by)
    ids = {"source": subject.source, "kind": ACCOUNT, "value": subject.value}
    ExternalId.objects.create(**ids, engagement=engagement)
    wrote(subject, {"name": party.name})
    return engagement.pk


def make_person(subject: Subject, by: User | None) -> int:
    home = home_of(subject)
    if home is None:
        raise NeedsPerson
    told = subject.traits
    name = told.get("name") or told.get("email") or subject.value
    card = PersonCard(name, email=told.get("email", ""), phone=told.get("phone", ""))
    party = add_person(engagement=home, card=card, by=by, title=told.get("title", ""))
    ids = {"source": subject.source, "kind": PERSON, "value": subject.value}
    ExternalId.objects.create(**ids, party=party)
    claim_visitors(subject.source, subject.value, party.pk)
    wrote(subject, {"name": name})
    return home.pk


def wrote(subject: Subject, more: Mapping[str, str]) -> None:
    """Remember what came from the product, to change it when the product does."""
    subject.written, subject.state = dict(subject.traits) | dict(more), OPEN
    subject.save(update_fields=["written", "state"])


def refresh(subject: Subject, row: ExternalId) -> set[int]:
    """Bring our row up to what was told; the engagements that changed."""
    if subject.kind == ACCOUNT:
        return refresh_account(subject, row)
    return refresh_person(subject, row)


def refresh_account(subject: Subject, row: ExternalId) -> set[int]:
    engagement = row.engagement
    if engagement is None or gone(engagement.party):
        return set()
    party = engagement.party
    changed = rename(subject, party)
    organization = Organization.objects.filter(party=party).first()
    if organization is not None:
        changed |= fill(subject, organization, ORGANIZATION)
    if not changed:
        return set()
    wrote(subject, {})
    index_engagements([engagement.pk])
    regrouped([engagement.pk])
    detail = {"source": subject.source_id, "fields": sorted(changed)}
    record("party.told", actor=None, engagement_id=engagement.pk, detail=detail)
    return {engagement.pk}


def refresh_person(subject: Subject, row: ExternalId) -> set[int]:
    party = row.party
    if party is None or gone(party):
        return set()
    claim_visitors(subject.source, subject.value, party.pk)
    changed = rename(subject, party)
    person = Person.objects.filter(party=party).first()
    if person is not None:
        changed |= fill(subject, person, PERSON_FIELDS)
    home = home_of(subject)
    if home is not None:
        changed |= belong(subject, party, home)
    if not changed:
        return set()
    wrote(subject, {})
    detail = {"source": subject.source_id, "fields": sorted(changed)}
    home_id = home.pk if home else None
    record("person.told", actor=None, engagement_id=home_id, subject_id=party.pk, detail=detail)
    return {home.pk} if home else set()


def gone(party: Party) -> bool:
    return party.erased_at is not None or party.merged_into_id is not None


def rename(subject: Subject, party: Party) -> set[str]:
    changed = fill(subject, party, ("name",))
    if changed:
        is_organization = party.kind == Party.Kind.ORGANIZATION
        party.name_key = key(party.name, strip_legal_form=is_organization)
        party.save(update_fields=["name_key"])
    return changed


def fill(subject: Subject, row: Model, names: Sequence[str]) -> set[str]:
    """Write the traits that are told, where ours is empty or came from the product."""
    changed = set()
    for name in names:
        told, ours = subject.traits.get(name, ""), getattr(row, name)
        if told and told != ours and ours in ("", subject.written.get(name)):
            setattr(row, name, told)
            changed.add(name)
    if changed:
        row.save(update_fields=sorted(changed))
    return changed


def belong(subject: Subject, party: Party, home: Engagement) -> set[str]:
    """The person belongs to the account they were grouped with; elsewhere they stay as well."""
    member, made = Membership.objects.get_or_create(person=party, home=home.party)
    return fill(subject, member, ("title",)) | ({"home"} if made else set())
