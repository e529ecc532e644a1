"""Since when a user has not looked: reloading within one sitting keeps what is new, new."""

from datetime import datetime, timedelta

from django.db import transaction

from banso.base.models import User
from banso.desk.models import Look

SITTING = timedelta(hours=2)
EXACT = timedelta(minutes=1)


def look(user: User, now: datetime) -> datetime | None:
    """Note that `user` looks now, to the minute; returns the last look of the sitting before, if
    any."""
    row = Look.objects.filter(user=user).first()
    if row and timedelta() <= now - row.at < EXACT:
        return row.since  # a list that is opened again at once need not wait for who writes
    return note(user, now)


@transaction.atomic
def note(user: User, now: datetime) -> datetime | None:
    row, _ = Look.objects.select_for_update().get_or_create(user=user, defaults={"at": now})
    if now - row.at > SITTING:
        row.since = row.at
    row.at = now
    row.save(update_fields=["since", "at"])
    return row.since


def last_look(user: User) -> datetime | None:
    """What `look` said last, without looking."""
    return Look.objects.filter(user=user).values_list("since", flat=True).first()
