"""What one customer was given: what runs, what it did, and what may be given."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from banso.base.models import Role, User
from banso.engagements.access import may_write
from banso.engagements.models import Engagement
from banso.plays import access
from banso.plays.models import Intervention, Play

LISTED = 50


@dataclass(frozen=True)
class GivenLine:
    """An intervention with how many of its steps have ended, of how many."""

    row: Intervention
    ended: int
    steps: int


@dataclass(frozen=True)
class CustomerPlays:
    """`offered` are the plays in use that they are not having."""

    engagement: Engagement
    running: Sequence[GivenLine]
    past: Sequence[GivenLine]
    offered: Sequence[Play]
    may_write: bool


def customer_plays(engagement: Engagement, user: User, role: Role) -> CustomerPlays:
    rows = Intervention.objects.filter(engagement=engagement).select_related(
        "play", "run__version__metric"
    )
    counted = rows.annotate(
        all_steps=Count("steps"), over=Count("steps", filter=Q(steps__ended_at__isnull=False))
    )
    lines = [
        GivenLine(row, row.over, row.all_steps)
        for row in counted.order_by("-as_of", "-id")[:LISTED]
    ]
    running = [each for each in lines if each.row.ended_at is None]
    having = {each.row.play_id for each in running}
    active = access.plays(user).filter(activated_at__isnull=False, retired_at=None)
    return CustomerPlays(
        engagement=engagement,
        running=running,
        past=[each for each in lines if each.row.ended_at is not None],
        offered=[each for each in active if each.pk not in having],
        may_write=may_write(user, role, engagement),
    )
