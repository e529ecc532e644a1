"""What the other side sees. Each page is one frozen value made of what may be shared, and its
template is given nothing else: no request, no user, no row of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from banso.base.fields import localized
from banso.base.workspace import workspace
from banso.core.targets import progress, reached
from banso.goals.models import ShareLink
from banso.goals.share_content import ShareContent, SharedStep, SharedTarget, load
from banso.metrics.wording import value_text
from banso.web.formats import language

type Mood = Literal["open", "agreed", "not_quite"]


@dataclass(frozen=True)
class TargetLine:
    """One target in words: then, now, ideal, and how much of the way is gone (0-1 or None)."""

    name: str
    then: str
    now: str
    ideal: str
    upward: bool
    due_on: date | None
    way: float | None


@dataclass(frozen=True)
class Said:
    """What they answered here before."""

    words: str
    at: datetime


@dataclass(frozen=True)
class AnswerForm:
    """Where the answer goes, what was typed into it, and the code of what is wrong with it.

    `asks_name`: nobody proved who they are, so they say it.
    """

    url: str
    asks_name: bool
    name: str
    words: str = ""
    problem: str = ""


@dataclass(frozen=True)
class SharePage:
    """The shared plan. `form` is None in a preview and after a yes."""

    language: str
    synthetic: bool
    company: str
    customer: str
    to: str
    number: int
    as_of: date
    expires_on: date | None
    words: str
    said_by: str
    said_on: date | None
    ideal: str
    note: str
    targets: Sequence[TargetLine]
    ours: Sequence[SharedStep]
    theirs: Sequence[SharedStep]
    talk_to: str
    talk_to_email: str
    mood: Mood = "open"
    agreed_by: str = ""
    agreed_on: date | None = None
    said: Sequence[Said] = ()
    form: AnswerForm | None = None
    help_url: str = ""


@dataclass(frozen=True)
class CodePage:
    """The door: a code goes to the address the link was made for. `sent`: one is waiting."""

    language: str
    synthetic: bool
    company: str
    url: str
    sent: bool
    problem: str = ""


@dataclass(frozen=True)
class ClosedPage:
    """No page: `company` is told only to who holds a secret that once opened one."""

    language: str
    synthetic: bool
    company: str = ""
    busy: bool = False


def sheet(
    content: ShareContent, *, number: int, to: str, expires_on: date | None = None
) -> SharePage:
    """The page of this content in the active language, without a way to answer."""
    return SharePage(
        language=language(),
        synthetic=workspace().synthetic,
        company=content.company,
        customer=content.customer,
        to=to,
        number=number,
        as_of=content.as_of,
        expires_on=expires_on,
        words=content.words,
        said_by=content.said_by,
        said_on=content.said_on,
        ideal=content.ideal,
        note=content.note,
        targets=[target_line(each) for each in content.targets],
        ours=content.steps_of("ours"),
        theirs=content.steps_of("theirs"),
        talk_to=content.talk_to,
        talk_to_email=content.talk_to_email,
    )


def target_line(target: SharedTarget) -> TargetLine:
    return TargetLine(
        name=localized(dict(target.name), language()),
        then=value_text(target.then, target.unit),
        now=value_text(target.now, target.unit),
        ideal=value_text(target.ideal, target.unit),
        upward=target.upward,
        due_on=target.due_on,
        way=way(target),
    )


def way(target: SharedTarget) -> float | None:
    """How much of the way from then to ideal is gone, within 0 and 1; None without a way."""
    then, now = target.then, target.now
    if then is None or now is None:
        return None
    if reached(now, target=target.ideal, upward=target.upward):
        return 1.0
    if reached(then, target=target.ideal, upward=target.upward):
        return None
    return min(1.0, max(0.0, progress(now, start=then, target=target.ideal)))


def content_of_link(link: ShareLink) -> ShareContent:
    return load(link.version.content)


def code_page(link: ShareLink, url: str, *, sent: bool, problem: str = "") -> CodePage:
    return CodePage(
        language=language(),
        synthetic=workspace().synthetic,
        company=content_of_link(link).company,
        url=url,
        sent=sent,
        problem=problem,
    )


def closed_page(company: str = "", *, busy: bool = False) -> ClosedPage:
    return ClosedPage(language(), workspace().synthetic, company, busy)
