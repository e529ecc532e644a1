"""Account rows become a party, its engagement and, from a 顧客台帳, its contract and contact."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Model

from banso.core.headers import normalise
from banso.core.text import key
from banso.engagements.after import opened
from banso.engagements.models import Engagement
from banso.events import write_contacts, write_contracts
from banso.events.batch import Batch, folded
from banso.events.homes import Home
from banso.events.models import ExternalId
from banso.events.rows import Read
from banso.events.words import PARTY
from banso.parties.actions import (
    ORGANIZATION_FIELDS,
    Card,
    OrganizationCard,
    PersonCard,
    create_parties,
)
from banso.parties.models import Party

type Known = tuple[Read, ExternalId]


def create(batch: Batch, reads: Sequence[Read], homes: Mapping[str, Home]) -> None:
    """New accounts."""
    parties = create_parties([_card(read.values) for read in reads])
    engagements = Engagement.objects.bulk_create(
        Engagement(party=party, **_relation(batch, read.values))
        for read, party in zip(reads, parties, strict=True)
    )
    batch.made("party", parties)
    batch.made("engagement", engagements)
    opened([each.pk for each in engagements])
    batch.name_ids("account", zip(reads, engagements, strict=True), "engagement")
    batch.imported += len(reads)
    _take_rest(batch, list(zip(reads, engagements, strict=True)))


def update(batch: Batch, known: Sequence[Known], homes: Mapping[str, Home]) -> None:
    """Accounts that say something else than last time; an empty cell leaves ours as it is."""
    rows = Engagement.objects.select_related("party__organization").in_bulk(
        [each.engagement_id for _, each in known]
    )
    survivors = set(
        Party.objects.filter(merged_into__in=[row.party_id for row in rows.values()]).values_list(
            "merged_into", flat=True
        )
    )
    taken = []
    for read, each in known:
        engagement = rows[each.engagement_id]
        if _refused(batch, read, engagement):
            continue
        _alter(batch, engagement, read.values, only_gaps=engagement.party_id in survivors)
        batch.remember(read, each)
        batch.imported += 1
        taken.append((read, engagement))
    _take_rest(batch, taken)


def foresee(batch: Batch, known: Sequence[Known]) -> None:
    """Reject what `update` would, and change nothing."""
    rows = Engagement.objects.in_bulk([each.engagement_id for _, each in known])
    for read, each in known:
        _refused(batch, read, rows[each.engagement_id])


def _refused(batch: Batch, read: Read, engagement: Engagement) -> bool:
    started = read.values.get("created_at")
    late = bool(engagement.ended_on and started and started > engagement.ended_on.isoformat())
    if late:
        batch.reject(read, "created_at", "ends_before_start")
    return late


def _alter(
    batch: Batch, engagement: Engagement, values: Mapping[str, Any], *, only_gaps: bool
) -> None:
    """What the row gives; of a customer made one from several, name and master data were chosen
    by a person, so a source only fills what is empty."""
    wanted = _relation(batch, values)
    if wanted.get("owner_name") == engagement.owner_name:
        wanted.pop("owner_id", None)
    batch.alter("engagement", engagement, wanted)
    party = engagement.party
    is_organization = party.kind == Party.Kind.ORGANIZATION
    name_key = key(values["name"], strip_legal_form=is_organization)
    wanted = {"name": values["name"], "name_key": name_key}
    for table, row, given in (
        ("party", party, wanted | _given(values, "name_kana")),
        (
            "organization",
            getattr(party, "organization", None),
            _given(values, *ORGANIZATION_FIELDS),
        ),
    ):
        if row is not None:
            batch.alter(table, row, _gaps(row, given) if only_gaps else given)


def _gaps(row: Model, given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if not getattr(row, name)}


def _take_rest(batch: Batch, taken: Sequence[tuple[Read, Engagement]]) -> None:
    batch.engagements.update(engagement.pk for _, engagement in taken)
    write_contracts.take_ledger(batch, taken)
    write_contacts.take_last(batch, taken)


def _card(values: Mapping[str, Any]) -> Card:
    kind = values.get("kind") or PARTY.get(normalise(values.get("segment")))
    if kind == Party.Kind.PERSON:
        return PersonCard(**_given(values, "name", "name_kana", "phone"))
    return OrganizationCard(**_given(values, "name", "name_kana", *ORGANIZATION_FIELDS))


def _given(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def _relation(batch: Batch, values: Mapping[str, Any]) -> dict[str, Any]:
    """The engagement's fields that the row gives."""
    found: dict[str, Any] = {n: values[n] for n in ("segment", "touch") if n in values}
    if started := values.get("created_at"):
        found["started_on"] = date.fromisoformat(started)
    if owner := values.get("owner"):
        found |= {"owner_name": owner, "owner_id": batch.staff.get(folded(owner))}
    return found
