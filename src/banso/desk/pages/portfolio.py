"""The portfolio: what each owner carries, what nobody covers, what is due, and where it bunches."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from banso.actions.models import Action
from banso.base.models import StaffGrant, Team, User
from banso.base.roles import WRITERS
from banso.base.workspace import local_today, workspace
from banso.core.load import BEGINNING_DAYS, Hint, hints, weight
from banso.desk.book_days import Compared, compared
from banso.desk.cover import silent_since, uncovered
from banso.desk.pages.renewals import Calendar, Due, Month, calendar, due_days, months_from
from banso.engagements.access import hidden_from
from banso.engagements.models import Engagement
from banso.goals.models import Standing
from banso.web.tables import TableState

SOON_DAYS = 7
SUMMED = ("customers", "load", "annual", "stake", "uncovered", "silent_30", "silent_60")


@dataclass(frozen=True)
class Decisions:
    """Notice deadlines and renewals of a stretch of time: how many, and their yearly value."""

    count: int = 0
    notices: int = 0
    value: int = 0


@dataclass(frozen=True)
class OwnerLine:
    """One owner's book; `owner` is None for the customers nobody looks after.

    Money in minor units of the workspace's currency; `gap` is the mean of the measured ones.
    `stake_change` and `gap_change` are against the day the page names, None without one.
    """

    owner: User | None
    team: str
    in_post: bool
    customers: int = 0
    load: float = 0.0
    annual: int = 0
    stake: int = 0
    uncovered: int = 0
    silent_30: int = 0
    silent_60: int = 0
    due: int = 0
    overdue: int = 0
    decisions: Decisions = Decisions()
    months: Sequence[Decisions] = ()
    gap: float | None = None
    measured: int = 0
    stake_change: int | None = None
    gap_change: float | None = None

    @property
    def uid(self) -> str:
        return self.owner.uid if self.owner else "nobody"


@dataclass(frozen=True)
class Advice:
    """A hint with the people in it."""

    heavy: OwnerLine
    light: OwnerLine
    hint: Hint


@dataclass(frozen=True)
class Portfolio:
    today: date
    lines: Sequence[OwnerLine]
    total: OwnerLine
    months: Sequence[Month]
    calendar: Calendar
    advice: Sequence[Advice]
    since: date | None
    teams: Sequence[Team]
    team: str
    state: TableState
    currency: str


@dataclass
class Tally:
    """Sums by owner while they are gathered."""

    books: dict[int | None, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, owner: int | None, **sums: float) -> None:
        book = self.books[owner]
        for name, value in sums.items():
            book[name] = book.get(name, 0) + value


SORTS: Mapping[str, Callable[[OwnerLine], Any]] = {
    "name": lambda each: (each.owner is None, each.owner.name if each.owner else ""),
    "customers": lambda each: each.customers,
    "load": lambda each: each.load,
    "value": lambda each: each.annual,
    "stake": lambda each: each.stake,
    "uncovered": lambda each: each.uncovered,
    "silent": lambda each: (each.silent_30, each.silent_60),
    "due": lambda each: (each.overdue, each.due),
    "decisions": lambda each: (each.decisions.count, each.decisions.value),
    "gap": lambda each: -1.0 if each.gap is None else each.gap,
}


def portfolio_page(*, user: User, state: TableState) -> Portfolio:
    """All books that `user` may read; a fixed number of grouped statements."""
    today = local_today()
    months = months_from(today)
    kept = compared(today)
    people = owners_of(user, state.filter("team"))
    mine = chosen(user, [*people.values()], state.filter("team"))
    due = due_days(mine, today)
    sums = gathered(mine, months, due, user)
    lines = [
        changed(line(who, sums.get(key, {}), len(months)), kept) for key, who in people.items()
    ]
    ordered = sorted(lines, key=SORTS["name"])
    ordered.sort(key=SORTS[state.key], reverse=state.descending)
    return Portfolio(
        today=today,
        lines=ordered,
        total=total_of(lines),
        months=months,
        calendar=calendar(due, today),
        advice=advice_on(lines),
        since=kept.since,
        teams=list(Team.objects.order_by("name")),
        team=state.filter("team"),
        state=state,
        currency=workspace().currency,
    )


type Who = tuple[User | None, str, bool]


def owners_of(user: User, team: str) -> dict[int | None, Who]:
    """Everybody in post who may write, whoever else still has customers, and nobody; of one
    team only its members."""
    grants = StaffGrant.objects.filter(ended_at=None, role__in=WRITERS)
    if team:
        grants = grants.filter(team__uid=team)
    found: dict[int | None, Who] = {
        each.user_id: (each.user, each.team.name if each.team else "", True)
        for each in grants.select_related("user", "team")
    }
    if not team:
        owning = set(summed(user).values_list("owner", flat=True).distinct()) - {None, *found}
        away = User.objects.filter(pk__in=owning)
        found |= {each.pk: (each, "", False) for each in away}
        found[None] = (None, "", True)
    return found


def summed(user: User) -> QuerySet[Standing]:
    """The current standings that `user` may read, ready to be grouped along one index: the few
    that are hidden are left out by their ids instead of asking row by row."""
    current = Standing.objects.filter(current=True).order_by()
    hidden = hidden_from(user)
    return current.exclude(pk__in=hidden) if hidden else current


def chosen(user: User, people: Iterable[Who], team: str) -> QuerySet[Standing]:
    current = summed(user)
    return current.filter(owner__in=[who for who, _, _ in people if who]) if team else current


def gathered(
    mine: QuerySet[Standing], months: Sequence[Month], due: Sequence[Due], user: User
) -> dict[int | None, dict[str, Any]]:
    tally, today = Tally(), local_today()
    add_books(tally, mine, today)
    add_beginnings(tally, mine, today)
    add_uncovered(tally, mine, today)
    add_decisions(tally, months, due)
    add_promises(tally, user, today)
    return tally.books


def add_books(tally: Tally, mine: QuerySet[Standing], today: date) -> None:
    """Grouped by touch because the load is weighted by it."""
    quiet = ~Q(touch=Engagement.Touch.TECH)
    rows = mine.values("owner", "touch").annotate(
        customers=Count("pk"),
        annual=Sum("annual_minor", default=0),
        at_stake=Sum("stake", default=0),
        gaps=Sum("gap", default=0.0),
        measured=Count("gap"),
        silent_30=Count("pk", filter=quiet & silent_since(today, 30, "")),
        silent_60=Count("pk", filter=quiet & silent_since(today, 60, "")),
    )
    for row in rows:
        sums: dict[str, Any] = dict(row)
        owner, touch, stake = sums.pop("owner"), sums.pop("touch"), sums.pop("at_stake")
        load = sums["customers"] * weight(touch, beginning=False)
        tally.add(owner, load=load, stake=stake, **sums)


def add_beginnings(tally: Tally, mine: QuerySet[Standing], today: date) -> None:
    """What customers weigh more in their first 90 days."""
    since = today - timedelta(days=BEGINNING_DAYS)
    began = Engagement.objects.filter(started_on__gt=since).values("pk")
    fresh = mine.filter(pk__in=began).values("owner", "touch")
    for row in fresh.annotate(n=Count("pk")):
        more = weight(row["touch"], beginning=True) - weight(row["touch"], beginning=False)
        tally.add(row["owner"], load=row["n"] * more)


def add_uncovered(tally: Tally, mine: QuerySet[Standing], today: date) -> None:
    rows = mine.filter(*uncovered(today, "")).values("owner").annotate(n=Count("pk"))
    for row in rows:
        tally.add(row["owner"], uncovered=row["n"])


def add_decisions(tally: Tally, months: Sequence[Month], due: Sequence[Due]) -> None:
    """Each customer once, in the month of its next deciding day."""
    place = {(month.first.year, month.first.month): n for n, month in enumerate(months)}
    found: Counter[tuple[int | None, str, int]] = Counter()
    for each in due:
        n = place[each.on.year, each.on.month]
        found[each.owner, "count", n] += each.count
        found[each.owner, "value", n] += each.value
        found[each.owner, "notices", n] += each.count if each.notice else 0
    for (owner, what, n), sum_ in found.items():
        tally.add(owner, **{f"{what}_{n}": sum_})


def add_promises(tally: Tally, user: User, today: date) -> None:
    """Open actions by their own owner, whosever the customer is."""
    soon = today + timedelta(days=SOON_DAYS)
    hidden = hidden_from(user)
    rows = (
        Action.objects.filter(closed_as="", due_on__lte=soon, engagement__merged_into=None)
        .exclude(engagement__in=hidden)
        .order_by()
        .values("owner")
        .annotate(
            due=Count("pk", filter=Q(due_on__gte=today)),
            overdue=Count("pk", filter=Q(due_on__lt=today)),
        )
    )
    for row in rows:
        tally.add(row["owner"], due=row["due"], overdue=row["overdue"])


def line(who: Who, sums: Mapping[str, Any], months: int) -> OwnerLine:
    by_month = [
        Decisions(*(sums.get(f"{what}_{n}", 0) for what in ("count", "notices", "value")))
        for n in range(months)
    ]
    measured = sums.get("measured", 0)
    owner, team, in_post = who
    return OwnerLine(
        owner=owner,
        team=team,
        in_post=in_post,
        due=sums.get("due", 0),
        overdue=sums.get("overdue", 0),
        decisions=added(by_month),
        months=by_month,
        gap=sums["gaps"] / measured if measured else None,
        measured=measured,
        **{name: sums.get(name, 0) for name in SUMMED},
    )


def added(parts: Iterable[Decisions]) -> Decisions:
    rows = list(parts)
    return Decisions(
        sum(each.count for each in rows),
        sum(each.notices for each in rows),
        sum(each.value for each in rows),
    )


def changed(line: OwnerLine, kept: Compared) -> OwnerLine:
    """The line with what moved; an owner without a book on either day has no comparison."""
    key = line.owner.pk if line.owner else None
    before, after = kept.then.get(key), kept.now.get(key)
    if before is None or after is None:
        return line
    known = before.measured and after.measured
    moved = after.gap_sum / after.measured - before.gap_sum / before.measured if known else None
    return replace(line, stake_change=after.stake - before.stake, gap_change=moved)


def total_of(lines: Sequence[OwnerLine]) -> OwnerLine:
    measured = sum(each.measured for each in lines)
    gaps = sum((each.gap or 0.0) * each.measured for each in lines)
    changes = [each.stake_change for each in lines if each.stake_change is not None]
    return OwnerLine(
        owner=None,
        team="",
        in_post=True,
        due=sum(each.due for each in lines),
        overdue=sum(each.overdue for each in lines),
        decisions=added(each.decisions for each in lines),
        months=[added(column) for column in zip(*(each.months for each in lines), strict=True)],
        gap=gaps / measured if measured else None,
        measured=measured,
        stake_change=sum(changes) if changes else None,
        **{name: sum(getattr(each, name) for each in lines) for name in SUMMED},
    )


def advice_on(lines: Iterable[OwnerLine]) -> list[Advice]:
    """Who carries too much, among those in post who have customers at all or whose work it is."""
    people = {each.owner.pk: each for each in lines if each.owner and each.in_post}
    working = {pk: each.load for pk, each in people.items() if each.customers}
    return [Advice(people[h.heavy], people[h.light], h) for h in hints(working)]
