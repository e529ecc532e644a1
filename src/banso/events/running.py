"""Carrying an import out: the child reads the file, then its rows come in, or its events do."""

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
from banso.engine.barred import LeftOut, leave_out
from banso.engine.lake import PartResult, touched_months
from banso.events import parts, sandbox
from banso.events.after import announce, ended
from banso.events.applying import foreseen, held, note_problems, take_all
from banso.events.barred import barred
from banso.events.batch import CHUNK
from banso.events.homes import homes_of
from banso.events.models import ExternalId, Import, Kind
from banso.events.rows import CellProblem, Read, Setting
from banso.events.search import index_customers
from banso.events.since import note_missing
from banso.events.staging import Order
from banso.events.table import Choice

PAUSE = 0.5
TRIES = 5
GOING = (Import.Status.STAGING, Import.Status.APPLYING)


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

    Doing it again after a crash is harmless: what is in stays in, and the rest follows.
    `watch(done, total)` sees the progress in rows.
    """
    if owner.status not in GOING:
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
            _apply(owner, staged, watch)
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
    setting = Setting(place.timezone, place.currency, owner.started_at or timezone.now())
    return Order(path, choice, setting, folder, owner.source_id, owner.pk)


def work_folder(owner: Import, name: str = "") -> Path:
    """An empty folder of the import's own, on the disk of the lake."""
    folder = Path(settings.HOME) / "work" / (owner.uid + name)
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
    """Nothing of the file is taken; what is wrong with it is kept. One of which a part is in
    has failed instead: it can go on or be taken back."""
    owner.problem, owner.params, owner.ended_at = code, dict(params or {}), timezone.now()
    owner.status = Import.Status.FAILED if owner.applied else Import.Status.REFUSED
    owner.rejected = owner.rejected if owner.applied else owner.lines
    owner.save()
    owner.problems.all().delete()
    note_problems(owner, problems)
    record("import.refused", actor=owner.by, subject_id=owner.pk, detail={"code": code})
    ended(owner)


def _apply(owner: Import, staged: Staged, watch: sandbox.Progress) -> None:
    if owner.kind != Kind.EVENTS:
        return _apply_rows(owner, staged, watch)
    left = LeftOut()
    for _ in range(TRIES):
        left += _stage(owner, staged)
        try:
            return _apply_events(owner, staged, left)
        except parts.Stale:
            owner.refresh_from_db()
    raise parts.Stale


def _apply_rows(owner: Import, staged: Staged, watch: sandbox.Progress) -> None:
    """Raises Stopped when somebody has decided otherwise meanwhile."""
    if not owner.skip_bad and not owner.applied:
        problems = foreseen(owner, staged.reads())
        if problems:
            return refuse(owner, "bad_rows", {"rows": len(problems)}, problems)
    total = staged.found["lines"] - staged.found["bad"]
    Import.objects.filter(pk=owner.pk).update(total=total)
    owner.total = total
    seen = _progress(owner, watch)
    engagements = take_all(owner, staged.reads, lambda done: seen(done, total))
    index_customers(engagements)
    note_missing(owner, staged.reads(), left_out=owner.rejected + staged.found["bad"])
    for _ in range(TRIES):
        try:
            return _close_rows(owner, staged)
        except parts.Stale:
            continue
    raise parts.Stale


def _close_rows(owner: Import, staged: Staged) -> None:
    """The end of it, with the months whose held events the new accounts release."""
    built = _build_for(owner, staged)
    with transaction.atomic():
        parts.swap(built)
        held(owner)
        owner.rejected += staged.found["bad"]
        _finish(owner, staged.problems())


def _build_for(owner: Import, staged: Staged) -> parts.Built:
    """The months in which events wait for accounts of this file."""
    accounts = {read.id for read in staged.reads()} if owner.kind == Kind.ACCOUNTS else set()
    months = parts.held_months(owner.source_id, accounts) if accounts else []
    known = parts.known_accounts() if months else {}
    return parts.build(months, [parts.staged_path(each) for each in parts.live()], known)


def _stage(owner: Import, staged: Staged) -> LeftOut:
    """Keep the rows of the file, but those that the lake bars."""
    path = parts.staged_path(owner)
    path.parent.mkdir(parents=True, exist_ok=True)
    if staged.events.exists():
        staged.events.replace(path)
    return leave_out(path, barred(), zone=workspace().timezone)


def _apply_events(owner: Import, staged: Staged, left: LeftOut) -> None:
    path = parts.staged_path(owner)
    before = [parts.staged_path(each) for each in parts.live()]
    months = touched_months(path, before, zone=workspace().timezone)
    built = parts.build(months, [*before, path], parts.known_accounts())
    if _adopt_names(owner, built.parts):
        parts.discard(built)
        built = parts.build(months, [*before, path], parts.known_accounts())
    _count(owner, built.parts)
    owner.rejected = staged.found["bad"] + left.rows
    owner.staged = bool(owner.imported or owner.on_hold)
    with transaction.atomic():
        going_on = _begin(owner)
        if going_on and owner.staged:
            parts.swap(built)
        if going_on:
            _finish(owner, [*staged.problems(), *_barred(left), *_conflicts(owner, built.parts)])
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


def _barred(left: LeftOut) -> list[CellProblem]:
    """Which rows they were is not said: that would name the people again."""
    counts = {"erased": left.people, "not_kept": left.old}
    return [CellProblem(0, "", code, params={"rows": n}) for code, n in counts.items() if n]


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
    return row.status in GOING


def _finish(owner: Import, problems: Iterable[CellProblem]) -> None:
    owner.status, owner.ended_at = Import.Status.DONE, timezone.now()
    owner.problem, owner.done = "", owner.total
    owner.save()
    note_problems(owner, sorted(problems, key=lambda each: each.line))
    counts = {
        name: getattr(owner, name)
        for name in ("lines", "imported", "rejected", "on_hold", "duplicates", "conflicts")
    }
    record("import.applied", actor=owner.by, subject_id=owner.pk, detail=counts)
    ended(owner)
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
        "inspection": inspection,
    }
    for name, value in values.items():
        setattr(owner, name, value)
    return bool(Import.objects.filter(pk=owner.pk, status__in=GOING).update(**values))


def _progress(owner: Import, watch: sandbox.Progress) -> sandbox.Progress:
    """Writes the progress down now and then; False once somebody has cancelled."""
    last = 0.0

    def seen(done: int, total: int) -> bool:
        nonlocal last
        if time.monotonic() - last < PAUSE:
            return True
        last = time.monotonic()
        mine = Import.objects.filter(pk=owner.pk, status__in=GOING)
        if owner.job:
            jobs.report(owner.job, done=done, total=total)
        return bool(mine.update(done=done, total=total)) and watch(done, total)

    return seen
