"""The workspace row and its clock."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from banso.base.models import Workspace


def workspace() -> Workspace:
    """The one workspace; raises Workspace.DoesNotExist before set-up."""
    return Workspace.objects.get(id=1)


def local_today(place: Workspace | None = None) -> date:
    """Today in the workspace's zone."""
    zone = ZoneInfo((place or workspace()).timezone)
    return timezone.now().astimezone(zone).date()


def day_end(day: date, place: Workspace | None = None) -> datetime:
    """The first moment after `day` in the workspace's zone; what is before it was known then."""
    zone = ZoneInfo((place or workspace()).timezone)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
