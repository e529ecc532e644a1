"""Keeping events for so many months: each night what has become older goes."""

from datetime import date

from django.db import transaction

from banso.base.activity import record
from banso.base.workspace import workspace
from banso.engine.barred import leave_out
from banso.events import manifest, parts
from banso.events.barred import barred, kept_since
from banso.events.lake import zone
from banso.events.models import HeldEvents, Import, LakePart


def drop_old() -> int:
    """Take what is older out of the lake; how many files that were. Killed, the next night goes
    on."""
    since = kept_since(workspace())
    if since is None:
        return 0
    dropped = _drop_parts(since)
    for path in map(parts.staged_path, parts.live()):
        leave_out(path, barred(), zone=zone())
    return dropped


@transaction.atomic
def _drop_parts(since: date) -> int:
    manifest.lock()
    old = list(LakePart.objects.filter(last_day__lt=since).order_by("id"))
    if old:
        manifest.change(come=(), go=old)
        record("lake.aged", actor=None, detail={"before": f"{since}", "files": len(old)})
    _forget_held(since)
    return len(old)


def _forget_held(since: date) -> None:
    """Nothing of before waits for its account any more."""
    waiting, _ = HeldEvents.objects.filter(month__lt=since).delete()
    if not waiting:
        return
    changed = list(Import.objects.exclude(held_months={}))
    for owner in changed:
        owner.held_months = {m: n for m, n in owner.held_months.items() if m >= f"{since}"}
    Import.objects.bulk_update(changed, ["held_months"])
