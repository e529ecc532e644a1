"""Another time zone: every event belongs to the day it was there, so the lake is built again."""

from django.db import transaction
from django.tasks import task

from banso.engine.lake import staged_months
from banso.events import parts
from banso.events.after import announce
from banso.events.lake import zone


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
    with transaction.atomic():
        if built is not None:
            parts.swap(built)
        announce()
    return len(months)
