"""What an import changed, in words people know: whose, which field, before and after."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from banso.base.models import User
from banso.engagements.access import hidden_from
from banso.engagements.models import Contract, Engagement
from banso.events.labels import FIELD_LABELS
from banso.events.models import ExternalId, Import, ImportChange, MissingRow
from banso.parties.models import Membership, Party

type Text = str | Promise

_ACCOUNT, _PERSON, _CONTRACT = (FIELD_LABELS[k] for k in ("accounts", "people", "contracts"))
LABELS: Mapping[tuple[str, str], Text] = {
    ("party", "name"): pgettext_lazy("of a company or person", "Name"),
    ("engagement", "segment"): _ACCOUNT["segment"],
    ("engagement", "touch"): _ACCOUNT["touch"],
    ("engagement", "owner_name"): _ACCOUNT["owner"],
    ("engagement", "started_on"): _ACCOUNT["created_at"],
    **{
        ("organization", name): _ACCOUNT[name]
        for name in ("industry", "region", "domain", "phone", "postal_code", "address")
    },
    ("person", "email"): _PERSON["email"],
    ("person", "phone"): _PERSON["phone"],
    ("membership", "title"): _PERSON["title"],
    ("membership", "since"): _PERSON["first_seen"],
    ("contract", "start_on"): _CONTRACT["start_date"],
    ("contract", "end_on"): _CONTRACT["end_date"],
    ("contract", "notice_on"): _CONTRACT["notice_date"],
    ("contract", "plan"): _CONTRACT["plan"],
    ("contract", "seats"): _CONTRACT["seats"],
    ("contract", "annual_minor"): _CONTRACT["annual_amount"],
    ("contract", "currency"): _CONTRACT["currency"],
    ("contract", "reference"): _CONTRACT["contract_id"],
    ("contract", "outcome"): _CONTRACT["status"],
    ("contract", "outcome_known_on"): _CONTRACT["outcome_known_on"],
}
CHUNK = 500


@dataclass(frozen=True)
class Subject:
    """Whose row it is; `uid` leads to the customer, "" where there is none."""

    name: str
    uid: str
    engagement_id: int | None


@dataclass(frozen=True)
class Difference:
    """One field that an import changed."""

    subject: Subject
    field: Text
    before: str
    after: str


@dataclass(frozen=True)
class Gone:
    """A row that the last file had and this one has not."""

    row: MissingRow
    subject: Subject


def differences(user: User, owner: Import) -> Iterator[Difference]:
    """What the import changed, in its order, as far as `user` may read whose it is."""
    hidden = hidden_from(user)
    changes = owner.changes.exclude(before__isnull=True).exclude(table="external_id")
    for some in batched(changes.order_by("id").iterator(CHUNK), CHUNK):
        subjects = subjects_of(some)
        for each in some:
            subject = subjects.get((each.table, each.row), Subject("", "", None))
            if subject.engagement_id not in hidden:
                yield from fields_of(each, subject)


def fields_of(change: ImportChange, subject: Subject) -> Iterator[Difference]:
    for name, before in (change.before or {}).items():
        label = LABELS.get((change.table, name))
        if label:
            yield Difference(subject, label, plain(before), plain(change.after.get(name)))


def plain(value: Any) -> str:
    return "" if value is None else str(value)


def subjects_of(changes: Collection[ImportChange]) -> dict[tuple[str, int], Subject]:
    """Whose row each change is, in a fixed number of statements."""
    rows: dict[str, set[int]] = defaultdict(set)
    for each in changes:
        rows[each.table].add(each.row)
    parties = rows["party"] | rows["organization"] | rows["person"]
    homes = dict(
        Membership.objects.filter(pk__in=rows["membership"]).values_list("pk", "person_id")
    )
    people = of_parties(parties | set(homes.values()))
    found = {("engagement", pk): each for pk, each in of_engagements(rows["engagement"]).items()}
    found |= {("contract", pk): each for pk, each in of_contracts(rows["contract"]).items()}
    found |= {
        (table, pk): people[pk]
        for table in ("party", "organization", "person")
        for pk in rows[table]
        if pk in people
    }
    return found | {("membership", pk): people[p] for pk, p in homes.items() if p in people}


def of_engagements(ids: Collection[int]) -> dict[int, Subject]:
    rows = Engagement.objects.filter(pk__in=ids).values_list("pk", "party__name", "uid")
    return {pk: Subject(name, uid, pk) for pk, name, uid in rows}


def of_contracts(ids: Collection[int]) -> dict[int, Subject]:
    rows = Contract.objects.filter(pk__in=ids).values_list(
        "pk", "engagement__party__name", "engagement__uid", "engagement_id", "reference"
    )
    return {
        pk: Subject(f"{name} {reference}".strip(), uid, engagement)
        for pk, name, uid, engagement, reference in rows
    }


def of_parties(ids: Collection[int]) -> dict[int, Subject]:
    """Organizations by their own engagement, people by the one of their home."""
    names = dict(Party.objects.filter(pk__in=ids).values_list("pk", "name"))
    own = Engagement.objects.filter(party__in=ids).values_list("party_id", "uid", "pk")
    members = Engagement.objects.filter(party__members__person__in=ids)
    theirs = members.values_list("party__members__person_id", "uid", "pk")
    places = {party: (uid, pk) for party, uid, pk in [*theirs, *own]}
    return {pk: Subject(name, *places.get(pk, ("", None))) for pk, name in names.items()}


def gone_of(user: User, owner: Import, rows: QuerySet[MissingRow]) -> Sequence[Gone]:
    """The rows missing from the file with whose they are, as far as `user` may read it."""
    found = list(rows)
    hidden = hidden_from(user)
    names = ExternalId.objects.filter(
        source=owner.source_id, value__in=[row.value for row in found]
    ).exclude(kind=ExternalId.Kind.CONTACT)
    pairs = {each.value: each for each in names if of_kind(each, owner.kind)}
    engagements = of_engagements([e.engagement_id for e in pairs.values() if e.engagement_id])
    parties = of_parties([e.party_id for e in pairs.values() if e.party_id])
    contracts = of_contracts([e.contract_id for e in pairs.values() if e.contract_id])
    gone = []
    for row in found:
        each = pairs.get(row.value)
        subject = each and (
            engagements.get(each.engagement_id or 0)
            or parties.get(each.party_id or 0)
            or contracts.get(each.contract_id or 0)
        )
        if subject is None or subject.engagement_id not in hidden:
            gone.append(Gone(row, subject or Subject(row.value, "", None)))
    return gone


def of_kind(each: ExternalId, kind: str) -> bool:
    """Whether an outside id is one of rows of that kind of file."""
    return {"accounts": "account", "people": "person", "contracts": "contract"}[kind] == each.kind
