"""Contract rows, and the contract columns of a 顧客台帳, become contracts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import batched
from typing import Any

from banso.engagements.models import Contract, Engagement
from banso.events.batch import CHUNK, Batch
from banso.events.homes import Home
from banso.events.models import ExternalId
from banso.events.rows import Read, bounded

type Known = tuple[Read, ExternalId]

_DATES = ("start_on", "end_on", "notice_on", "outcome_known_on")
_PLAIN = ("currency", "annual_minor", "plan", "seats", "reference")


def create(batch: Batch, reads: Sequence[Read], homes: Mapping[str, Home]) -> None:
    """New contracts."""
    contracts = Contract.objects.bulk_create(
        Contract(engagement_id=homes[r.account].engagement_id, **_fields(r.values)) for r in reads
    )
    batch.made("contract", contracts)
    batch.name_ids("contract", zip(reads, contracts, strict=True), "contract")
    batch.engagements.update(each.engagement_id for each in contracts)
    batch.imported += len(reads)
    note_previous(batch, reads)


def update(batch: Batch, known: Sequence[Known], homes: Mapping[str, Home]) -> None:
    """Contracts of which the file says something else than last time."""
    rows = Contract.objects.in_bulk([each.contract_id for _, each in known])
    for read, each in known:
        contract = rows[each.contract_id]
        wanted = _fields(read.values)
        wanted["engagement_id"] = homes[read.account].engagement_id
        batch.alter("contract", contract, wanted)
        batch.remember(read, each)
        batch.engagements.add(contract.engagement_id)
        batch.imported += 1
    note_previous(batch, [read for read, _ in known])


def take_ledger(batch: Batch, taken: Sequence[tuple[Read, Engagement]]) -> None:
    """The contracts that account rows carry; the rows are counted as accounts."""
    found, homes = [], {}
    for read, engagement in taken:
        terms = dict(read.values.get("contract") or {})
        if terms:
            found.append(Read(read.line, terms.pop("id"), read.account, terms))
            homes[read.account] = Home(engagement.pk, engagement.party_id)
    known = ExternalId.objects.filter(
        source=batch.owner.source_id, kind="contract", value__in=[read.id for read in found]
    )
    ids = {each.value: each for each in known}
    before = batch.imported
    create(batch, [read for read in found if read.id not in ids], homes)
    changed = [(r, ids[r.id]) for r in found if r.id in ids and ids[r.id].digest != r.digest]
    update(batch, changed, homes)
    batch.imported = before


def link(batch: Batch) -> None:
    """Which contract each one follows, where both are in; files name them in whatever order."""
    for some in batched(list(batch.previous.items()), CHUNK):
        named = dict(some)
        rows = ExternalId.objects.filter(
            source=batch.owner.source_id, kind="contract", value__in={*named, *named.values()}
        )
        known = dict(rows.values_list("value", "contract_id"))
        contracts = Contract.objects.in_bulk([known[each] for each in named if each in known])
        for each, previous in some:
            contract, before = contracts.get(known.get(each) or 0), known.get(previous)
            if contract and before and before != contract.pk:
                batch.alter("contract", contract, {"previous_id": before})
                batch.previous.pop(each, None)


def note_previous(batch: Batch, reads: Iterable[Read]) -> None:
    """Remember which contracts rows, or the contracts in a 顧客台帳's rows, say they follow."""
    for read in reads:
        if previous := read.values.get("previous"):
            batch.previous[read.id] = bounded(previous)


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """The contract's fields that the row gives. A contract that runs on has no outcome, also
    where an earlier file said otherwise."""
    found = {name: values[name] for name in _PLAIN if name in values}
    found |= {n: date.fromisoformat(values[n]) for n in _DATES if n in values}
    outcome = values.get("outcome")
    if outcome == "open":
        return found | {"outcome": "", "outcome_known_on": None}
    return found | ({"outcome": outcome} if outcome else {})
