"""What every book added up to on the days of the rounds, to say how it changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, Sum

from banso.desk.models import BookDay
from banso.goals.models import Standing

MONTH = timedelta(days=30)
SHORTEST = timedelta(days=3)


@transaction.atomic
def keep_book_days(day: date) -> None:
    """Write what each owner's current customers add up to, the restricted left out because
    everybody may read the sums; again on the same day replaces it."""
    books = (
        Standing.objects.filter(current=True, engagement__restricted=False)
        .order_by()
        .values("owner")
        .annotate(
            customers=Count("pk"),
            annual=Sum("annual_minor", default=0),
            at_stake=Sum("stake", default=0),
            gaps=Sum("gap", default=0.0),
            known=Count("gap"),
        )
    )
    BookDay.objects.filter(day=day).delete()
    BookDay.objects.bulk_create(
        BookDay(
            day=day,
            owner_id=each["owner"],
            customers=each["customers"],
            annual_minor=each["annual"],
            stake=each["at_stake"],
            gap_sum=each["gaps"],
            measured=each["known"],
        )
        for each in books
    )


@dataclass(frozen=True)
class Compared:
    """The kept books of two days, by owner; `since` is None while there is nothing to compare."""

    since: date | None
    then: Mapping[int | None, BookDay]
    now: Mapping[int | None, BookDay]


def compared(today: date) -> Compared:
    """The latest kept books beside those of a month before: the latest day at least 30 days
    back, else the earliest at least 3 days back."""
    days = BookDay.objects.order_by().values_list("day", flat=True).distinct()
    kept = sorted(days.filter(day__gte=today - 3 * MONTH, day__lte=today))
    early = [day for day in kept if day <= today - SHORTEST]
    before = [day for day in early if day <= today - MONTH] or early[:1]
    since = before[-1] if before else None
    now = kept[-1] if since and kept[-1] > since else None
    return Compared(since if now else None, books_of(since), books_of(now))


def books_of(day: date | None) -> dict[int | None, BookDay]:
    if day is None:
        return {}
    return {row.owner_id: row for row in BookDay.objects.filter(day=day)}
