"""What notifications of comments are about."""

from collections.abc import Collection

from banso.talk.models import Comment


def comments_told(ids: Collection[int]) -> dict[int, Comment]:
    """The comments by id, deleted ones left out."""
    return Comment.objects.filter(deleted_at=None).in_bulk(list(ids))
