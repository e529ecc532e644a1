"""The day a page is looked at from."""

from dataclasses import dataclass
from datetime import date

from banso.base.routes import StaffRequest
from banso.base.workspace import day_asked, local_today


@dataclass(frozen=True)
class Clock:
    """`as_of` is the day asked for; `live` when that is today, and only then one may act."""

    as_of: date
    today: date

    @property
    def live(self) -> bool:
        return self.as_of == self.today


def clock(request: StaffRequest) -> Clock:
    """The day in ?as_of=YYYY-MM-DD; today for none, an unreadable one, or one still to come."""
    return Clock(day_asked(request.GET.get("as_of", "")), local_today())
