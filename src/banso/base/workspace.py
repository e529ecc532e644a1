"""The workspace row and its clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from banso.base.models import Workspace
from banso.base.words import spoken
from banso.core.windows import holidays_of

EARLIEST = date(1900, 1, 1)
HELD: ContextVar[Workspace | None] = ContextVar("workspace", default=None)


def workspace() -> Workspace:
    """The one workspace; raises Workspace.DoesNotExist before set-up."""
    return HELD.get() or Workspace.objects.get(id=1)


@contextmanager
def held(place: Workspace) -> Iterator[None]:
    """Within, `workspace()` is `place`, and its own words are spoken: a request reads the row
    once."""
    token = HELD.set(place)
    try:
        with spoken(place.words):
            yield
    finally:
        HELD.reset(token)


def local_today(place: Workspace | None = None) -> date:
    """Today in the workspace's zone."""
    zone = ZoneInfo((place or workspace()).timezone)
    return timezone.now().astimezone(zone).date()


def day_asked(text: str, place: Workspace | None = None) -> date:
    """The day written YYYY-MM-DD, from 1900 on; today for none, an unreadable one, or one still
    to come."""
    today = local_today(place)
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return today
    return min(max(asked, EARLIEST), today)


def fiscal_year(day: date, place: Workspace | None = None) -> tuple[date, date]:
    """The first day of the fiscal year that `day` lies in, and of the one after it."""
    place = place or workspace()
    first = date(day.year, place.fiscal_month, place.fiscal_day)
    if first > day:
        first = first.replace(year=day.year - 1)
    return first, first.replace(year=first.year + 1)


def next_working_day(day: date, place: Workspace | None = None) -> date:
    """The first day after `day` on which the workspace works, public holidays left out; the day
    after, if it never does."""
    working = (place or workspace()).working_days
    coming = [day + timedelta(days=ahead) for ahead in range(1, 22)]
    open_days = (
        each
        for each in coming
        if each.isoweekday() in working and each not in holidays_of(each.year)
    )
    return next(open_days, coming[0])


def day_end(day: date, place: Workspace | None = None) -> datetime:
    """The first moment after `day` in the workspace's zone; what is before it was known then."""
    zone = ZoneInfo((place or workspace()).timezone)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
