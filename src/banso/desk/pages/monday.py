"""The lead's Monday on one A4: what changed since last Monday, what this week asks for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from banso.actions.models import Action
from banso.actions.streams import open_steps
from banso.base.models import StaffGrant, Team, User
from banso.base.workspace import day_end, workspace
from banso.desk.dates import Clock
from banso.desk.rows import Reader, Row, Stood, rows_of
from banso.desk.week import LiveWeek, PastWeek, Week
from banso.engagements.access import engagements
from banso.engagements.models import Contract, Engagement
from banso.goals.models import Agreement, Reply
from banso.web.tables import TableState

TOP = 10
FEW = 5
DATES = 8


@dataclass(frozen=True)
class Mention:
    """A customer in a short list: whose, and the money or day that matters there."""

    engagement: Engagement
    owner: str
    value: int | None = None
    on: date | None = None
    kind: str = ""
    before: float | None = None
    now: float | None = None


@dataclass(frozen=True)
class Short:
    """The first few of a list, how many there are, and what they are worth together."""

    code: str
    mentions: Sequence[Mention]
    count: int
    value: int | None = None

    @property
    def more(self) -> int:
        return self.count - len(self.mentions)


@dataclass(frozen=True)
class Late:
    """A colleague's open actions past their day."""

    owner: User
    count: int
    oldest: date


@dataclass(frozen=True)
class Monday:
    clock: Clock
    since: date
    until: date
    changes: Sequence[Short]
    dates: Short
    top: Sequence[Row]
    uncovered: Short
    late: Sequence[Late]
    more_late: int
    plans: Sequence[Short]
    teams: Sequence[Team]
    team: Team | None
    state: TableState
    currency: str
    at_stake: int


def monday_before(day: date) -> date:
    """The last Monday before the day: the meeting before this one."""
    return day - timedelta(days=day.weekday() or 7)


def monday_page(*, user: User, clock: Clock, state: TableState) -> Monday:
    """What `user` may read of one team or all; a fixed number of statements."""
    as_of, since = clock.as_of, monday_before(clock.as_of)
    until = as_of + timedelta(days=6)
    team = Team.objects.filter(uid=state.filter("team")).first()
    members = members_of(team)
    mine = scope(user, members)
    week: Week = (LiveWeek if clock.live else PastWeek)(user, members, as_of, since)
    top = week.top(TOP)
    late, more_late = late_by_owner(mine, as_of)
    shorts = Shorts(mine)
    return Monday(
        clock=clock,
        since=since,
        until=until,
        changes=[
            shorts.moved("red", week.turned(1)),
            shorts.moved("recovered", week.turned(-1)),
            lost(mine, since, as_of),
            renewed(mine, since, as_of),
            won(mine, since, as_of),
        ],
        dates=shorts.dated(week.dates(until), DATES),
        top=rows_of(top, as_of=as_of, reader=Reader(user, None, set())),
        uncovered=shorts.worth("uncovered", *week.uncovered(FEW)),
        late=late,
        more_late=more_late,
        plans=[agreed(mine, since, as_of), not_quite(mine, since, as_of)],
        teams=list(Team.objects.order_by("name")),
        team=team,
        state=state,
        currency=workspace().currency,
        at_stake=week.at_stake(),
    )


def members_of(team: Team | None) -> set[int] | None:
    """The ids of the team's members; None for everybody."""
    if team is None:
        return None
    grants = StaffGrant.objects.filter(team=team, ended_at=None)
    return set(grants.values_list("user_id", flat=True))


def scope(user: User, members: Collection[int] | None) -> QuerySet[Engagement]:
    readable = engagements(user)
    return readable if members is None else readable.filter(owner__in=members)


@dataclass(frozen=True)
class Shorts:
    """Makes short lists of what the week found, with the names in one statement each."""

    mine: QuerySet[Engagement]

    def moved(self, code: str, found: Sequence[tuple[Stood, float | None]]) -> Short:
        """Those whose gap crossed, the largest stake first, with their gap before and now."""
        stood = {each.engagement_id: (each, before) for each, before in found}
        known = self.mine.in_bulk(list(stood)[:FEW])
        mentions = [self.turn(known[pk], *stood[pk]) for pk in stood if pk in known]
        return Short(code, mentions, len(found), sum(each.stake or 0 for each, _ in found))

    def turn(self, engagement: Engagement, now: Stood, before: float | None) -> Mention:
        owner = owner_of(engagement)
        return Mention(engagement, owner, now.stake, before=before, now=now.gap)

    def dated(self, found: Sequence[Stood], most: int) -> Short:
        known = self.mine.in_bulk([each.engagement_id for each in found[:most]])
        mentions = [
            Mention(
                known[each.engagement_id],
                owner_of(known[each.engagement_id]),
                each.annual_minor,
                on=each.next_on,
                kind=each.next_kind,
            )
            for each in found[:most]
        ]
        value = sum(each.annual_minor or 0 for each in found)
        return Short("dates", mentions, len(found), value)

    def worth(self, code: str, found: Sequence[Stood], count: int, value: int) -> Short:
        known = self.mine.in_bulk([each.engagement_id for each in found])
        mentions = [
            Mention(known[each.engagement_id], owner_of(known[each.engagement_id]), each.stake)
            for each in found
        ]
        return Short(code, mentions, count, value)


def owner_of(engagement: Engagement) -> str:
    return engagement.owner.name if engagement.owner else engagement.owner_name


def lost(mine: QuerySet[Engagement], since: date, as_of: date) -> Short:
    """Contracts known since to end, with no other of the same customer that runs on."""
    going_on = Contract.objects.filter(
        engagement=OuterRef("engagement"),
        start_on__lte=OuterRef("end_on"),
        end_on__gt=OuterRef("end_on"),
    )
    rows = decided(mine, "churned", since, as_of).filter(~Exists(going_on))
    return of_contracts("lost", mine, rows)


def renewed(mine: QuerySet[Engagement], since: date, as_of: date) -> Short:
    return of_contracts("renewed", mine, decided(mine, "renewed", since, as_of))


def won(mine: QuerySet[Engagement], since: date, as_of: date) -> Short:
    """Customers whose first contract began since."""
    before = Contract.objects.filter(
        engagement=OuterRef("engagement"), start_on__lt=OuterRef("start_on")
    )
    began = readable(mine).filter(start_on__gt=since, start_on__lte=as_of)
    return of_contracts("won", mine, began.filter(~Exists(before)))


def decided(
    mine: QuerySet[Engagement], outcome: str, since: date, as_of: date
) -> QuerySet[Contract]:
    known = readable(mine).filter(outcome_known_on__gt=since, outcome_known_on__lte=as_of)
    return known.filter(outcome=outcome)


def readable(mine: QuerySet[Engagement]) -> QuerySet[Contract]:
    return Contract.objects.filter(Exists(mine.order_by().filter(pk=OuterRef("engagement"))))


def of_contracts(code: str, mine: QuerySet[Engagement], rows: QuerySet[Contract]) -> Short:
    """By customer, the largest yearly value (in its own currency) first."""
    sums = rows.order_by().values("engagement").annotate(worth=Sum("annual_minor"))
    worth = {row["engagement"]: row["worth"] for row in sums.order_by("-worth", "engagement")}
    known = mine.in_bulk(list(worth)[:FEW])
    mentions = [Mention(known[pk], owner_of(known[pk]), worth[pk]) for pk in worth if pk in known]
    return Short(code, mentions, len(worth), sum(each or 0 for each in worth.values()))


def late_by_owner(mine: QuerySet[Engagement], as_of: date) -> tuple[list[Late], int]:
    """Actions past their day on these customers, by who promised them."""
    steps: QuerySet[Action] = open_steps(as_of).filter(due_on__lt=as_of)
    rows = list(
        steps.filter(Exists(mine.order_by().filter(pk=OuterRef("engagement"))))
        .order_by()
        .values("owner")
        .annotate(n=Count("pk"), oldest=Min("due_on"))
        .order_by("-n", "owner")
    )
    people = User.objects.in_bulk([row["owner"] for row in rows[:DATES]])
    return (
        [Late(people[row["owner"]], row["n"], row["oldest"]) for row in rows[:DATES]],
        max(0, len(rows) - DATES),
    )


def agreed(mine: QuerySet[Engagement], since: date, as_of: date) -> Short:
    """Plans agreed since, with the day."""
    rows = Agreement.objects.filter(
        state=Agreement.State.AGREED,
        on__gt=since,
        on__lte=as_of,
        goal__engagement__isnull=False,
    )
    days = dict(rows.order_by("on", "pk").values_list("goal__engagement", "on"))
    return said("agreed", mine, days)


def not_quite(mine: QuerySet[Engagement], since: date, as_of: date) -> Short:
    """Customers who answered "not quite" since."""
    rows = Reply.objects.filter(
        Q(agreed=False), at__gte=day_end(since), at__lt=day_end(as_of)
    ).select_related("goal")
    days = {
        each.goal.engagement_id: timezone.localtime(each.at).date()
        for each in rows.order_by("at", "pk")
    }
    return said("not_quite", mine, days)


def said(code: str, mine: QuerySet[Engagement], days: Mapping[Any, date]) -> Short:
    known = mine.in_bulk([pk for pk in days if pk])
    mentions = [
        Mention(each, owner_of(each), on=days[pk])
        for pk, each in sorted(known.items(), key=lambda one: (days[one[0]], one[0]))
    ]
    return Short(code, mentions[:FEW], len(mentions))
