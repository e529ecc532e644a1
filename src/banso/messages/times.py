"""When messages may go: the workspace's working days, outside its quiet hours, on no holiday."""

from datetime import datetime

from django.conf import settings

from banso.base.workspace import workspace
from banso.core import quiet

FILES = "django.core.mail.backends.filebased.EmailBackend"


def times() -> quiet.Times:
    place = workspace()
    first, last = place.quiet_from, place.quiet_until
    return quiet.Times(
        zone=place.timezone,
        hour=0,
        weekdays=frozenset(place.working_days),
        quiet=None if first is None or last is None else (first, last),
    )


def next_allowed(now: datetime) -> datetime:
    """`now`, or the first later moment at which something may come."""
    return quiet.next_allowed(now, times())


def mail_is_set_up() -> bool:
    """Whether mail leaves this machine: without a mail server it is only written to files."""
    return settings.MAILERS["default"]["BACKEND"] != FILES
