"""The verbs of using an asset: it was shown, finished, and did help or not."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from banso.assets.models import AssetVersion, Showing
from banso.base import activity
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.parties.models import Party


@transaction.atomic
def show(
    *,
    version: AssetVersion,
    engagement: Engagement,
    by: User | None,
    person: Party | None = None,
    way: str = Showing.Way.HAND,
    at: datetime | None = None,
    once: str | None = None,
) -> Showing:
    """Write down that a version was shown to a customer; with `once`, one time for ever: asked
    again, it gives back what was written then."""
    words = {
        "asset_id": version.asset_id,
        "version": version,
        "engagement": engagement,
        "person": person,
        "way": way,
        "at": at or timezone.now(),
        "by": by,
    }

    if once is None:
        showing, new = Showing.objects.create(**words), True
    else:
        showing, new = Showing.objects.get_or_create(once=once, defaults=words)
    if new:
        verb = "asset.followed" if way == Showing.Way.CALL else "asset.shown"
        record(showing, verb, by, {"asset": version.asset_id, "way": way})
    return showing


@transaction.atomic
def finish(*, showing: Showing, by: User | None, at: datetime | None = None) -> Showing:
    """They went through it to its end; asking twice is harmless."""
    showing = locked(showing)
    if showing.finished_at is not None:
        return showing
    showing.finished_at = at or timezone.now()
    showing.save(update_fields=["finished_at"])
    record(showing, "asset.finished", by, {"asset": showing.asset_id})
    return showing


@transaction.atomic
def react(*, showing: Showing, reaction: str, by: User | None) -> Showing:
    """Whether it helped them, as they say it or as it was seen; the last word counts."""
    showing = locked(showing)
    if showing.reaction == reaction:
        return showing
    showing.reaction = reaction
    showing.save(update_fields=["reaction"])
    detail = {"asset": showing.asset_id, "reaction": reaction}
    record(showing, "asset.reacted", by, detail)
    return showing


def locked(showing: Showing) -> Showing:
    return Showing.objects.select_for_update().get(pk=showing.pk)


def record(showing: Showing, verb: str, by: User | None, detail: dict[str, object]) -> None:
    activity.record(
        verb,
        actor=by,
        engagement_id=showing.engagement_id,
        subject_id=showing.pk,
        detail=detail,
    )
