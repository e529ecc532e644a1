"""Colleagues hear of what became of a message."""

from banso.base.notices import notify
from banso.engagements.access import readers_of
from banso.messages.models import Message


def tell(row: Message, verb: str) -> None:
    """Who wrote it hears of it, of a play's the customer's owner, as far as they may read it;
    once for each time it was tried."""
    receiver = row.by_id or row.engagement.owner_id
    tried = int((row.tried_at or row.written_at).timestamp())
    notify(
        verb,
        {receiver} & readers_of(row.engagement_id),
        actor=None,
        engagement_id=row.engagement_id,
        subject_id=row.pk,
        once=f"{verb}:{row.pk}:{tried}",
    )
