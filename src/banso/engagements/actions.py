"""What people decide about a relationship and its contracts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from banso.base import search
from banso.base.activity import record
from banso.base.models import User
from banso.base.notices import notify, withdraw
from banso.engagements.access import readers_of
from banso.engagements.after import opened, regrouped
from banso.engagements.models import Contract, Engagement, EngagementReader, ExchangeRate
from banso.parties.actions import (
    Belonging,
    Card,
    PersonCard,
    create_parties,
    join,
    update_parties,
)
from banso.parties.models import Membership, Party, Person


@dataclass(frozen=True)
class Place:
    """What somebody is at a customer's, whether one writes to them first, what they read."""

    title: str
    main: bool
    language: str


@dataclass(frozen=True)
class ContractSheet:
    """A contract as it is typed; money in the currency's minor unit."""

    start_on: date
    end_on: date
    currency: str
    notice_on: date | None = None
    reference: str = ""
    plan: str = ""
    seats: int | None = None
    annual_minor: int | None = None
    outcome: str = ""
    outcome_known_on: date | None = None


@transaction.atomic
def add_engagement(
    *,
    party: Party,
    by: User | None,
    owner: User | None = None,
    segment: str = "",
    touch: str = Engagement.Touch.LOW,
    started_on: date | None = None,
) -> Engagement:
    """Begin to run alongside a party; one engagement of a kind each (IntegrityError)."""
    engagement = Engagement.objects.create(
        party=party,
        owner=owner,
        owner_name=owner.name if owner else "",
        segment=segment,
        touch=touch,
        started_on=started_on,
    )
    index_engagements([engagement.pk])
    opened([engagement.pk])
    record("engagement.added", actor=by, engagement_id=engagement.pk)
    return engagement


@transaction.atomic
def assign_owner(*, engagement: Engagement, owner: User | None, by: User | None) -> bool:
    """`owner` looks after the engagement from now on; False when they already did."""
    locked = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    before = locked.owner_id

    if before == (owner.pk if owner else None):
        return False

    locked.owner, locked.owner_name = owner, owner.name if owner else ""
    locked.save(update_fields=["owner", "owner_name"])
    engagement.owner, engagement.owner_name = locked.owner, locked.owner_name
    regrouped([engagement.pk])
    detail = {"from": before, "to": locked.owner_id}
    record("owner.assigned", actor=by, engagement_id=engagement.pk, detail=detail)
    readable = readers_of(engagement.pk)
    withdraw_unless(locked, readable)
    told = {before, locked.owner_id} & readable
    notify("owner.assigned", told, actor=by, engagement_id=engagement.pk, detail=detail)
    return True


@transaction.atomic
def sort_into(*, engagement: Engagement, segment: str, touch: str, by: User | None) -> bool:
    """Put the engagement into a segment and a touch (high, low, tech); False if it was there."""
    locked = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)

    if (locked.segment, locked.touch) == (segment, touch):
        return False

    locked.segment, locked.touch = segment, touch
    locked.save(update_fields=["segment", "touch"])
    engagement.segment, engagement.touch = segment, touch
    regrouped([engagement.pk])
    record("engagement.sorted", actor=by, engagement_id=engagement.pk, detail={"touch": touch})
    return True


@transaction.atomic
def end_engagement(*, engagement: Engagement, on: date, by: User | None) -> None:
    """The engagement is over from `on`: it leaves every list of that day and later."""
    _set_end(engagement, on)
    detail = {"on": on.isoformat()}
    record("engagement.ended", actor=by, engagement_id=engagement.pk, detail=detail)


@transaction.atomic
def resume_engagement(*, engagement: Engagement, by: User | None) -> None:
    """The engagement goes on after all."""
    _set_end(engagement, None)
    record("engagement.resumed", actor=by, engagement_id=engagement.pk)


@transaction.atomic
def restrict(
    *, engagement: Engagement, reason: str, readers: Collection[User], by: User
) -> list[int]:
    """Only its owner, administrators and `readers` read the engagement from now on; returns the
    ids of the readers named. Whoever restricts stays a reader."""
    locked = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)

    named = {each.pk for each in readers} | {by.pk}

    locked.restricted, locked.restricted_reason = True, reason
    locked.save(update_fields=["restricted", "restricted_reason"])
    engagement.restricted, engagement.restricted_reason = True, reason
    EngagementReader.objects.filter(engagement=locked).exclude(user__in=named).delete()
    EngagementReader.objects.bulk_create(
        [EngagementReader(engagement=locked, user_id=each, named_by=by) for each in sorted(named)],
        ignore_conflicts=True,
    )
    withdraw_unless(locked, readers_of(engagement.pk))
    detail = {"readers": sorted(named)}
    record("engagement.restricted", actor=by, engagement_id=engagement.pk, detail=detail)
    return sorted(named)


@transaction.atomic
def open_up(*, engagement: Engagement, by: User) -> bool:
    """Every colleague reads the engagement again; False when they did already."""
    locked = Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)

    if not locked.restricted:
        return False

    locked.restricted, locked.restricted_reason = False, ""
    locked.save(update_fields=["restricted", "restricted_reason"])
    engagement.restricted, engagement.restricted_reason = False, ""
    locked.readers.all().delete()
    record("engagement.opened", actor=by, engagement_id=engagement.pk)
    return True


@transaction.atomic
def add_contract(*, engagement: Engagement, sheet: ContractSheet, by: User | None) -> Contract:
    """Write down a contract of the engagement."""
    contract = Contract.objects.create(engagement=engagement, **vars(sheet))
    record("contract.added", actor=by, engagement_id=engagement.pk, subject_id=contract.pk)
    return contract


@transaction.atomic
def change_contract(*, contract: Contract, sheet: ContractSheet, by: User | None) -> list[str]:
    """Correct a contract; returns the names of the fields that changed."""
    wanted = vars(sheet)

    changed = [name for name, value in wanted.items() if getattr(contract, name) != value]
    if not changed:
        return []

    for name in changed:
        setattr(contract, name, wanted[name])
    contract.save(update_fields=changed)
    record(
        "contract.changed",
        actor=by,
        engagement_id=contract.engagement_id,
        subject_id=contract.pk,
        detail={"fields": changed},
    )
    return changed


@transaction.atomic
def add_person(
    *, engagement: Engagement, card: PersonCard, by: User | None, title: str = ""
) -> Party:
    """Write down somebody at the customer's."""
    [person] = create_parties([card])
    join([Belonging(person.pk, engagement.party_id, title)])
    record("person.added", actor=by, engagement_id=engagement.pk, subject_id=person.pk)
    return person


@transaction.atomic
def correct_record(*, engagement: Engagement, card: Card, by: User | None) -> None:
    """Put the card in the place of what was known of the customer itself."""
    update_parties({engagement.party_id: card})
    index_engagements([engagement.pk])
    regrouped([engagement.pk])
    record("party.corrected", actor=by, engagement_id=engagement.pk, subject_id=engagement.party_id)


@transaction.atomic
def correct_person(
    *, engagement: Engagement, membership: Membership, card: Card, place: Place, by: User | None
) -> None:
    """Put the card in the place of what was known of somebody at the customer's."""
    update_parties({membership.person_id: card})
    Membership.objects.filter(pk=membership.pk).update(title=place.title, main=place.main)
    Person.objects.filter(party=membership.person_id).update(language=place.language)
    record(
        "person.corrected", actor=by, engagement_id=engagement.pk, subject_id=membership.person_id
    )


@transaction.atomic
def set_rate(*, currency: str, since: date, rate: Decimal, by: User | None) -> ExchangeRate:
    """From `since`, one unit of `currency` is worth `rate` units of the workspace's currency."""
    written, _ = ExchangeRate.objects.update_or_create(
        currency=currency, since=since, defaults={"rate": rate}
    )
    detail = {"currency": currency, "since": since.isoformat()}
    record("exchange_rate.set", actor=by, subject_id=written.pk, detail=detail)
    return written


def index_engagements(engagement_ids: list[int]) -> None:
    """Make engagements findable (kind "engagement") by party, segment, region, trade, owner."""
    rows = Engagement.objects.filter(pk__in=engagement_ids).values_list(
        "pk",
        "party__name",
        "segment",
        "party__organization__region",
        "party__organization__industry",
        "owner_name",
        "owner__name",
    )
    search.index("engagement", [(pk, " ".join(filter(None, words))) for pk, *words in rows])


def _set_end(engagement: Engagement, on: date | None) -> None:
    engagement.ended_on = on
    engagement.save(update_fields=["ended_on"])


def withdraw_unless(engagement: Engagement, readable: Collection[int]) -> None:
    """Whoever may not read a restricted engagement keeps no notification of it."""
    if engagement.restricted:
        withdraw(engagement.pk, readable)
