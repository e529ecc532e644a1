"""Taking people out of the lake: what is in goes, and what comes later does not come in.

First the ids are barred, in one transaction with the job that does the rest; from then on no
loader, import or rebuilding can bring an event of theirs. Then all parts that hold any are written
anew and swapped in one transaction, so that no reader sees half of it. What still waits is gone
through too. Killed anywhere, a worker goes on.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.tasks import task
from django.utils import timezone

from banso.base import jobs
from banso.base.activity import record
from banso.base.models import Job, User
from banso.engine.barred import Id, digest_of, holding
from banso.events import manifest
from banso.events.acts import own_source
from banso.events.after import announce
from banso.events.manifest import Stale
from banso.events.models import BarredId, Erasure, ExternalId, LakePart
from banso.events.without import (
    Anew,
    out_of_inbox,
    out_of_previews,
    out_of_staged,
    put_in_place,
    waiting,
    write_anew,
)
from banso.parties.models import Party

TRIES = 5

ALSO: list[Callable[[Collection[Id]], Iterable[Id]]] = []
"""What else the people of these ids were called. Added from AppConfig.ready."""

FORGET: list[Callable[[Collection[Id]], object]] = []
"""Called with the ids in the transaction that bars them: what rooms keep beside the lake goes.
Added from AppConfig.ready."""


@dataclass(frozen=True)
class Found:
    """What there is of somebody in the lake, and how many events wait."""

    ids: Sequence[Id]
    files: int
    events: int
    waiting: int


def ids_of(person: Party) -> list[Id]:
    """What the sources call a person, and call whoever was made one with them."""
    one = _survivor(person)
    everybody = _merged([one])
    rows = ExternalId.objects.filter(kind=ExternalId.Kind.PERSON, party__in=everybody)
    found = set(rows.values_list("source_id", "value"))
    own = own_source().pk
    return with_others({*found, *((own, each.uid) for each in everybody)})


def with_others(ids: Collection[Id]) -> list[Id]:
    """These ids and what else their people were called, until no more are found."""
    found, fresh = set(ids), set(ids)
    while fresh:
        fresh = {other for tell in ALSO for other in tell(fresh)} - found
        found |= fresh
    return sorted(found)


def find(ids: Sequence[Id]) -> Found:
    """What there is of the people of these ids by now."""
    files = holding(manifest.paths(LakePart.objects.order_by("id")), ids)
    return Found(ids, len(files), sum(files.values()), waiting(set(ids)))


def erase(person: Party, by: User | None = None) -> Erasure:
    """Take a person's events out of the lake, now and for good."""
    return erase_ids(ids_of(person), party=_survivor(person), by=by)


def erase_ids(ids: Sequence[Id], party: Party | None = None, by: User | None = None) -> Erasure:
    """Take the events of these ids out now. Where this process dies, a worker goes on."""
    with transaction.atomic():
        erasure = bar(ids, party=party, by=by)
        job = jobs.taken(run_erasure, uid=erasure.uid)
    with jobs.kept(job):
        run_erasure.call(uid=erasure.uid)
    jobs.close(job, Job.Status.DONE)
    erasure.refresh_from_db()
    return erasure


@transaction.atomic
def bar(ids: Sequence[Id], party: Party | None = None, by: User | None = None) -> Erasure:
    """From now on nothing of theirs comes in. Enqueue `run_erasure` with it, in the same
    transaction: it does the rest."""
    manifest.lock()
    erasure = Erasure.objects.create(party=party, by=by, ids=[list(each) for each in ids])
    digests = [digest_of(*each) for each in ids]
    BarredId.objects.bulk_create(
        (BarredId(erasure=erasure, digest=each) for each in digests), ignore_conflicts=True
    )
    for forget in FORGET:
        forget(ids)
    record("erasure.asked", actor=by, subject_id=erasure.pk, detail={"ids": len(ids)})
    return erasure


@task
def run_erasure(*, uid: str) -> None:
    """Go through all there is; doing it again goes on."""
    erasure = Erasure.objects.get(uid=uid)
    ids: list[Id] = [(source, person) for source, person in erasure.ids]
    if erasure.done_at is None:
        mine = Erasure.objects.filter(pk=erasure.pk)
        out_of_inbox(set(ids), lambda events: mine.update(events=F("events") + events))
        _out_of_lake(erasure, ids)
        out_of_staged(ids)
        out_of_previews(ids)
        _close(erasure)


def go_on() -> None:
    """Let a worker finish what nobody is at any more: a job is given up after a few deaths, an
    erasure is not."""
    jobs_of = Job.objects.filter(task=run_erasure.module_path)
    alive = jobs_of.filter(status__in=(Job.Status.READY, Job.Status.RUNNING))
    held = {arguments["uid"] for arguments in alive.values_list("arguments", flat=True)}
    for uid in Erasure.objects.filter(done_at=None).values_list("uid", flat=True):
        if uid not in held:
            run_erasure.enqueue(uid=uid)


def _out_of_lake(erasure: Erasure, ids: Sequence[Id]) -> None:
    for _ in range(TRIES):
        try:
            anew = write_anew(ids)
            with transaction.atomic():
                put_in_place(anew)
                _count(erasure, anew)
        except (Stale, FileNotFoundError):
            continue
        return
    raise Stale


def _count(erasure: Erasure, anew: Anew) -> None:
    mine = Erasure.objects.filter(pk=erasure.pk)
    mine.update(events=F("events") + anew.events, files=F("files") + anew.files)
    if anew.files:
        announce()


@transaction.atomic
def _close(erasure: Erasure) -> None:
    """All is done: nothing remembers the ids any more."""
    row = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure.pk)
    if row.done_at is None:
        row.ids, row.done_at = [], timezone.now()
        row.save(update_fields=["ids", "done_at"])
        detail = {"events": row.events, "files": row.files}
        record("erasure.done", actor=row.by, subject_id=row.pk, detail=detail)


def _survivor(person: Party) -> Party:
    while person.merged_into is not None:
        person = person.merged_into
    return person


def _merged(into: Sequence[Party]) -> list[Party]:
    """These and all that were merged into them."""
    found, fresh = list(into), list(into)
    while fresh:
        fresh = list(Party.objects.filter(merged_into__in=fresh))
        found += fresh
    return found
