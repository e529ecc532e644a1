"""What the other side said to a plan, as it was known on a day."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from banso.base.models import Notification
from banso.base.workspace import day_end
from banso.engagements.models import Engagement
from banso.goals.models import Reply


def open_replies(ids: Collection[int], as_of: date) -> dict[int, Reply]:
    """The latest "not quite" of each engagement whose answering step was still open."""
    rows = unanswered(as_of).filter(goal__engagement__in=list(ids)).select_related("goal")
    return {row.goal.engagement_id or 0: row for row in rows.order_by("at", "id")}


def contradicted(as_of: date, ids: Collection[int] | None = None) -> set[int]:
    """The engagements who said "not quite" and whom nobody has answered yet."""
    rows = unanswered(as_of)
    if ids is not None:
        rows = rows.filter(goal__engagement__in=list(ids))
    return set(rows.values_list("goal__engagement_id", flat=True))


def unanswered(as_of: date) -> QuerySet[Reply]:
    end = day_end(as_of)
    waiting = Q(action__closed_at=None, action__isnull=False) | Q(action__closed_at__gte=end)
    return Reply.objects.filter(waiting, agreed=False, at__lt=end)


def replies_by(ids: Collection[int]) -> Mapping[int, Reply]:
    """What notifications of replies are about."""
    return Reply.objects.in_bulk(list(ids))


def to_plan(notification: Notification, engagement: Engagement) -> str:
    """Where notifications of replies lead."""
    return reverse("plan", args=[engagement.uid])
