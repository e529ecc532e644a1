"""Telling members of staff what concerns them: in the product, by digest, or by mail at once.

An action calls `notify` within its transaction; rooms say with `wording` how a verb reads and
with `offer_subjects` what it is about. Who may still read the customer is asked again whenever a
notification is shown or mailed.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import strip_tags

from banso.base.models import Notification, NotificationRule, StaffGrant, User

type Rows = Mapping[int, Any]
type Link = Callable[[Notification, Any], str]

MOST_UNREAD = 100


@dataclass(frozen=True)
class Wording:
    """How notifications of a verb read: `template` is one line, rendered with `notification`,
    `engagement`, `subject` (None in mails), `mail`, and `on`, the day that `detail` holds under
    that name; `how` holds unless the user chose."""

    template: str
    label: str | Promise
    icon: str
    how: str
    link: Link | None
    subjects: Callable[[Collection[int]], Rows] | None


@dataclass(frozen=True)
class Line:
    """One notification in the reader's words, without markup, and where it leads."""

    notification: Notification
    engagement: Any
    text: str
    href: str
    icon: str

    @property
    def unread(self) -> bool:
        return self.notification.read_at is None


def no_engagements(user: User, ids: Collection[int]) -> Rows:
    return {}


WORDINGS: dict[str, Wording] = {}
READABLE: list[Callable[[User, Collection[int]], Rows]] = [no_engagements]
"""The last one gives the engagements among `ids` that `user` may read; the room of engagements
adds its own when it gets ready."""


def wording(
    verb: str,
    template: str,
    *,
    label: str | Promise,
    icon: str = "bell",
    how: str = Notification.How.DIGEST,
    link: Link | None = None,
    subjects: Callable[[Collection[int]], Rows] | None = None,
) -> None:
    """Say how a verb reads; called from the room's AppConfig.ready.

    `label` names the kind where users choose how they are told. `link` gives the address a
    notification leads to (default: the customer's page). `subjects` finds the rows it is about
    by their ids, in one query, for the words in the product.
    """
    WORDINGS[verb] = Wording(template, label, icon, how, link, subjects)


def notify(
    verb: str,
    users: Collection[int | None],
    *,
    actor: User | None,
    engagement_id: int | None = None,
    subject_id: int | None = None,
    detail: Mapping[str, object] | None = None,
    once: str | None = None,
) -> None:
    """Tell these users (ids; None is nobody) that it happened; call it inside the action's
    transaction.

    The actor, who has left, and who does not want to know are left out; the caller drops those
    who may not read the engagement (`engagements.access.readers_of`). `detail` holds ids, counts,
    days and codes only. The same `once` is told to the same user one time for ever.
    """
    receivers = set(users) - {actor.pk if actor else None}
    told = how_told(verb, in_post(receivers), engagement_id)
    now = timezone.now()
    Notification.objects.bulk_create(
        [
            Notification(
                user_id=user,
                verb=verb,
                engagement_id=engagement_id,
                subject_id=subject_id,
                actor=actor,
                detail=dict(detail or {}),
                once=once,
                how=how,
                at=now,
            )
            for user, how in sorted(told.items())
        ],
        ignore_conflicts=once is not None,
    )


def in_post(users: Collection[int | None]) -> list[int]:
    found = StaffGrant.objects.filter(user__in=users, ended_at=None)
    return list(found.values_list("user_id", flat=True))


def how_told(verb: str, users: Sequence[int], engagement_id: int | None) -> dict[int, str]:
    """How each of the users is told of the verb; those who do not want to know are absent."""
    said = Q(verb=verb)
    if engagement_id is not None:
        said |= Q(engagement_id=engagement_id)
    rules = NotificationRule.objects.filter(said, user__in=users).values_list("user_id", "how")
    usual = WORDINGS[verb].how
    chosen: dict[int, str] = dict.fromkeys(users, usual)
    muted = set()
    for user, how in rules:
        chosen[user] = how
        muted |= {user} if how == NotificationRule.How.OFF else set()
    return {user: how for user, how in chosen.items() if user not in muted}


def unread(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user, read_at=None)


def unread_count(user: User) -> int:
    """How many are unread, at most 100: one look into an index."""
    return unread(user)[:MOST_UNREAD].count()


def opened(
    user: User,
    *,
    engagement_id: int | None = None,
    verb: str | None = None,
    subject_id: int | None = None,
) -> None:
    """`user` opened what these notifications are about: they are read."""
    words = {"engagement_id": engagement_id, "verb": verb, "subject_id": subject_id}
    mine = unread(user).filter(**{name: word for name, word in words.items() if word is not None})
    if mine.exists():
        mine.update(read_at=timezone.now())


def withdraw(engagement_id: int, readers: Collection[int]) -> None:
    """The engagement is for `readers` only from now on: nobody else keeps a word of it."""
    told = Notification.objects.filter(engagement_id=engagement_id)
    told.exclude(user__in=readers).delete()


def lines_of(
    user: User, rows: Sequence[Notification], *, mail: bool = False, base: str = ""
) -> list[Line]:
    """The notifications in the words of the active language, in their order; a fixed number of
    statements. Left out are those of customers that `user` may not read (any more). In a mail
    they name no more of the other side than the customer; `base` goes before the addresses."""
    ids = {row.engagement_id for row in rows if row.engagement_id is not None}
    readable = READABLE[-1](user, ids) if ids else {}
    subjects = {} if mail else subjects_of(rows)
    return [
        line(row, readable.get(row.engagement_id or 0), subjects, mail=mail, base=base)
        for row in rows
        if row.verb in WORDINGS and (row.engagement_id is None or row.engagement_id in readable)
    ]


def subjects_of(rows: Sequence[Notification]) -> dict[tuple[str, int], Any]:
    """What the notifications are about, by verb and id."""
    found: dict[tuple[str, int], Any] = {}
    for verb in {row.verb for row in rows}:
        told = WORDINGS.get(verb)
        ids = {row.subject_id for row in rows if row.verb == verb and row.subject_id is not None}
        if told is not None and told.subjects is not None and ids:
            found |= {(verb, number): row for number, row in told.subjects(ids).items()}
    return found


def line(
    row: Notification,
    engagement: Any,
    subjects: Mapping[tuple[str, int], Any],
    *,
    mail: bool,
    base: str,
) -> Line:
    told = WORDINGS[row.verb]
    subject = subjects.get((row.verb, row.subject_id or 0))
    on = row.detail.get("on")
    words = {
        "notification": row,
        "engagement": engagement,
        "subject": subject,
        "mail": mail,
        "on": date.fromisoformat(on) if on else None,
    }
    text = plain(render_to_string(told.template, words))
    return Line(row, engagement, text, base + href_of(row, engagement), told.icon)


def href_of(row: Notification, engagement: Any) -> str:
    link = WORDINGS[row.verb].link
    if link is not None:
        return link(row, engagement)
    return reverse("customer", args=[engagement.uid]) if engagement else reverse("notifications")


def plain(html: str) -> str:
    """The words of a rendered line on one line."""
    return unescape(strip_tags(" ".join(html.split())))
