"""The one record of what happened."""

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from banso.base.models import Activity, User, Workspace


def record(
    verb: str,
    *,
    actor: User | None,
    engagement_id: int | None = None,
    subject_id: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> Activity:
    """Insert the activity `<noun>.<past verb>`; call it inside the action's transaction.

    `detail` holds ids, counts and codes only. Without an actor the system did it.
    """
    return Activity.objects.create(
        verb=verb,
        at=timezone.now(),
        actor=actor,
        engagement_id=engagement_id,
        subject_id=subject_id,
        detail=dict(detail or {}),
    )


@transaction.atomic
def seal(limit: int = 200) -> int:
    """Give committed rows their position and hash chain; returns how many were sealed.

    The lock on the workspace row makes the sealer single, so positions have no gaps and a
    reader who follows them never skips a row that was committed late.
    """
    Workspace.objects.select_for_update().filter(id=1).first()
    waiting = list(Activity.objects.filter(position=None).order_by("id")[:limit])
    position = Activity.objects.aggregate(last=Max("position"))["last"] or 0
    last = Activity.objects.filter(position=position).first()
    digest = last.digest if last else ""
    for number, row in enumerate(waiting, start=position + 1):
        row.position, row.digest = number, chained(digest, row)
        digest = row.digest
    Activity.objects.bulk_update(waiting, ["position", "digest"])
    return len(waiting)


def chained(previous: str, row: Activity) -> str:
    """SHA-256 of the row behind the digest of the row before it."""
    content = [
        previous,
        row.verb,
        row.at.isoformat(),
        row.actor_id,
        row.engagement_id,
        row.subject_id,
        row.detail,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
