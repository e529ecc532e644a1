"""One line of Today for each engagement: why it is here, what changed, what comes next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from banso.actions.models import Action, SetAside
from banso.actions.streams import next_steps, set_aside_on
from banso.base.models import Activity, User
from banso.engagements.models import Engagement
from banso.goals.models import Reply, Standing, StandingChange
from banso.goals.replies import open_replies
from banso.goals.stages import StageNow, stage_of
from banso.goals.standing import StandingValue
from banso.plays.pages.suggestions import Suggestion, suggestions_of

type Stood = Standing | StandingValue
SILENT_DAYS = 30
SOON_DAYS = 7
NEWS = 2


@dataclass(frozen=True)
class NextDate:
    """The day that comes next: notice, renewal, open_renewal or step; `pressing` today."""

    kind: str
    on: date
    days_left: int
    pressing: bool


@dataclass(frozen=True)
class Change:
    """What is new since the reader's last look."""

    gap_before: float | None
    gap_now: float | None
    news: Sequence[Activity]
    more: int

    @property
    def points(self) -> float | None:
        """How many points (hundredths) the gap moved; None where it did not or is unknown."""
        if self.gap_before is None or self.gap_now is None:
            return None
        return 100 * (self.gap_now - self.gap_before)

    @property
    def worth_telling(self) -> bool:
        """Somebody else did something, or the gap moved by what rounds to a point."""
        return bool(self.news) or abs(self.points or 0) >= 0.5


@dataclass(frozen=True)
class Row:
    """An engagement in a list; `rank` counts within what is shown. `reply` is what they said is
    not quite right and nobody has answered yet; `stage` is that of one who is new in it;
    `suggestion` the play that waits for an answer."""

    rank: int
    engagement: Engagement
    standing: Stood
    as_of: date
    next_date: NextDate | None
    step: Action | None
    change: Change | None
    aside: SetAside | None
    contact_days: int | None
    writable: bool
    reply: Reply | None
    stage: StageNow | None = None
    suggestion: Suggestion | None = None

    @property
    def silent(self) -> bool:
        """No contact for 30 days where a person is expected to keep in touch."""
        return is_silent(self.contact_days, self.engagement)

    @property
    def late(self) -> bool:
        return self.step is not None and self.step.due_on < self.as_of


@dataclass(frozen=True)
class Reader:
    """Who reads, since when they have not looked (None: nothing is news), and what they may
    change."""

    user: User
    since: datetime | None
    may_change: Callable[[Engagement], bool]


def nothing(engagement: Engagement) -> bool:
    """What may be changed of a past day, and on paper."""
    return False


def rows_of(
    standings: Sequence[Stood],
    *,
    as_of: date,
    reader: Reader,
    first: int = 1,
) -> list[Row]:
    """The lines of these standings, with a fixed number of statements."""
    ids = [each.engagement_id for each in standings]
    known = Engagement.objects.select_related("party", "owner").in_bulk(ids)
    writable = {pk for pk, each in known.items() if reader.may_change(each)}
    steps = next_steps(as_of, ids)
    aside = {each.engagement_id: each for each in set_aside_on(as_of, ids).select_related("by")}
    changes = changes_of(standings, reader)
    replies = open_replies(ids, as_of)
    fresh = [each.engagement_id for each in standings if each.in_grace]
    stages = stage_of(fresh, as_of) if fresh else {}
    suggestions = suggestions_of(ids, as_of, writable)
    return [
        Row(
            rank=rank,
            engagement=known[each.engagement_id],
            standing=each,
            as_of=as_of,
            next_date=next_date(each, steps.get(each.engagement_id), as_of),
            step=steps.get(each.engagement_id),
            change=changes.get(each.engagement_id),
            aside=aside.get(each.engagement_id),
            contact_days=days_since(each.last_contact_on, as_of),
            writable=each.engagement_id in writable,
            reply=replies.get(each.engagement_id),
            stage=stages.get(each.engagement_id),
            suggestion=suggestions.get(each.engagement_id),
        )
        for rank, each in enumerate(standings, start=first)
    ]


def next_date(standing: Stood, step: Action | None, as_of: date) -> NextDate | None:
    """The earlier of the contract's next date and the open step; a step first on equal days."""
    dates = [(standing.next_on, standing.next_kind)] if standing.next_on else []
    if step is not None:
        dates.insert(0, (step.due_on, "step"))
    if not dates:
        return None
    on, kind = min(dates, key=lambda each: each[0])
    left = (on - as_of).days
    return NextDate(kind, on, left, pressing=left <= (0 if kind == "step" else SOON_DAYS))


def changes_of(standings: Sequence[Stood], reader: Reader) -> dict[int, Change]:
    """What happened to each since the reader's last look: the gap, and what others did."""
    if reader.since is None:
        return {}
    ids = [each.engagement_id for each in standings]
    before, news = gaps_before(ids, reader.since), news_of(ids, reader)
    found = {
        each.engagement_id: Change(
            gap_before=before.get(each.engagement_id),
            gap_now=each.gap,
            news=news.get(each.engagement_id, [])[:NEWS],
            more=max(0, len(news.get(each.engagement_id, [])) - NEWS),
        )
        for each in standings
        if each.engagement_id in before or each.engagement_id in news
    }
    return {key: change for key, change in found.items() if change.worth_telling}


def gaps_before(ids: Sequence[int], since: datetime) -> Mapping[int, float | None]:
    """The gap that each whose gap moved after that day had on it."""
    day = timezone.localtime(since).date()
    rows = StandingChange.objects.filter(engagement_id__in=ids, day__gt=day).order_by("-day")
    return dict(rows.values_list("engagement_id", "gap_before"))


def news_of(ids: Sequence[int], reader: Reader) -> dict[int, list[Activity]]:
    rows = (
        Activity.objects.filter(engagement_id__in=ids, at__gt=reader.since)
        .exclude(actor=reader.user)
        .select_related("actor")
        .order_by("-at", "-id")
    )
    found: dict[int, list[Activity]] = {}
    for row in rows:
        found.setdefault(row.engagement_id or 0, []).append(row)
    return {key: [*{said(each): each for each in news}.values()] for key, news in found.items()}


def said(news: Activity) -> tuple[object, ...]:
    """What the list says of it: two that read alike are told once."""
    return news.verb, news.actor_id, news.detail.get("kind"), news.detail.get("as")


def days_since(day: date | None, as_of: date) -> int | None:
    return None if day is None else (as_of - day).days


def is_silent(contact_days: int | None, engagement: Engagement) -> bool:
    if engagement.touch == Engagement.Touch.TECH:
        return False
    return contact_days is None or contact_days >= SILENT_DAYS
