"""Carrying an import out: the child reads the file, then all of it comes in, or nothing."""

import json
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from banso.base import jobs
from banso.base.activity import record
from banso.base.planner import refresh_statistics
from banso.base.workspace import workspace
from banso.engine.lake import PartResult, touched_months
from banso.events import parts, sandbox
from banso.events.after import announce
from banso.events.batch import CHUNK, Batch, staff_names
from banso.events.homes import homes_of
from banso.events.models import ExternalId, Import, ImportProblem, Kind
from banso.events.rows import CellProblem, Read, Setting
from banso.events.search import index_customers
from banso.events.staging import PROBLEMS_KEPT, Order
from banso.events.table import Choice
from banso.events.taking import release, take

PAUSE = 0.5
TRIES = 5


class BadRows(Exception):
    """Rows that only the database could find wrong; the transaction is rolled back."""

    def __init__(self, problems: list[CellProblem], built: parts.Built) -> None:
        super().__init__(len(problems))
        self.problems = problems
        self.built = built


@dataclass(frozen=True)
class Staged:
    """What the child left behind, and where."""

    folder: Path
    found: Mapping[str, Any]

    @property
    def events(self) -> Path:
        return self.folder / "events.parquet"

    def reads(self) -> Iterator[Read]:
        with (self.folder / "rows").open(encoding="utf-8") as lines:
            for line in lines:
                plain = json.loads(line)
                yield Read(plain["line"], plain["id"], plain["account"], plain["values"])

    def problems(self) -> list[CellProblem]:
        with (self.folder / "problems").open(encoding="utf-8") as lines:
            return [CellProblem(**json.loads(line)) for line in lines]


def carry_out(owner: Import, path: Path, *, watch: sandbox.Progress = lambda *_: True) -> None:
    """Read the file at `path` and apply it; the import ends as done, refused or cancelled.

    Doing it again after a crash is harmless: an import is applied in one transaction.
    `watch(done, total)` sees the progress in rows.
    """
    if owner.status != Import.Status.STAGING:
        return
    folder = work_folder(owner)
    try:
        found = sandbox.run("stage", order(owner, path, folder), _progress(owner, watch))
        staged = Staged(folder, found)
        if not _note_found(owner, found):
            return
        if found["bad"] and not owner.skip_bad:
            refuse(owner, "bad_rows", {"rows": found["bad"]}, staged.problems())
        else:
            _apply(owner, staged)
            refresh_statistics()
    except sandbox.Refused as refusal:
        refuse(owner, refusal.code, refusal.params)
    except sandbox.Stopped:
        pass
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def order(owner: Import, path: Path, folder: Path) -> Order:
    """What the child is asked for: the choices of the import, the rest guessed."""
    place = workspace()
    choice = Choice(
        kind=owner.kind or None,  # type: ignore[arg-type]
        sheet=owner.sheet or None,
        header_row=owner.header_row,
        columns=owner.mapping or None,
    )
    setting = Setting(place.timezone, place.currency, timezone.now())
    return Order(path, choice, setting, folder, owner.source_id, owner.pk)


def work_folder(owner: Import) -> Path:
    """An empty folder of the import's own, on the disk of the lake."""
    folder = Path(settings.HOME) / "work" / owner.uid
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


@transaction.atomic
def refuse(
    owner: Import,
    code: str,
    params: Mapping[str, Any] | None = None,
    problems: Iterable[CellProblem] = (),
) -> None:
    """Nothing of the file is taken; what is wrong with it is kept."""
    owner.status, owner.problem, owner.params = Import.Status.REFUSED, code, dict(params or {})
    owner.rejected, owner.ended_at = owner.lines, timezone.now()
    owner.save()
    write_problems(owner, problems)
    record("import.refused", actor=owner.by, subject_id=owner.pk, detail={"code": code})


def write_problems(owner: Import, problems: Iterable[CellProblem]) -> None:
    owner.problems.all().delete()
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
            for each in list(problems)[:PROBLEMS_KEPT]
        ],
        batch_size=500,
    )


def _apply(owner: Import, staged: Staged) -> None:
    work = _apply_events if owner.kind == Kind.EVENTS else _apply_rows
    for _ in range(TRIES):
        try:
            return work(owner, staged)
        except parts.Stale:
            owner.refresh_from_db()
        except BadRows as bad:
            parts.discard(bad.built)
            owner.refresh_from_db()
            return refuse(owner, "bad_rows", {"rows": len(bad.problems)}, bad.problems)
    raise parts.Stale


def _apply_rows(owner: Import, staged: Staged) -> None:
    fresh = _new_accounts(owner, staged) if owner.kind == Kind.ACCOUNTS else set()
    built = _build_for(owner, fresh)
    with transaction.atomic():
        parts.swap(built)
        if not _begin(owner):
            return
        batch = Batch(owner, staff_names())
        take(batch, owner.kind, staged.reads())
        if fresh:
            release(batch, fresh)
        if batch.rejected and not owner.skip_bad:
            raise BadRows(batch.problems, built)
        index_customers(batch.engagements)
        owner.imported, owner.duplicates = batch.imported, batch.duplicates
        owner.conflicts, owner.on_hold = batch.conflicts, batch.on_hold
        owner.rejected = batch.rejected + staged.found["bad"]
        _finish(owner, [*staged.problems(), *batch.problems])


def _build_for(owner: Import, fresh: set[str]) -> parts.Built:
    """The months whose held events these new accounts release."""
    months = parts.held_months(owner.source_id, fresh) if fresh else []
    known = parts.known_accounts()
    known[owner.source_id] |= fresh
    return parts.build(months, [parts.staged_path(each) for each in parts.live()], known)


def _new_accounts(owner: Import, staged: Staged) -> set[str]:
    known = parts.known_accounts()[owner.source_id]
    return {read.id for read in staged.reads()} - known


def _apply_events(owner: Import, staged: Staged) -> None:
    path = parts.staged_path(owner)
    path.parent.mkdir(parents=True, exist_ok=True)
    if staged.events.exists():
        staged.events.replace(path)
    before = [parts.staged_path(each) for each in parts.live()]
    months = touched_months(path, before, zone=workspace().timezone)
    built = parts.build(months, [*before, path], parts.known_accounts())
    if _adopt_names(owner, built.parts):
        parts.discard(built)
        built = parts.build(months, [*before, path], parts.known_accounts())
    _count(owner, built.parts)
    owner.rejected = staged.found["bad"]
    owner.staged = bool(owner.imported or owner.on_hold)
    with transaction.atomic():
        going_on = _begin(owner)
        if going_on and owner.staged:
            parts.swap(built)
        if going_on:
            _finish(owner, [*staged.problems(), *_conflicts(owner, built.parts)])
    if not (going_on and owner.staged):
        parts.discard(built)
        path.unlink()


def _adopt_names(owner: Import, built: Iterable[PartResult]) -> bool:
    """Events may call an account by its name: where one account alone is called so, the name
    becomes one of its ids. True when any did."""
    waiting = {account for part in built for source, account in part.waiting
               if source == owner.source_id}  # fmt: skip
    names = [
        ExternalId(
            source=owner.source,
            kind=ExternalId.Kind.ACCOUNT,
            value=name,
            engagement_id=home.engagement_id,
        )
        for some in batched(sorted(waiting), CHUNK)
        for name, home in homes_of(owner.source_id, some).items()
        if not home.ambiguous
    ]
    ExternalId.objects.bulk_create(names, ignore_conflicts=True)
    return bool(names)


def _count(owner: Import, built: Iterable[PartResult]) -> None:
    mine = [part.outcomes[owner.pk] for part in built if owner.pk in part.outcomes]
    owner.imported = sum(each.imported for each in mine)
    owner.duplicates = sum(each.duplicates for each in mine)
    owner.conflicts = sum(each.conflicts for each in mine)
    owner.on_hold = sum(each.on_hold for each in mine)


def _conflicts(owner: Import, built: Iterable[PartResult]) -> list[CellProblem]:
    return [
        CellProblem(each.line, "", "conflict", params={"first_line": each.first_line})
        for part in built
        for each in part.conflicts
        if each.import_id == owner.pk
    ]


def _begin(owner: Import) -> bool:
    """Lock the import; False when it was cancelled or carried out meanwhile."""
    row = Import.objects.select_for_update(of=("self",)).get(pk=owner.pk)
    return row.status == Import.Status.STAGING


def _finish(owner: Import, problems: Iterable[CellProblem]) -> None:
    owner.status, owner.ended_at = Import.Status.DONE, timezone.now()
    owner.problem, owner.done = "", owner.total
    owner.save()
    write_problems(owner, sorted(problems, key=lambda each: each.line))
    counts = {
        name: getattr(owner, name)
        for name in ("lines", "imported", "rejected", "on_hold", "duplicates", "conflicts")
    }
    record("import.applied", actor=owner.by, subject_id=owner.pk, detail=counts)
    if owner.imported:
        announce()


def _note_found(owner: Import, found: Mapping[str, Any]) -> bool:
    """Keep what the child found out about the file; False when somebody has cancelled."""
    inspection = {**owner.inspection, "headers": found["headers"], "others": found["others"]}
    values = {
        "kind": found["kind"],
        "sheet": found["sheet"],
        "header_row": found["header_row"],
        "mapping": found["columns"],
        "lines": found["lines"],
        "done": found["lines"],
        "total": found["lines"],
        "inspection": inspection,
    }
    for name, value in values.items():
        setattr(owner, name, value)
    mine = Import.objects.filter(pk=owner.pk, status=Import.Status.STAGING)
    return bool(mine.update(**values))


def _progress(owner: Import, watch: sandbox.Progress) -> sandbox.Progress:
    """Writes the progress down now and then; False once somebody has cancelled."""
    last = 0.0

    def seen(done: int, total: int) -> bool:
        nonlocal last
        if time.monotonic() - last < PAUSE:
            return True
        last = time.monotonic()
        mine = Import.objects.filter(pk=owner.pk, status=Import.Status.STAGING)
        if owner.job:
            jobs.report(owner.job, done=done, total=total)
        return bool(mine.update(done=done, total=total)) and watch(done, total)

    return seen
