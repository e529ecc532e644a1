"""What the pages of comments show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from banso.actions.models import Action, Contact
from banso.base import search
from banso.base.models import Role, User
from banso.base.roles import WRITERS
from banso.core.markup import Piece, lines
from banso.engagements.models import Engagement
from banso.goals.models import Goal
from banso.talk.access import comments, follows, may_delete, may_edit
from banso.talk.forms import CommentForm
from banso.talk.models import Comment

LATEST = 5
MOST = 200
FOUND = 20


@dataclass(frozen=True)
class Said:
    """A comment cut into lines of pieces, and what the reader may do with it."""

    comment: Comment
    lines: Sequence[Sequence[Piece]]
    may_edit: bool
    may_delete: bool


@dataclass(frozen=True)
class Thread:
    """The comments on an engagement, or on one thing of it, the oldest first; `more` earlier
    ones are not shown."""

    engagement: Engagement
    about: Action | Contact | Goal | None
    kind: str
    said: Sequence[Said]
    more: bool
    follows: bool
    may_write: bool
    form: CommentForm
    whole: bool

    @property
    def key(self) -> str:
        """What the form says it is about: "action:<uid>", "contact:<uid>", "plan" or nothing."""
        if self.about is None:
            return ""
        return "plan" if self.kind == "goal" else f"{self.kind}:{self.about.uid}"


@dataclass(frozen=True)
class EditPage:
    comment: Comment
    engagement: Engagement
    form: CommentForm


@dataclass(frozen=True)
class CommentsPage:
    """The latest comments the reader may read, or those that hold the words asked for."""

    q: str
    mine: bool
    said: Sequence[Said]

    @property
    def all(self) -> bool:
        return not self.mine


def thread(
    engagement: Engagement,
    *,
    user: User,
    role: Role,
    about: Action | Contact | Goal | None = None,
    form: CommentForm | None = None,
    whole: bool = False,
) -> Thread:
    """The latest few, or the whole of it; a fixed number of statements."""
    kind = type(about).__name__.lower() if about is not None else ""
    rows = Comment.objects.filter(engagement=engagement)
    chosen = rows.filter(**{kind: about}) if kind else rows
    shown = MOST if whole else LATEST
    latest = list(with_people(chosen.order_by("-at", "-id"))[: shown + 1])
    return Thread(
        engagement=engagement,
        about=about,
        kind=kind,
        said=[said(row, user, role) for row in reversed(latest[:shown])],
        more=len(latest) > shown,
        follows=follows(user, engagement),
        may_write=role in WRITERS,
        form=form or CommentForm(),
        whole=whole,
    )


def said_until(engagement: Engagement, end: datetime, limit: int) -> list[Said]:
    """The latest comments before `end`, for a timeline: to read only."""
    rows = Comment.objects.filter(engagement=engagement, at__lt=end, deleted_at=None)
    latest = with_people(rows.order_by("-at", "-id"))[:limit]
    return [Said(row, cut(row), may_edit=False, may_delete=False) for row in latest]


def comments_page(user: User, role: Role, *, q: str, mine: bool) -> CommentsPage:
    """The latest first; `mine`: only those that mention `user`."""
    rows = comments(user).filter(deleted_at=None)
    if q:
        rows = rows.filter(pk__in=search.found("comment", q))
    if mine:
        rows = rows.filter(mentions=user)
    latest = with_people(rows.select_related("engagement__party").order_by("-at", "-id"))
    return CommentsPage(q, mine, [said(row, user, role) for row in latest[:FOUND]])


def found_comments(user: User, q: str) -> int:
    """How many comments hold the words, at most 20."""
    if not q:
        return 0
    return comments(user).filter(deleted_at=None, pk__in=search.found("comment", q))[:FOUND].count()


def with_people(rows: QuerySet[Comment]) -> QuerySet[Comment]:
    return rows.select_related("by", "action", "contact", "goal").prefetch_related("mentions")


def said(row: Comment, user: User, role: Role) -> Said:
    edit, delete = may_edit(user, row), may_delete(user, role, row)
    return Said(row, cut(row), edit and role in WRITERS, delete and role in WRITERS)


def cut(row: Comment) -> list[list[Piece]]:
    """The comment's text in pieces, its mentions those that were told."""
    return lines(row.text, {each.pk: each.name for each in row.mentions.all()})
