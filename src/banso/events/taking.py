"""Taking rows in: the same again, a contradiction, on hold, new, or a change."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from banso.base.pacing import paced
from banso.core.text import key
from banso.engagements.models import Engagement
from banso.events import write_accounts, write_contacts, write_contracts, write_people
from banso.events.batch import Batch
from banso.events.homes import Home, homes_of
from banso.events.models import ExternalId, HeldRow, Kind
from banso.events.rows import Read

type Known = tuple[Read, ExternalId]
type Homes = Mapping[str, Home]


@dataclass(frozen=True)
class Writer:
    """How rows of one kind become ours. `id_kind` is that of their outside ids."""

    id_kind: str
    create: Callable[[Batch, Sequence[Read], Homes], None]
    update: Callable[[Batch, Sequence[Known], Homes], None]
    foresee: Callable[[Batch, Sequence[Read]], object] | None = None


# Rooms that know more than this one add the writers of their kinds from AppConfig.ready.
WRITERS: dict[str, Writer] = {
    Kind.ACCOUNTS: Writer("account", write_accounts.create, write_accounts.update),
    Kind.PEOPLE: Writer("person", write_people.create, write_people.update),
    Kind.CONTRACTS: Writer("contract", write_contracts.create, write_contracts.update),
    Kind.CONTACTS: Writer("contact", write_contacts.create, write_contacts.update),
}


def take(batch: Batch, kind: str, chunk: Sequence[Read]) -> None:
    """Apply the next rows of `kind`; call it inside a transaction."""
    writer = WRITERS[kind]
    once = [read for read in chunk if is_first(batch, read)]
    known = _known(batch, writer.id_kind, once)
    told = [read for read in once if not _is_same(batch, read, known)]
    homes: Homes = {}
    if kind != Kind.ACCOUNTS:
        homes = homes_of(batch.owner.source_id, {read.account for read in told})
        told = _with_home(batch, kind, told, homes)
    fresh = [read for read in told if read.id not in known]
    writer.create(batch, fresh, homes)
    batch.created += len(fresh)
    writer.update(batch, [(r, known[r.id]) for r in told if r.id in known], homes)
    batch.write()


def foresee(batch: Batch, kind: str, chunk: Sequence[Read]) -> None:
    """Count in `batch` the rows that only the database can find wrong, and change nothing."""
    once = [read for read in chunk if is_first(batch, read)]
    known = _known(batch, WRITERS[kind].id_kind, once)
    told = [read for read in once if not _is_same(batch, read, known)]
    if kind == Kind.ACCOUNTS:
        write_accounts.foresee(batch, [(r, known[r.id]) for r in told if r.id in known])
        return
    homes = homes_of(batch.owner.source_id, {read.account for read in told})
    at_home, _ = _split(batch, told, homes)
    if look := WRITERS[kind].foresee:
        look(batch, at_home)


def release(batch: Batch, accounts: Collection[str]) -> None:
    """Take the held rows of accounts that have appeared, each for the import it came with."""
    held = _waiting_for(batch.owner.source_id, accounts)
    for kind in (Kind.PEOPLE, Kind.CONTRACTS, Kind.CONTACTS, Kind.MEASUREMENTS):
        of_kind = [row for row in held if row.kind == kind]
        for owner in {row.owner_id: row.owner for row in of_kind}.values():
            own = Batch(owner, batch.staff)
            for some in paced(row for row in of_kind if row.owner_id == owner.pk):
                _release(own, kind, some)
            batch.engagements |= own.engagements


@transaction.atomic
def _release(batch: Batch, kind: str, held: Sequence[HeldRow]) -> None:
    HeldRow.objects.filter(pk__in=[row.pk for row in held]).delete()
    take(batch, kind, [Read(r.line, r.value, r.account, r.row) for r in held])
    write_contracts.link(batch)
    batch.write()


def is_first(batch: Batch, read: Read) -> bool:
    """Whether this id has not been in this file; the first row of an id stays."""
    before = batch.seen.get(read.id)
    if before is None:
        batch.seen[read.id] = (read.digest, read.line)
        return True
    if before[0] == read.digest:
        batch.duplicates += 1
        return False
    batch.conflicts += 1
    batch.note(read, "conflict", first_line=before[1])
    return False


def _known(batch: Batch, id_kind: str, reads: Sequence[Read]) -> dict[str, ExternalId]:
    rows = ExternalId.objects.filter(
        source=batch.owner.source_id, kind=id_kind, value__in=[read.id for read in reads]
    )
    return {row.value: row for row in rows}


def _is_same(batch: Batch, read: Read, known: Mapping[str, ExternalId]) -> bool:
    if read.id not in known or known[read.id].digest != read.digest:
        return False
    batch.duplicates += 1
    return True


def _with_home(batch: Batch, kind: str, reads: Sequence[Read], homes: Homes) -> list[Read]:
    """The rows whose account is known; those of unknown accounts go on hold."""
    at_home, lost = _split(batch, reads, homes)
    _hold(batch, kind, lost)
    return at_home


def _split(batch: Batch, reads: Sequence[Read], homes: Homes) -> tuple[list[Read], list[Read]]:
    """Rows whose account is known and rows whose account is not; ambiguous ones are rejected."""
    at_home, lost = [], []
    for read in reads:
        home = homes.get(read.account)
        if home is None:
            lost.append(read)
        elif home.ambiguous:
            batch.reject(read, "", "ambiguous_account", account=read.account[:80])
        else:
            at_home.append(read)
    return at_home, lost


def _hold(batch: Batch, kind: str, reads: Sequence[Read]) -> None:
    source = batch.owner.source_id
    waiting = HeldRow.objects.filter(source=source, kind=kind, value__in=[r.id for r in reads])
    same = set(waiting.values_list("value", "digest"))
    rows = [
        HeldRow(
            owner=batch.owner,
            source_id=source,
            account=read.account,
            kind=kind,
            value=read.id,
            digest=read.digest,
            line=read.line,
            row=read.values,
        )
        for read in reads
        if (read.id, read.digest) not in same
    ]
    HeldRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["source", "kind", "value"],
        update_fields=["owner", "account", "digest", "line", "row"],
    )
    batch.on_hold += len(rows)
    batch.duplicates += len(reads) - len(rows)


def _waiting_for(source: int, accounts: Collection[str]) -> list[HeldRow]:
    """Held rows whose account is one of these, by id or by the name it now has."""
    engagements = ExternalId.objects.filter(
        source=source, kind=ExternalId.Kind.ACCOUNT, value__in=list(accounts)
    ).values("engagement")
    names = set(
        Engagement.objects.filter(pk__in=engagements).values_list("party__name_key", flat=True)
    )
    held = HeldRow.objects.filter(source=source).order_by("id").select_related("owner")
    return [
        row
        for row in held
        if row.account in accounts or key(row.account, strip_legal_form=True) in names
    ]
