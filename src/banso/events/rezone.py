"""Another time zone: every event belongs to the day it was there, so the lake is built again."""

from django.db import transaction
from django.tasks import task

from banso.engine.lake import staged_months
from banso.engine.rewrite import rewrite
from banso.events import manifest, parts
from banso.events.after import announce
from banso.events.lake import folder, zone
from banso.events.models import LakePart
from banso.events.pieces import pieces


def follow_settings(changed: set[str]) -> None:
    """A new zone rebuilds the lake; a new currency changes what everybody is worth."""
    if "timezone" in changed:
        rebuild_lake.enqueue()
    elif "currency" in changed:
        announce()


@task
def rebuild_lake() -> int:
    """All months anew from the staged files, in the workspace's zone, then everything that is
    measured from them. Returns how many months. An import that comes between makes it fail and
    be tried again."""
    staged = [parts.staged_path(each) for each in parts.live()]
    months = {month for path in staged for month in staged_months(path, zone=zone())}
    months |= set(parts.months())

    built = parts.build(sorted(months), staged, parts.known_accounts()) if staged else None
    received = _received()
    with transaction.atomic():
        if built is not None:
            parts.swap(built)
        manifest.lock()
        manifest.change(come=received.came, go=received.went)
        announce()
    return len(months)


def _received() -> manifest.Change:
    """The parts of received events whose days are another zone's, written anew."""
    old = LakePart.objects.filter(origin=LakePart.Origin.RECEIVED).exclude(zone=zone())
    went, come = list(old.order_by("id")), []
    for part in went:
        written = rewrite(
            manifest.paths([part]),
            folder=folder(),
            zone=zone(),
            piece=pieces(),
            out=manifest.new_file(),
        )
        come += [
            manifest.row(file, piece, LakePart.Origin.RECEIVED, generation=part.generation + 1)
            for piece, file in written.items()
        ]
    return manifest.Change(come, went)
