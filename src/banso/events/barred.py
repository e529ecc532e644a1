"""What the lake does not take: events of people who were erased, and of months not kept."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from banso.base.models import Workspace
from banso.base.workspace import local_today, workspace
from banso.engine.barred import Barred
from banso.events.models import BarredId


def barred() -> Barred:
    """What may not come into the lake by now."""
    people = frozenset(BarredId.objects.values_list("digest", flat=True))
    return Barred(people, kept_since(workspace()))


def kept_since(place: Workspace) -> date | None:
    """The first day whose events are kept, that of the month so many months back; None: all."""
    if place.event_months is None:
        return None
    today = local_today(place)
    month = today.year * 12 + today.month - 1 - place.event_months
    return date(month // 12, month % 12 + 1, 1)


def kept_from(place: Workspace) -> datetime | None:
    """The moment at which that day begins."""
    since = kept_since(place)
    if since is None:
        return None
    return datetime.combine(since, time(), tzinfo=ZoneInfo(place.timezone))
