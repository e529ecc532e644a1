"""The lead's Monday on one A4: what changed since last Monday, what this week asks for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Sum
from django.utils import timezone

from banso.actions.models import Action
from banso.actions.streams import open_steps
from banso.base.models import StaffGrant, Team, User
from banso.base.workspace import day_end, workspace
from banso.desk.dates import Clock
from banso.desk.rows import Reader, Row, Stood, nothing, rows_of
from banso.desk.week import LiveWeek, PastWeek, Week
from banso.engagements.access import engagements
from banso.engagements.models import Contract, Engagement
from banso.goals.models import Agreement, Reply
from banso.web.tables import TableState

TOP = 10
FEW = 5
DATES = 8


@dataclass(frozen=True)
class Found:
    """A customer (by id) in a short list, and the money, day or gap that matters there."""

    id: int
    value: int | None = None
    on: date | None = None
    kind: str = ""
    before: float | None = None
    now: float | None = None


@dataclass(frozen=True)
class Short:
    """The first few of a list, how many there are, and what they are worth together."""

    code: str
    found: Sequence[Found]
    count: int
    value: int | None = None
    known: Mapping[int, Engagement] = field(default_factory=dict)

    @property
    def more(self) -> int:
        return self.count - len(self.mentions)

    @property
    def mentions(self) -> Sequence[tuple[Found, Engagement]]:
        return [(each, self.known[each.id]) for each in self.found if each.id in self.known]


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
    late, more_late = late_by_owner(mine, as_of)
    shorts = named(
        mine,
        [
            moved("red", week.turned(1)),
            moved("recovered", week.turned(-1)),
            lost(mine, since, as_of),
            renewed(mine, since, as_of),
            won(mine, since, as_of),
            dated(week.dates(until)),
            covered(*week.uncovered(FEW)),
            agreed(since, as_of),
            not_quite(since, as_of),
        ],
    )
    return Monday(
        clock=clock,
        since=since,
        until=until,
        changes=shorts[:5],
        dates=shorts[5],
        top=rows_of(week.top(TOP), as_of=as_of, reader=Reader(user, None, nothing)),
        uncovered=shorts[6],
        late=late,
        more_late=more_late,
        plans=shorts[7:],
        teams=list(Team.objects.order_by("name")),
        team=team,
        state=state,
        currency=workspace().currency,
        at_stake=week.at_stake(),
    )


def named(mine: QuerySet[Engagement], shorts: Sequence[Short]) -> list[Short]:
    """The lists with their customers, in one statement for all; what one may not read is not
    counted either."""
    ids = [each.id for short in shorts for each in short.found]
    known = mine.in_bulk([0, *ids])  # 0: one statement too where nothing is listed
    return [cut(replace(short, known=known)) for short in shorts]


def cut(short: Short) -> Short:
    hidden = len(short.found) - len(short.mentions)
    most = DATES if short.code == "dates" else FEW
    seen = [each for each, _ in short.mentions]
    return replace(short, found=seen[:most], count=short.count - hidden)


def members_of(team: Team | None) -> set[int] | None:
    """The ids of the team's members; None for everybody."""
    if team is None:
        return None
    grants = StaffGrant.objects.filter(team=team, ended_at=None)
    return set(grants.values_list("user_id", flat=True))


def scope(user: User, members: Collection[int] | None) -> QuerySet[Engagement]:
    readable = engagements(user)
    return readable if members is None else readable.filter(owner__in=members)


def moved(code: str, found: Sequence[tuple[Stood, float | None]]) -> Short:
    """Those whose gap crossed, the largest stake first, with their gap before and now."""
    rows = [
        Found(each.engagement_id, each.stake, before=before, now=each.gap)
        for each, before in found[:FEW]
    ]
    return Short(code, rows, len(found), sum(each.stake or 0 for each, _ in found))


def dated(found: Sequence[Stood]) -> Short:
    rows = [
        Found(each.engagement_id, each.annual_minor, on=each.next_on, kind=each.next_kind)
        for each in found[:DATES]
    ]
    return Short("dates", rows, len(found), sum(each.annual_minor or 0 for each in found))


def covered(found: Sequence[Stood], count: int, value: int) -> Short:
    rows = [Found(each.engagement_id, each.stake) for each in found]
    return Short("uncovered", rows, count, value)


def lost(mine: QuerySet[Engagement], since: date, as_of: date) -> Short:
    """Contracts known since to end, with no other of the same customer that runs on."""
    going_on = Contract.objects.filter(
        engagement=OuterRef("engagement"),
        start_on__lte=OuterRef("end_on"),
        end_on__gt=OuterRef("end_on"),
    )
    rows = decided(mine, "churned", since, as_of).filter(~Exists(going_on))
    return of_contracts("lost", rows)


def renewed(mine: QuerySet[Engagement], since: date, as_of: date) -> Short:
    return of_contracts("renewed", decided(mine, "renewed", since, as_of))


def won(mine: QuerySet[Engagement], since: date, as_of: date) -> Short:
    """Customers whose first contract began since."""
    before = Contract.objects.filter(
        engagement=OuterRef("engagement"), start_on__lt=OuterRef("start_on")
    )
    began = readable(mine).filter(start_on__gt=since, start_on__lte=as_of)
    return of_contracts("won", began.filter(~Exists(before)))


def decided(
    mine: QuerySet[Engagement], outcome: str, since: date, as_of: date
) -> QuerySet[Contract]:
    known = readable(mine).filter(outcome_known_on__gt=since, outcome_known_on__lte=as_of)
    return known.filter(outcome=outcome)


def readable(mine: QuerySet[Engagement]) -> QuerySet[Contract]:
    return Contract.objects.filter(Exists(mine.order_by().filter(pk=OuterRef("engagement"))))


def of_contracts(code: str, rows: QuerySet[Contract]) -> Short:
    """By customer, the largest yearly value (in its own currency) first."""
    sums = rows.order_by().values("engagement").annotate(worth=Sum("annual_minor"))
    found = [
        Found(row["engagement"], row["worth"]) for row in sums.order_by("-worth", "engagement")
    ]
    return Short(code, found[:FEW], len(found), sum(each.value or 0 for each in found))


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


def agreed(since: date, as_of: date) -> Short:
    """Plans agreed since, with the day."""
    rows = Agreement.objects.filter(
        state=Agreement.State.AGREED,
        on__gt=since,
        on__lte=as_of,
        goal__engagement__isnull=False,
    )
    return said("agreed", rows.order_by("on", "pk").values_list("goal__engagement", "on"))


def not_quite(since: date, as_of: date) -> Short:
    """Customers who answered "not quite" since."""
    rows = Reply.objects.filter(agreed=False, at__gte=day_end(since), at__lt=day_end(as_of))
    told = rows.order_by("at", "pk").values_list("goal__engagement", "at")
    return said("not_quite", ((pk, timezone.localtime(at).date()) for pk, at in told))


def said(code: str, told: Iterable[tuple[int | None, date]]) -> Short:
    """Each customer once, with the latest day; not cut yet, for some may not be readable."""
    days = {pk: on for pk, on in told if pk is not None}
    found = [Found(pk, on=on) for pk, on in days.items()]
    return Short(code, found, len(found))
