"""Verbs of talk: comment, edit, delete, follow.

Who may do them is decided before, by banso.talk.access.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from banso.actions.models import Action, Contact
from banso.base import search
from banso.base.activity import record
from banso.base.models import User
from banso.base.notices import notify
from banso.core.markup import mentioned
from banso.engagements.models import Engagement
from banso.goals.models import Goal
from banso.talk.access import followers, names_of_readers
from banso.talk.models import Comment, Follow


@dataclass(frozen=True)
class About:
    """What of the engagement a comment is about; nothing set: the engagement itself."""

    action: Action | None = None
    contact: Contact | None = None
    goal: Goal | None = None


@transaction.atomic
def comment(*, engagement: Engagement, by: User, text: str, about: About | None = None) -> Comment:
    """Say something to colleagues: those mentioned and those who follow are told, and whoever
    takes part follows from now on (unless they chose not to)."""
    names = names_of_readers(engagement)
    named = mentioned(text, names)

    row = Comment.objects.create(
        engagement=engagement, by=by, text=text, at=timezone.now(), **vars(about or About())
    )
    row.mentions.set(named)
    search.index("comment", [(row.pk, text)])
    tell(row, "comment.mentioned", named, by)
    tell(row, "comment.written", (followers(engagement) & set(names)) - named, by)
    take_part(engagement, {by.pk} | named)
    record_of(row, "comment.written", by)
    return row


@transaction.atomic
def edit_comment(*, comment: Comment, by: User, text: str) -> bool:
    """Put it differently; who is mentioned only now is told. False when nothing changed."""
    row = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    before = set(row.mentions.values_list("pk", flat=True))
    named = mentioned(text, names_of_readers(row.engagement))

    if row.text == text or row.deleted_at is not None:
        return False

    row.text, row.edited_at = text, timezone.now()
    row.save(update_fields=["text", "edited_at"])
    row.mentions.set(named)
    search.index("comment", [(row.pk, text)])
    tell(row, "comment.mentioned", named - before, by)
    take_part(row.engagement, named)
    record_of(row, "comment.edited", by)
    return True


@transaction.atomic
def delete_comment(*, comment: Comment, by: User) -> bool:
    """Blank the comment in place, for search too; asking twice is harmless."""
    row = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)

    if row.deleted_at is not None:
        return False

    row.text, row.deleted_at = "", timezone.now()
    row.save(update_fields=["text", "deleted_at"])
    row.mentions.clear()
    search.forget("comment", [row.pk])
    record_of(row, "comment.deleted", by)
    return True


@transaction.atomic
def follow(*, engagement: Engagement, by: User, on: bool) -> None:
    """Hear of the engagement's comments from now on, or not any more."""
    Follow.objects.update_or_create(engagement=engagement, user=by, defaults={"on": on})
    verb = "engagement.followed" if on else "engagement.unfollowed"
    record(verb, actor=by, engagement_id=engagement.pk)


def tell(row: Comment, verb: str, users: Collection[int], by: User) -> None:
    notify(verb, users, actor=by, engagement_id=row.engagement_id, subject_id=row.pk)


def take_part(engagement: Engagement, users: Collection[int]) -> None:
    Follow.objects.bulk_create(
        [Follow(engagement=engagement, user_id=each) for each in sorted(users)],
        ignore_conflicts=True,
    )


def record_of(row: Comment, verb: str, by: User) -> None:
    record(verb, actor=by, engagement_id=row.engagement_id, subject_id=row.pk)
