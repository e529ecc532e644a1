"""People rows become a person and the membership in the account's party."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from banso.core.text import key
from banso.events.batch import Batch
from banso.events.homes import Home
from banso.events.models import ExternalId
from banso.events.rows import Read
from banso.parties.actions import PersonCard, create_parties
from banso.parties.models import Membership, Party

type Known = tuple[Read, ExternalId]


def create(batch: Batch, reads: Sequence[Read], homes: Mapping[str, Home]) -> None:
    """New people."""
    people = create_parties([_card(read.values) for read in reads])
    batch.made("party", people)
    batch.name_ids("person", zip(reads, people, strict=True), "party")
    _join(batch, list(zip(reads, people, strict=True)), homes)
    batch.imported += len(reads)


def update(batch: Batch, known: Sequence[Known], homes: Mapping[str, Home]) -> None:
    """People of whom the file says something else than last time."""
    parties = Party.objects.select_related("person").in_bulk([e.party_id for _, e in known])
    taken = []
    for read, each in known:
        party = parties[each.party_id]
        name = read.values["name"]
        reading = {n: read.values[n] for n in ("name_kana",) if n in read.values}
        batch.alter("party", party, {"name": name, "name_key": key(name)} | reading)
        given: dict[str, Any] = {n: read.values[n] for n in ("email", "phone") if n in read.values}
        if given and hasattr(party, "person"):
            batch.alter("person", party.person, given)
        batch.remember(read, each)
        batch.imported += 1
        taken.append((read, party))
    _join(batch, taken, homes)


def _join(batch: Batch, taken: Sequence[tuple[Read, Party]], homes: Mapping[str, Home]) -> None:
    """Each person belongs to their account's party; another account adds a membership."""
    members = Membership.objects.filter(person__in=[party.pk for _, party in taken])
    there = {(each.person_id, each.home_id): each for each in members}
    fresh = []
    for read, party in taken:
        home = homes[read.account]
        batch.engagements.add(home.engagement_id)
        before = there.get((party.pk, home.party_id))
        if before is None:
            row = Membership(person=party, home_id=home.party_id, **_place(read.values))
            there[party.pk, home.party_id] = row
            fresh.append(row)
        else:
            batch.alter("membership", before, _fitting(before, _place(read.values)))
    batch.made("membership", Membership.objects.bulk_create(fresh))


def _place(values: Mapping[str, Any]) -> dict[str, Any]:
    found = {"title": values["title"]} if "title" in values else {}
    since = values.get("first_seen")
    return found | ({"since": date.fromisoformat(since)} if since else {})


def _fitting(before: Membership, wanted: dict[str, Any]) -> dict[str, Any]:
    """Without a first day after the last one a person wrote down."""
    if before.until and wanted.get("since", before.until) > before.until:
        return {name: value for name, value in wanted.items() if name != "since"}
    return wanted


def _card(values: Mapping[str, Any]) -> PersonCard:
    known = {n: values[n] for n in ("email", "phone", "name_kana") if n in values}
    return PersonCard(values["name"], **known)
