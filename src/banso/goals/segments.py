"""Segments with their figures: whom they hold, how far from the ideal, and what is at stake."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet, Sum

from banso.base.models import User
from banso.core.conditions import Condition, load
from banso.engagements.access import engagements
from banso.engagements.models import Engagement
from banso.goals import access
from banso.goals.models import Goal, SegmentFigures, Standing
from banso.metrics.models import Segment
from banso.metrics.segments import matching

LIVE_UP_TO = 5_000
"""Customers up to whom figures are of this moment; beyond, of the last round."""
MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Figures:
    """Of the current customers of a segment: how many, of how many the gap is known, its mean,
    and their stake in the workspace currency's minor unit. `day` is the round's; None: now."""

    customers: int
    measured: int
    stake: int
    gap: float | None
    day: date | None = None


NONE = Figures(0, 0, 0, None)


def figures_of(segments: Sequence[Segment], user: User) -> dict[int, Figures]:
    """The figures of what `user` may read: of this moment where the book is small; of a large
    one, the last round's with the restricted customers that `user` reads beside."""
    if small_book():
        return {each.pk: counted(standings(load(each.condition), user)) for each in segments}
    known = latest(segments)
    reads = engagements(user).filter(restricted=True)
    return {
        each.pk: plus(known.get(each.pk, NONE), load(each.condition), reads) for each in segments
    }


def small_book() -> bool:
    last = Engagement.objects.order_by("-pk").values_list("pk", flat=True).first()
    return (last or 0) <= LIVE_UP_TO


def standings(condition: Condition, user: User | None = None) -> QuerySet[Standing]:
    """Where the current customers stand that a condition holds for, asked row by row."""
    rows = Standing.objects.all() if user is None else access.standings(user)
    return rows.filter(among(condition), current=True)


def among(condition: Condition) -> Exists:
    """Of a standing, whether the condition holds for its engagement."""
    return Exists(matching(condition).order_by().filter(pk=OuterRef("pk")))


def counted(rows: QuerySet[Standing]) -> Figures:
    found = rows.order_by().aggregate(
        customers=Count("pk"), measured=Count("gap"), stake=Sum("stake"), gap=Avg("gap")
    )
    return Figures(found["customers"], found["measured"], found["stake"] or 0, found["gap"])


def plus(known: Figures, condition: Condition, reads: QuerySet[Engagement]) -> Figures:
    """With the restricted ones: few, so that they are looked up."""
    mine = Standing.objects.filter(current=True, pk__in=reads.order_by().values("pk"))
    if not mine.exists():
        return known
    more = counted(mine.filter(among(condition)))
    measured = known.measured + more.measured
    gaps = (known.gap or 0.0) * known.measured + (more.gap or 0.0) * more.measured
    return Figures(
        known.customers + more.customers,
        measured,
        known.stake + more.stake,
        gaps / measured if measured else None,
        known.day,
    )


def latest(segments: Iterable[Segment]) -> dict[int, Figures]:
    """The last round's figures of each segment."""
    rows = SegmentFigures.objects.filter(segment__in=list(segments)).order_by("segment", "day")
    return {
        row.segment_id: Figures(row.customers, row.measured, row.stake, row.gap, row.day)
        for row in rows
    }


def how_many(condition: Condition, user: User) -> tuple[int, bool]:
    """(current customers whom a condition holds for, whether there are more than counted)."""
    rows = standings(condition, user).order_by().values("pk")[: MOST_COUNTED + 1]
    found = rows.count()
    return min(found, MOST_COUNTED), found > MOST_COUNTED


def keep_figures(day: date) -> None:
    """Write down the day's figures of every segment in use; one short transaction each."""
    for segment in Segment.objects.filter(retired_at=None):
        keep(segment, day)


@transaction.atomic
def keep(segment: Segment, day: date) -> None:
    """The day's figures of what every colleague may read."""
    open_to_all = Q(engagement__restricted=False)
    found = counted(standings(load(segment.condition)).filter(open_to_all))
    SegmentFigures.objects.update_or_create(
        segment=segment,
        day=day,
        defaults={
            "customers": found.customers,
            "measured": found.measured,
            "stake": found.stake,
            "gap": found.gap,
        },
    )


def holds_standards(segment: Segment) -> bool:
    """Whether a standard rests on the segment, so that it must be known of any day."""
    return Goal.objects.filter(segment=segment, targets__ended_at=None).exists()
