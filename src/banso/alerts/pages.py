"""What the pages of alerts show: one frozen dataclass each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from banso.alerts.access import OFF, Levels, alerts, levels_of, stored_records
from banso.alerts.models import Alert, Kind
from banso.base.models import Role, User
from banso.core.estimate import Estimate
from banso.core.track_record import Record
from banso.engagements.access import Scope, book, changer
from banso.engagements.models import Engagement
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

SCOPES: tuple[Scope, ...] = ("me", "team", "all")
SHOWN_DAYS = 30
PER_PAGE = 40
ON_TODAY = 5
MUTE_DAYS = 30
GOOD_NEWS = (Kind.RECOVERED, Kind.SPIKE)


@dataclass(frozen=True)
class Line:
    """An alert beside the past of its kind at the reader's level."""

    alert: Alert
    record: Record | None
    level: int
    writable: bool

    @property
    def engagement(self) -> Engagement:
        return self.alert.engagement

    @property
    def share(self) -> Estimate | None:
        """The share that a real change followed; None where the past is too short."""
        share = self.record.share if self.record else None
        return share if isinstance(share, Estimate) else None

    @property
    def false_alarms(self) -> float | None:
        return 1 - self.share.value if self.share else None

    @property
    def good(self) -> bool:
        return self.alert.kind in GOOD_NEWS

    @property
    def less(self) -> int:
        return max(OFF, self.level - 1)


@dataclass(frozen=True)
class DayGroup:
    day: date
    lines: Sequence[Line]


@dataclass(frozen=True)
class ScopeChoice:
    code: Scope
    href: str
    active: bool


@dataclass(frozen=True)
class AlertsPage:
    """The alerts of the last 30 days, the latest day first. `quiet` are the kinds that are off,
    `judged` says whether any past could be looked at."""

    scopes: Sequence[ScopeChoice]
    groups: Sequence[DayGroup]
    listed: Page[Alert]
    state: TableState
    quiet: Sequence[str]
    judged: bool
    with_closed: bool


@dataclass(frozen=True)
class Section:
    """What a larger page shows of them: the first few open ones and how many there are more."""

    lines: Sequence[Line]
    more: int


def alerts_page(*, user: User, role: Role, today: date, state: TableState) -> AlertsPage:
    """What `user` gets; a fixed number of statements however many alerts there are."""
    scope = scope_of(user, role, state)
    levels = levels_of(user)
    rows = since(alerts(user, today, scope, levels), today)
    if not state.filter("closed"):
        rows = rows.filter(closed_as="")
    listed: Page[Alert] = Paginator(latest(rows), PER_PAGE).get_page(state.page)
    lines = lines_of(with_names(listed.object_list), user, role, levels)
    return AlertsPage(
        scopes=[ScopeChoice(e, state.filtered("scope", e), e == scope) for e in SCOPES],
        groups=by_day(lines),
        listed=listed,
        state=state,
        quiet=[kind for kind in Kind.values if levels[kind] == OFF],
        judged=bool(stored_records()),
        with_closed=bool(state.filter("closed")),
    )


def news(user: User, role: Role, today: date, scope: Scope, *, days: int = 2) -> Section:
    """The open alerts of the last whole days, for the top of Today: few, the rest counted."""
    levels = levels_of(user)
    recent = alerts(user, today, scope, levels).filter(day__gte=today - timedelta(days=days))
    rows = recent.filter(closed_as="")
    first = with_names(rows.order_by("-day", "-id")[: ON_TODAY + 1])
    more = reach(rows)[0] - ON_TODAY if len(first) > ON_TODAY else 0
    return Section(lines_of(first[:ON_TODAY], user, role, levels), more)


def of_customer(engagement: Engagement, user: User, role: Role, as_of: date) -> Section:
    """The open alerts of one customer, which `user` may read, of the 30 days before a day."""
    ours = Alert.objects.filter(engagement=engagement, closed_as="", day__lte=as_of)
    first = [each.pk for each in since(ours, as_of).only("pk")]
    if not first:  # as nearly always: no more questions
        return Section((), 0)
    levels = levels_of(user)
    rows = alerts(user, as_of, levels=levels).filter(pk__in=first).order_by("-day", "-id")
    return Section(lines_of(with_names(rows[:ON_TODAY]), user, role, levels), 0)


def latest(rows: QuerySet[Alert]) -> Listed[Alert]:
    """The latest first, counted only as far as somebody would page."""
    size, more = reach(rows)
    ordered = rows.order_by("-day", "-id")
    return Listed(lambda first, last: list(ordered[first:last]), size, more)


def since(rows: QuerySet[Alert], today: date) -> QuerySet[Alert]:
    return rows.filter(day__gte=today - timedelta(days=SHOWN_DAYS))


def with_names(rows: Iterable[Alert]) -> list[Alert]:
    """These alerts with all that a line names, in their order."""
    ids = [each.pk for each in rows]
    found = Alert.objects.select_related(
        "engagement__party", "engagement__owner", "person", "closed_by", "contact", "action"
    ).in_bulk(ids)
    return [found[each] for each in ids]


def lines_of(rows: Sequence[Alert], user: User, role: Role, levels: Levels) -> list[Line]:
    if not rows:
        return []
    kept = stored_records()
    may_change = changer(user, role)
    return [line(each, kept, levels, writable=may_change(each.engagement)) for each in rows]


def line(
    alert: Alert,
    kept: Mapping[tuple[str, int], Record],
    levels: Levels,
    *,
    writable: bool,
) -> Line:
    level = levels[alert.kind]
    return Line(
        alert=alert,
        record=kept.get((alert.kind, level or lowest(alert.levels))),
        level=level,
        writable=writable,
    )


def lowest(levels: int) -> int:
    """The least sensitive level among a set of bits."""
    return next(level for level in range(1, 6) if levels >> (level - 1) & 1)


def by_day(lines: Iterable[Line]) -> list[DayGroup]:
    return [
        DayGroup(day, list(found)) for day, found in groupby(lines, lambda each: each.alert.day)
    ]


def scope_of(user: User, role: Role, state: TableState) -> Scope:
    """The scope asked for; else one's own book, or everybody's for those who have none."""
    asked = state.filter("scope")
    for scope in SCOPES:
        if asked == scope:
            return scope
    has_book = role != Role.VIEWER and book(user, "me").exists()
    return "me" if has_book or role == Role.SUCCESS else "all"
