"""Taking the rows of an import in, a few hundred to a transaction, so that nobody waits for it.

Each transaction also moves the import's own row on: how many of the rows read are in, and the
counts so far. Where the worker is killed, the next one goes on from there: the file, the choices
and the moment of the confirmation are the same, so the rows read are too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import batched, islice
from typing import Any

from django.db import transaction

from banso.base.pacing import paced
from banso.events import write_contracts
from banso.events.batch import CHUNK, Batch, staff_names
from banso.events.homes import homes_of
from banso.events.models import Import, ImportProblem, Kind
from banso.events.rows import CellProblem, Read
from banso.events.sandbox import Stopped
from banso.events.staging import PROBLEMS_KEPT
from banso.events.taking import foresee, is_first, release, take

type Rows = Callable[[], Iterator[Read]]
type Seen = Callable[[int], bool]

COUNTS = ("imported", "created", "rejected", "on_hold", "duplicates", "conflicts")


def foreseen(owner: Import, rows: Iterable[Read]) -> list[CellProblem]:
    """The rows that the database will find wrong, before anything is changed."""
    batch = Batch(owner, {})
    for chunk in batched(rows, CHUNK):
        foresee(batch, owner.kind, chunk)
    return [each for each in batch.problems if each.code != "conflict"]


def take_all(owner: Import, rows: Rows, seen: Seen) -> set[int]:
    """Take in what is not in yet; the engagements concerned.

    `seen(done)` hears how far it is. Raises Stopped when somebody else has decided otherwise.
    """
    batch = resumed(owner, rows)
    for chunk in paced(islice(rows(), owner.applied, None)):
        take_next(batch, chunk)
        seen(owner.applied)
    finish(batch, rows)
    return batch.engagements


def resumed(owner: Import, rows: Rows) -> Batch:
    """The batch as it was when the last transaction was committed."""
    batch = Batch(owner, staff_names(), **{name: getattr(owner, name) for name in COUNTS})
    for some in batched(islice(rows(), owner.applied), CHUNK):
        homes = homes_of(owner.source_id, {read.account for read in some})
        batch.engagements.update(home.engagement_id for home in homes.values())
        write_contracts.note_previous(batch, contracts_in(owner.kind, some))
        for read in some:
            is_first(batch, read)
    batch.problems.clear()
    for name in COUNTS:
        setattr(batch, name, getattr(owner, name))
    return batch


def contracts_in(kind: str, reads: Sequence[Read]) -> Iterator[Read]:
    """The rows of contracts, or the contracts that rows of a 顧客台帳 carry."""
    for read in reads:
        terms: Mapping[str, Any] = read.values.get("contract") or {}
        if kind == Kind.CONTRACTS:
            yield read
        elif terms:
            yield Read(read.line, terms["id"], read.account, dict(terms))


@transaction.atomic
def take_next(batch: Batch, chunk: Sequence[Read]) -> None:
    """One transaction's share of the rows, with the counts so far."""
    owner = batch.owner
    held(owner)

    take(batch, owner.kind, chunk)

    owner.applied += len(chunk)
    for name in COUNTS:
        setattr(owner, name, getattr(batch, name))
    owner.status, owner.done = Import.Status.APPLYING, owner.applied
    owner.save(update_fields=["status", "applied", "done", *COUNTS])
    note_problems(owner, batch.problems)
    batch.problems.clear()


def held(owner: Import) -> None:
    """Lock the import. Raises Stopped unless it is still ours to go on with."""
    row = Import.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    going_on = row.status in (Import.Status.STAGING, Import.Status.APPLYING)
    if not going_on or row.applied != owner.applied:
        raise Stopped


def note_problems(owner: Import, problems: Iterable[CellProblem]) -> None:
    """Keep what is wrong with rows, as far as there is room for it."""
    found = list(problems)
    room = PROBLEMS_KEPT - owner.problems.count() if found else 0
    ImportProblem.objects.bulk_create(
        [
            ImportProblem(
                owner=owner,
                line=each.line,
                column=each.column[:200],
                code=each.code,
                found=each.found[:80],
                params=dict(each.params),
            )
            for each in found[: max(room, 0)]
        ],
        batch_size=CHUNK,
    )


def finish(batch: Batch, rows: Rows) -> None:
    """What needs the whole file to be in: contracts that follow one another, rows that waited."""
    for some in paced(list(batch.previous.items())):
        part = Batch(batch.owner, batch.staff, previous=dict(some))
        with transaction.atomic():
            held(batch.owner)
            write_contracts.link(part)
            part.write()
    if batch.owner.kind == Kind.ACCOUNTS:
        release(batch, {read.id for read in rows()})
