"""The demo's clock: for a while it is an earlier time for whoever asks Django what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.utils import timezone

from banso.base.workspace import workspace


class Clock:
    """What time it is, until it is set anew."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.moment = timezone.now()

    def set(self, moment: datetime) -> None:
        self.moment = moment

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """That time of a local day."""
        return datetime.combine(day, time(hour, minute), self.zone)

    def now(self) -> datetime:
        return self.moment


@contextmanager
def clock() -> Iterator[Clock]:
    """Within, `timezone.now` and so `local_today` and every row's time follow the clock; verbs
    that take no day are given the past by it."""
    shown = Clock(ZoneInfo(workspace().timezone))
    with patch.object(timezone, "now", shown.now):
        yield shown
