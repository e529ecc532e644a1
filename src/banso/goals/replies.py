"""What the other side said to a plan, as it was known on a day."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from banso.base.workspace import day_end
from banso.goals.models import Reply


def open_replies(ids: Collection[int], as_of: date) -> dict[int, Reply]:
    """The latest "not quite" of each engagement whose answering step was still open."""
    end = day_end(as_of)
    waiting = Q(action__closed_at=None, action__isnull=False) | Q(action__closed_at__gte=end)
    rows = Reply.objects.filter(
        waiting, goal__engagement__in=list(ids), agreed=False, at__lt=end
    ).select_related("goal", "version")
    return {row.goal.engagement_id or 0: row for row in rows.order_by("at", "id")}
