"""The verbs of sharing a plan with the other side: a link, its code, their answer.

Who may share is decided before, by banso.engagements.access; who may answer is whoever holds
the link's secret and, where one is required, the code sent to its address.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from banso.actions.actions import NextStep, add_action
from banso.base import activity
from banso.base.models import User
from banso.base.notices import notify
from banso.engagements.access import readers_of
from banso.engagements.models import Engagement
from banso.goals.actions import agree_to, goal_of
from banso.goals.models import Agreement, Reply, ShareCode, ShareLink
from banso.goals.share_content import ShareContent
from banso.goals.versions import version_of
from banso.parties.models import Party

LIFE_DAYS = 14
CODE_LIFE = timedelta(minutes=10)
CODE_ATTEMPTS = 5
CODE_PAUSE = timedelta(seconds=30)
CODES_AN_HOUR = 5
CODES_A_DAY = 15
MOST_REPLIES = 20
CODE_SALT = "banso.share-code"


class Refused(Exception):
    """The verb does not apply; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Addressee:
    """Whom a link is for, and how they read it."""

    name: str
    email: str = ""
    person: Party | None = None
    language: str = "ja"
    code_required: bool = True


@dataclass(frozen=True)
class Made:
    """A new link; its secret is told once and kept nowhere."""

    link: ShareLink
    secret: str


@transaction.atomic
def make_link(
    *,
    engagement: Engagement,
    by: User | None,
    content: ShareContent,
    to: Addressee,
    hidden: tuple[str, ...] = (),
    days: int = LIFE_DAYS,
) -> Made:
    """Show this content to somebody by a link that works for some days; the plan is shared.

    Raises Refused("nothing_to_agree") for a page without words and targets.
    """
    if not content.words and not content.targets:
        raise Refused("nothing_to_agree")
    goal = goal_of(engagement)
    secret = secrets.token_urlsafe(24)

    version = version_of(goal=goal, by=by, content=content, hidden=hidden)
    link = ShareLink.objects.create(
        version=version,
        person=to.person,
        name=to.name,
        email=to.email,
        language=to.language,
        code_required=to.code_required,
        digest=digest_of(secret),
        made_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    Agreement.objects.create(
        goal=goal,
        state=Agreement.State.SHARED,
        on=content.as_of,
        by=by,
        snapshot=version.terms,
        version=version,
    )
    record(link, "link.made", by, {"version": version.number, "days": days})
    return Made(link, secret)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def revoke_link(*, link: ShareLink, by: User) -> ShareLink:
    """The link opens nothing any more; asking twice is harmless."""
    link = locked(link)
    if link.revoked_at:
        return link

    link.revoked_at, link.revoked_by = timezone.now(), by
    link.save(update_fields=["revoked_at", "revoked_by"])
    record(link, "link.revoked", by, {"version": link.version.number})
    return link


def link_of(secret: str) -> ShareLink | None:
    """The link this secret was made for, be it still open or not."""
    return (
        ShareLink.objects.filter(digest=digest_of(secret))
        .select_related("version__goal__engagement__owner", "person")
        .first()
    )


def is_open(link: ShareLink, now: datetime | None = None) -> bool:
    """Whether it still opens: neither revoked nor run out."""
    return link.revoked_at is None and link.expires_at > (now or timezone.now())


@transaction.atomic
def note_opening(*, link: ShareLink) -> None:
    """The page was shown to them; the first time is told to us."""
    now = timezone.now()
    first = ShareLink.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=now)
    ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1, last_opened_at=now)
    if first:
        record(link, "link.opened", None, {"version": link.version.number})


@transaction.atomic
def new_code(*, link: ShareLink) -> str:
    """A fresh six-digit code; the ones before it stop working.

    Raises Refused("too_soon") within half a minute of the last one, Refused("too_many_codes")
    after five in an hour or fifteen in a day.
    """
    link, now = locked(link), timezone.now()
    sent = [
        each.sent_at
        for each in link.codes.filter(sent_at__gt=now - timedelta(days=1)).only("sent_at")
    ]
    if any(each > now - CODE_PAUSE for each in sent):
        raise Refused("too_soon")
    hour = sum(each > now - timedelta(hours=1) for each in sent)
    if hour >= CODES_AN_HOUR or len(sent) >= CODES_A_DAY:
        raise Refused("too_many_codes")

    code = f"{secrets.randbelow(10**6):06}"
    ShareCode.objects.create(link=link, digest=code_digest(link, code))
    return code


def code_digest(link: ShareLink, code: str) -> str:
    """Six digits are few: the digest is keyed, so that a copy of the database guesses none."""
    return salted_hmac(CODE_SALT, f"{link.pk} {code}", algorithm="sha256").hexdigest()


def use_code(*, link: ShareLink, code: str) -> ShareCode:
    """Open the page with the latest code. Every try counts, also one that is refused.

    Raises Refused: "no_code" (none sent, used or run out), "too_many_attempts", "wrong_code".
    """
    row = try_code(link=link, code=code)
    if row is None:
        raise Refused("no_code")
    if row.used_at is None:
        raise Refused("wrong_code" if row.attempts < CODE_ATTEMPTS else "too_many_attempts")
    return row


@transaction.atomic
def try_code(*, link: ShareLink, code: str) -> ShareCode | None:
    """Count the try and mark the code used if it is right; None where none waits. Committed
    before anything is refused, so that no refusal takes the count back."""
    row = latest_code(locked(link))
    if row is None or row.attempts >= CODE_ATTEMPTS:
        return row

    row.attempts += 1
    right = constant_time_compare(row.digest, code_digest(link, code))
    row.used_at = timezone.now() if right else None
    row.save(update_fields=["attempts", "used_at"])
    return row


def code_waits(link: ShareLink) -> bool:
    """Whether a code was sent that may still be typed."""
    row = latest_code(link)
    return row is not None and row.attempts < CODE_ATTEMPTS


def latest_code(link: ShareLink) -> ShareCode | None:
    """The last code sent, unless it was used or has run out."""
    row = link.codes.order_by("-sent_at", "-id").first()
    gone = row is None or row.used_at is not None or row.sent_at < timezone.now() - CODE_LIFE
    return None if gone else row


@transaction.atomic
def say_yes(*, link: ShareLink, name: str) -> Reply:
    """They agree to this version; saying it twice is harmless.

    Raises Refused("closed") for a link that opens no more.
    """
    link = opened(link)
    if said := link.replies.filter(agreed=True).first():
        return said
    version, goal = link.version, link.version.goal

    reply = Reply.objects.create(goal=goal, link=link, version=version, agreed=True, name=name)
    person = link.person if name == link.name else None
    agree_to(version=version, how=Agreement.How.LINK, person=person, name=name)
    tell("reply.agreed", reply)
    return reply


@transaction.atomic
def say_not_quite(*, link: ShareLink, name: str, words: str, step: NextStep) -> Reply:
    """They say what is not right, verbatim; `step` is how we answer.

    Raises Refused("closed"), or Refused("too_many_replies") after twenty.
    """
    link = opened(link)
    if link.replies.count() >= MOST_REPLIES:
        raise Refused("too_many_replies")
    version, goal = link.version, link.version.goal
    assert goal.engagement is not None

    action = add_action(engagement=goal.engagement, by=None, step=step)
    reply = Reply.objects.create(
        goal=goal,
        link=link,
        version=version,
        agreed=False,
        words=words,
        name=name,
        action=action,
    )
    activity.record(
        "reply.received",
        actor=None,
        engagement_id=goal.engagement_id,
        subject_id=reply.pk,
        detail={"version": version.number, "action": action.pk},
    )
    tell("reply.received", reply)
    return reply


def tell(verb: str, reply: Reply) -> None:
    """Whoever looks after them, answers them or made the link hears of it, if they may read."""
    engagement, link, action = reply.goal.engagement, reply.link, reply.action
    assert engagement is not None
    concerned = {
        engagement.owner_id,
        link.made_by_id if link else None,
        action.owner_id if action else None,
    }
    notify(
        verb,
        concerned & readers_of(engagement.pk),
        actor=None,
        engagement_id=engagement.pk,
        subject_id=reply.pk,
        detail={"version": reply.version.number},
    )


def opened(link: ShareLink) -> ShareLink:
    link = locked(link)
    if not is_open(link):
        raise Refused("closed")
    return link


def locked(link: ShareLink) -> ShareLink:
    rows = ShareLink.objects.select_related("version__goal__engagement", "person")
    return rows.select_for_update(of=("self",)).get(pk=link.pk)


def record(link: ShareLink, verb: str, by: User | None, detail: dict[str, object]) -> None:
    activity.record(
        verb,
        actor=by,
        engagement_id=link.version.goal.engagement_id,
        subject_id=link.pk,
        detail=detail,
    )
