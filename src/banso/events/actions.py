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
from banso.events.batch import folded
from banso.events.models import Import, Source, StaffName
from banso.events.running import carry_out, order, refuse, work_folder

_BLOCK = 1 << 20
LOOKABLE = (
    Import.Status.UPLOADED,
    Import.Status.READY,
    Import.Status.REFUSED,
    Import.Status.CANCELLED,
    Import.Status.FAILED,
)
KEPT = 7 * 86_400.0
FILES = "files"


class Readable(Protocol):
    """A file as it comes from a browser or a disk."""

    def read(self, size: int, /) -> bytes: ...


class NotNow(Exception):
    """The verb does not fit the state the import is in."""


def default_source() -> Source:
    """The source of files that name none."""
    return Source.objects.get_or_create(key=FILES, defaults={"name": "Files"})[0]


def upload(
    *, by: User | None, stream: Readable, name: str, kind: str = "", source: Source | None = None
) -> Import:
    """Keep a file and look at it: the import is then ready, or refused with the file's problem."""
    owner = Import(by=by, kind=kind, source=source or default_source(), file_name=name[-255:])
    kept = stored(owner)
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    owner.digest, owner.size = _keep(stream, kept)
    with transaction.atomic():
        owner.save()
        record("import.uploaded", actor=by, subject_id=owner.pk, detail={"kind": kind})
    look(owner=owner)
    tidy()
    return owner


def look(
    *,
    owner: Import,
    kind: str = "",
    sheet: str = "",
    header_row: int | None = None,
    mapping: Mapping[str, int] | None = None,
) -> None:
    """Look at the file with these choices, the rest guessed, and keep what was found."""
    _require(owner, *LOOKABLE)
    if not is_kept(owner):
        raise NotNow
    owner.kind, owner.sheet = kind or owner.kind, sheet
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
def confirm(*, by: User, owner: Import, skip_bad: bool) -> None:
    """Let a worker carry the import out."""
    locked = _locked(owner)
    _require(locked, *LOOKABLE)
    if not locked.kind or not locked.mapping or locked.inspection.get("lacking"):
        raise NotNow

    locked.status, locked.skip_bad, locked.started_at = "staging", skip_bad, timezone.now()
    locked.by, locked.done, locked.total = by, 0, locked.inspection.get("rows_estimate", 0)
    locked.job = run_import.enqueue(import_id=locked.pk).id
    locked.save()
    locked.problems.all().delete()
    record("import.confirmed", actor=by, subject_id=owner.pk, detail={"skip_bad": skip_bad})


@transaction.atomic
def cancel(*, by: User, owner: Import) -> None:
    """Stop an import that is being read, or put away one that was never confirmed."""
    locked = _locked(owner)
    _require(locked, Import.Status.STAGING, Import.Status.READY)

    locked.status, locked.ended_at = Import.Status.CANCELLED, timezone.now()
    locked.save(update_fields=["status", "ended_at"])
    record("import.cancelled", actor=by, subject_id=owner.pk)


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
    os.link(stored(owner), stored(other))
    record("import.uploaded", actor=by, subject_id=other.pk, detail={"kind": kind})
    return other


def is_kept(owner: Import) -> bool:
    """Whether the uploaded file is still there."""
    return stored(owner).is_file()


def tidy() -> None:
    """Remove uploads a week after they came, and what the lake no longer names."""
    limit = time.time() - KEPT
    for path in (Path(settings.HOME) / "uploads").glob("*"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
    parts.sweep()


def stored(owner: Import) -> Path:
    """Where the uploaded file lies until its import is over."""
    return Path(settings.HOME) / "uploads" / owner.uid


@task
def run_import(import_id: int) -> str:
    """The worker's part; the import's status tells how it ended."""
    owner = Import.objects.select_related("by").get(pk=import_id)
    try:
        carry_out(owner, stored(owner))
    except Exception:
        fail(owner)
        raise
    return owner.status


@transaction.atomic
def fail(owner: Import) -> None:
    """Something of ours broke; nothing was changed, and the page says so."""
    mine = Import.objects.filter(pk=owner.pk, status=Import.Status.STAGING)
    if mine.update(status=Import.Status.FAILED, ended_at=timezone.now()):
        record("import.failed", actor=owner.by, subject_id=owner.pk)


def _locked(owner: Import) -> Import:
    return Import.objects.select_for_update(of=("self",)).get(pk=owner.pk)


def _require(owner: Import, *statuses: Import.Status) -> None:
    if owner.status not in statuses:
        raise NotNow


def _keep(stream: Readable, path: Path) -> tuple[str, int]:
    """Write the file down; its digest and size."""
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as kept:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += kept.write(block)
    path.chmod(0o600)
    return digest.hexdigest(), size
