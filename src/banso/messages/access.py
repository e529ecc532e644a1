"""Who sees and handles which messages: those of the customers one may read, or write for."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from banso.assets.access import in_use
from banso.assets.models import Asset
from banso.base.models import Role, User
from banso.engagements.access import engagement_or_404, readable, require_write
from banso.engagements.models import Engagement
from banso.messages.models import Message
from banso.messages.people import Reader, readers_at


def messages(user: User) -> QuerySet[Message]:
    """Those of every engagement that `user` may read."""
    return Message.objects.filter(readable(user))


def message_or_404(user: User, uid: str) -> Message:
    rows = messages(user).select_related("engagement__party", "person", "version__asset", "by")
    return get_object_or_404(rows, uid=uid)


def own_message(user: User, role: Role, uid: str) -> Message:
    """One to act on: 404 to a stranger, 403 to one who only reads."""
    found = message_or_404(user, uid)
    require_write(user, role, found.engagement)
    return found


def own_engagement(user: User, role: Role, uid: str) -> Engagement:
    """As `own_message`, for a customer."""
    found = engagement_or_404(user, uid)
    require_write(user, role, found)
    return found


def reader_or_404(engagement: Engagement, uid: str) -> Reader:
    """Somebody who is at the customer now."""
    found = next((each for each in readers_at(engagement) if each.at.uid == uid), None)
    if found is None:
        raise Http404
    return found


def templates(user: User) -> QuerySet[Asset]:
    """The templates that may be sent, the latest changed first."""
    rows = in_use(user, Asset.Kind.TEMPLATE).select_related("current")
    return rows.order_by("-changed_at", "-pk")
