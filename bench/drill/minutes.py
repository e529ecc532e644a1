"""Minutes that nobody waits for here: leases run out and files grow old as they would."""

import os
from datetime import timedelta
from pathlib import Path

LONG = timedelta(minutes=11)
RECENT = timedelta(seconds=60)
"""So long somebody may still read a file he was given, or write one: no reader here takes that
long. The product waits ten minutes."""


def expire_leases() -> None:
    """What the dead hold is anybody's again."""
    from django.utils import timezone

    from banso.base.models import Job
    from banso.events.models import Inbox

    past = timezone.now() - timedelta(seconds=1)
    Inbox.objects.exclude(worker="").update(leased_until=past)
    Job.objects.filter(status=Job.Status.RUNNING).update(leased_until=past, attempts=0)


def make_quiet() -> None:
    """Nothing has come for the parts there are for some hours."""
    from django.utils import timezone

    from banso.events.models import LakePart

    LakePart.objects.update(made_at=timezone.now() - timedelta(hours=2))


def pass_minutes(folder: Path, *, but: timedelta) -> None:
    """Files of the lake in `folder` that are out of use grow eleven minutes older; `but` those
    that are so young still."""
    from django.db.models import F
    from django.utils import timezone

    from banso.events.models import LakePart, RetiredFile
    from banso.metrics.models import Rollup

    limit = timezone.now() - but
    old = RetiredFile.objects.filter(at__lt=limit, at__gt=timezone.now() - LONG)
    old.update(at=F("at") - LONG)
    named = set(LakePart.objects.values_list("path", flat=True))
    named |= {p for row in Rollup.objects.values_list("accounts", "people") for p in row}
    then = limit.timestamp()
    for path in folder.rglob("*"):
        try:
            if str(path.relative_to(folder)) not in named and path.stat().st_mtime < then:
                moment = (limit - LONG).timestamp()
                os.utime(path, (moment, moment))
        except FileNotFoundError:
            continue
