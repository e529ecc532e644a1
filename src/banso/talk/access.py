"""Who reads and changes which comment; who follows and may be mentioned."""

from datetime import timedelta

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from banso.base.models import Role, User
from banso.base.roles import MANAGERS
from banso.engagements.access import readable, readers
from banso.engagements.models import Engagement
from banso.talk.models import Comment, Follow

EDITABLE = timedelta(hours=24)


def comments(user: User) -> QuerySet[Comment]:
    """The comments on every engagement that `user` may read."""
    return Comment.objects.filter(readable(user))


def comment_or_404(user: User, uid: str) -> Comment:
    """The comment of that name; Http404 for one that is deleted or that `user` may not read."""
    rows = comments(user).filter(deleted_at=None).select_related("engagement__party", "by")
    return get_object_or_404(rows, uid=uid)


def may_edit(user: User, comment: Comment) -> bool:
    """Its author, for a day."""
    fresh = timezone.now() - comment.at < EDITABLE
    return comment.by_id == user.pk and comment.deleted_at is None and fresh


def may_delete(user: User, role: Role, comment: Comment) -> bool:
    """Its author and managers, at any time."""
    return comment.deleted_at is None and (comment.by_id == user.pk or role in MANAGERS)


def names_of_readers(engagement: Engagement) -> dict[int, str]:
    """Who may be mentioned: everybody in post who may read the engagement, by id."""
    return dict(readers(engagement).values_list("pk", "name"))


def follows(user: User, engagement: Engagement) -> bool:
    """Whether `user` hears of the engagement's comments: as they chose, else as its owner."""
    chosen = Follow.objects.filter(user=user, engagement=engagement).first()
    return chosen.on if chosen else engagement.owner_id == user.pk


def followers(engagement: Engagement) -> set[int]:
    """The ids of all who follow; some of them may not read it (any more)."""
    chosen = dict(Follow.objects.filter(engagement=engagement).values_list("user_id", "on"))
    if engagement.owner_id is not None:
        chosen.setdefault(engagement.owner_id, True)
    return {user for user, on in chosen.items() if on}
