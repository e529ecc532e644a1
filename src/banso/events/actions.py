"""The verbs of an import: a file is uploaded, looked at, confirmed, cancelled, undone."""

import hashlib
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.events import parts, sandbox
from banso.events.after import ended
from banso.events.applying import COUNTS
from banso.events.batch import folded
from banso.events.models import Import, RecipePart, Source, StaffName
from banso.events.running import GOING, Staged, carry_out, order, refuse, work_folder
from banso.events.since import remember
from banso.events.sources import default_source
from banso.events.undo import ask_undo

_BLOCK = 1 << 20
LOOKABLE = (
    Import.Status.UPLOADED,
    Import.Status.READY,
    Import.Status.REFUSED,
    Import.Status.CANCELLED,
    Import.Status.FAILED,
)
KEPT = 7 * 86_400.0


class Readable(Protocol):
    """A file as it comes from a browser or a disk."""

    def read(self, size: int, /) -> bytes: ...


class NotNow(Exception):
    """The verb does not fit the state the import is in."""


def upload(
    *, by: User | None, stream: Readable, name: str, kind: str = "", source: Source | None = None
) -> Import:
    """Keep a file and look at it: the import is then ready, or refused with the file's problem."""
    owner = Import(by=by, kind=kind, source=source or default_source(), file_name=name[-255:])
    kept = stored(owner)
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    owner.digest, owner.size = keep(stream, kept)
    with transaction.atomic():
        owner.save()
        record("import.uploaded", actor=by, subject_id=owner.pk, detail={"kind": kind})
    look(owner=owner)
    tidy()
    return owner


def begin_local(
    *, path: Path, kind: str, sheet: str, skip_bad: bool, source: Source | None = None
) -> Import:
    """An import of a file on this machine, to be carried out at once; the file stays where it
    is."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    owner = Import.objects.create(
        kind=kind,
        source=source or default_source(),
        status=Import.Status.STAGING,
        file_name=path.name[-255:],
        digest=digest,
        size=path.stat().st_size,
        sheet=sheet,
        skip_bad=skip_bad,
        started_at=timezone.now(),
    )
    stored(owner).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored(owner).symlink_to(path.resolve())
    return owner


def look(
    *,
    owner: Import,
    kind: str = "",
    sheet: str = "",
    header_row: int | None = None,
    mapping: Mapping[str, int] | None = None,
    source: Source | None = None,
) -> None:
    """Look at the file with these choices, the rest guessed, and keep what was found."""
    _require(owner, *LOOKABLE)
    if owner.applied or not is_kept(owner):
        raise NotNow
    owner.kind, owner.sheet, owner.source = kind or owner.kind, sheet, source or owner.source
    owner.header_row, owner.mapping = header_row, dict(mapping or {})
    folder = work_folder(owner)
    try:
        found = sandbox.run("inspect", order(owner, stored(owner), folder))
    except sandbox.Refused as refusal:
        refuse(owner, refusal.code, refusal.params)
        return
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    owner.status, owner.problem, owner.params = Import.Status.READY, "", {}
    owner.kind, owner.sheet = found["kind"] or "", found["sheet"]
    owner.header_row, owner.mapping = found["header_row"], found["columns"]
    owner.inspection, owner.lines, owner.rejected = found, 0, 0
    owner.save()
    owner.problems.all().delete()


@transaction.atomic
def confirm(*, by: User | None, owner: Import, skip_bad: bool) -> None:
    """Let a worker carry the import out."""
    locked = _locked(owner)
    _require(locked, *LOOKABLE)
    lacking = not locked.kind or not locked.mapping or locked.inspection.get("lacking")
    if lacking or locked.applied:
        raise NotNow

    locked.status, locked.skip_bad, locked.started_at = "staging", skip_bad, timezone.now()
    locked.by, locked.done, locked.total = by, 0, locked.inspection.get("rows_estimate", 0)
    for name in ("applied", *COUNTS):
        setattr(locked, name, 0)
    locked.job = run_import.enqueue(import_id=locked.pk).id
    locked.save()
    locked.problems.all().delete()
    record("import.confirmed", actor=by, subject_id=owner.pk, detail={"skip_bad": skip_bad})


@transaction.atomic
def cancel(*, by: User, owner: Import) -> None:
    """Stop an import that is being read, or put away one that was never confirmed. What has come
    in of one that is being applied is taken back."""
    locked = _locked(owner)
    _require(locked, Import.Status.STAGING, Import.Status.READY, Import.Status.APPLYING)
    if locked.applied:
        return ask_undo(by=by, owner=locked)

    locked.status, locked.ended_at = Import.Status.CANCELLED, timezone.now()
    locked.save(update_fields=["status", "ended_at"])
    record("import.cancelled", actor=by, subject_id=owner.pk)
    return None


@transaction.atomic
def retry(*, by: User, owner: Import) -> None:
    """Go on with an import that failed, from where it stopped."""
    locked = _locked(owner)
    _require(locked, Import.Status.FAILED)
    if not is_kept(locked) or not locked.kind or not locked.mapping:
        raise NotNow

    locked.status = Import.Status.APPLYING if locked.applied else Import.Status.STAGING
    locked.problem, locked.params, locked.ended_at = "", {}, None
    locked.job = run_import.enqueue(import_id=locked.pk).id
    locked.save()
    record("import.retried", actor=by, subject_id=owner.pk, detail={"applied": locked.applied})


@transaction.atomic
def name_staff(*, by: User, name: str, user: User) -> None:
    """From now on `name` in a file means that colleague."""
    StaffName.objects.update_or_create(key=folded(name), defaults={"name": name, "user": user})
    record("staff_name.given", actor=by, subject_id=user.pk)


@transaction.atomic
def again(*, by: User, owner: Import, kind: str = "", sheet: str = "") -> Import:
    """Import another sheet of the same file, or the same one as another kind."""
    if not is_kept(owner):
        raise NotNow
    other = Import.objects.create(
        by=by,
        kind=kind,
        source=owner.source,
        file_name=owner.file_name,
        digest=owner.digest,
        size=owner.size,
        sheet=sheet,
    )
    copy_of(stored(owner), stored(other))
    record("import.uploaded", actor=by, subject_id=other.pk, detail={"kind": kind})
    return other


def keep(stream: Readable, path: Path) -> tuple[str, int]:
    """Write the file down; its digest and size."""
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as kept:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += kept.write(block)
    path.chmod(0o600)
    return digest.hexdigest(), size


def copy_of(path: Path, kept: Path) -> None:
    """Keep a file a second time, without its bytes where the disk allows."""
    try:
        os.link(path, kept)
    except OSError:
        shutil.copyfile(path, kept)


def is_kept(owner: Import) -> bool:
    """Whether the uploaded file is still there."""
    return stored(owner).is_file()


def tidy() -> None:
    """Remove uploads a week after they came, and what the lake no longer names."""
    limit = time.time() - KEPT
    for path in (Path(settings.HOME) / "uploads").glob("*"):
        if path.lstat().st_mtime < limit:
            path.unlink(missing_ok=True)
    parts.sweep()


def stored(owner: Import) -> Path:
    """Where the uploaded file lies until its import is over."""
    return Path(settings.HOME) / "uploads" / owner.uid


@task
def run_import(import_id: int) -> str:
    """The worker's part; the import's status tells how it ended."""
    owner = Import.objects.select_related("by").get(pk=import_id)
    carry_out(owner, stored(owner))
    return owner.status


@task
def remember_first(part_id: int, import_id: int) -> int:
    """What the import held that a recipe was saved from; the number of its ids."""
    owner = Import.objects.get(pk=import_id)
    part = RecipePart.objects.get(pk=part_id)
    folder = work_folder(owner, "first")
    try:
        found = sandbox.run("stage", order(owner, stored(owner), folder))
        ids = {read.id for read in Staged(folder, found).reads()}
        remember(part, ids, ())
    except sandbox.Refused:
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return len(ids)


@transaction.atomic
def give_up(*, import_id: int) -> None:
    """Something of ours broke each time it was tried; the page says so, and how to go on."""
    owner = Import.objects.select_related("by").get(pk=import_id)
    mine = Import.objects.filter(pk=import_id, status__in=GOING)
    if mine.update(status=Import.Status.FAILED, ended_at=timezone.now()):
        record("import.failed", actor=owner.by, subject_id=import_id)
        ended(owner)


def _locked(owner: Import) -> Import:
    return Import.objects.select_for_update(of=("self",)).get(pk=owner.pk)


def _require(owner: Import, *statuses: Import.Status) -> None:
    if owner.status not in statuses:
        raise NotNow
