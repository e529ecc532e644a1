"""The customers: one table to search, sort and narrow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import batched, chain
from urllib.parse import parse_qsl

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.urls import reverse

from banso.base import search
from banso.base.models import Role, StaffGrant, User, Workspace
from banso.base.roles import WRITERS
from banso.base.workspace import local_today, workspace
from banso.core.conditions import load
from banso.core.money import Money
from banso.desk.choices import owners, segments
from banso.desk.columns import FIELDS, Column, MetricValues, chosen, offered, values_of
from banso.desk.cover import silent_since, uncovered
from banso.desk.rows import SILENT_DAYS, days_since, is_silent
from banso.desk.saved_views import ViewBar, view_bar
from banso.engagements.models import Engagement
from banso.goals.access import standings
from banso.goals.models import Stage, Standing
from banso.goals.segments import among
from banso.goals.stages import stages_in_use
from banso.goals.standing import RANKING
from banso.metrics.models import Segment
from banso.metrics.segments import segments_in_use
from banso.web.paging import MOST_COUNTED, Listed
from banso.web.tables import TableState

COLUMNS = {
    "name": "name",
    "segment": "segment",
    "owner": "owner_name",
    "health": "health",
    "gap": "gap",
    "stake": "stake",
    "value": "annual_minor",
    "next": "next_on",
    "contact": "last_contact_on",
}
SORTABLE = frozenset(COLUMNS)
FILTERS = (
    *("segment", "owner", "touch", "plan", "stage", "renewal", "silent", "state"),
    *("uncovered", "team", "on", "columns", "view"),
)
PLANS = ("own", "standard", "proposed", "built_in", "none")
WINDOWS = ("30", "60", "90", "180", "open")
NOBODY = "nobody"
NEVER_UNKNOWN = frozenset({"name", "segment", "owner"})
PER_PAGE = 50
CHUNK = 500


@dataclass(frozen=True)
class CustomerLine:
    engagement: Engagement
    health: float | None
    gap: float | None
    stake: int | None
    annual_minor: int | None
    plan: str
    next_on: date | None
    next_kind: str
    days_left: int | None
    last_contact_on: date | None
    silent: bool
    current: bool

    @property
    def pressing(self) -> bool:
        return self.current and self.days_left is not None and self.days_left <= 7


@dataclass(frozen=True)
class Customers:
    today: date
    lines: Sequence[CustomerLine]
    listed: Page[Standing]
    state: TableState
    currency: str
    segments: Sequence[str]
    saved: Sequence[Segment]
    stages: Sequence[Stage]
    owners: Sequence[User]
    touches: Sequence[str]
    plans: Sequence[str]
    windows: Sequence[str]
    chosen: dict[str, str]
    empty: bool
    may_import: bool
    views: ViewBar
    offered: Sequence[Column]
    columns: Sequence[Column]
    values: MetricValues

    @property
    def more(self) -> bool:
        """Whether there are more than were counted."""
        return isinstance(self.listed.paginator.object_list, Listed) and (
            self.listed.paginator.object_list.more
        )

    @property
    def words(self) -> list[tuple[str, str]]:
        """The address's own words but the columns, for a form that chooses those."""
        return [each for each in parse_qsl(self.export) if each[0] != "columns"]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the filter form does not show but keeps."""
        kept = ("uncovered", "team", "on", "columns", "view")
        return [(name, self.chosen[name]) for name in kept if self.chosen[name]]

    @property
    def export(self) -> str:
        """The query string of the same rows as a file."""
        return self.state.to_page(1).partition("?")[2]


def customers_page(*, user: User, role: Role, state: TableState) -> Customers:
    """The table on one page; a fixed number of statements."""
    today = local_today()
    listed = Paginator(listing(filtered(user, state, today), state), PER_PAGE).get_page(state.page)
    columns = offered()
    shown = chosen(state.filter("columns"), columns)
    return Customers(
        today=today,
        lines=[line(each, today) for each in listed.object_list],
        listed=listed,
        state=state,
        currency=workspace().currency,
        segments=segments(user),
        saved=list(segments_in_use(user)),
        stages=stages_in_use(),
        owners=owners(user),
        touches=Engagement.Touch.values,
        plans=PLANS,
        windows=WINDOWS,
        chosen={name: state.filter(name) for name in FILTERS},
        empty=not listed.paginator.count and not state.narrowed,
        may_import=role in WRITERS,
        views=view_bar(user, state),
        offered=columns,
        columns=shown,
        values=values_of(shown, [each.pk for each in listed.object_list]),
    )


def state_of(query: QueryDict | Mapping[str, str]) -> TableState:
    """The table's state in an address; ticked columns come as one word."""
    words = {name: str(value) for name, value in query.items()}
    ticked = query.getlist("column") if isinstance(query, QueryDict) else []
    if ticked:
        words["columns"] = ",".join(map(str, ticked))
    return TableState.read(
        words, sortable=SORTABLE, default="-stake", filters=FILTERS, path=reverse("customers")
    )


def listing(rows: QuerySet[Standing], state: TableState) -> Listed[Standing]:
    """The rows in the state's order, the unknown last: each part in the order of an index.

    Their keys say how many there are and which stand on the page, so that only its own rows are
    read whole, with what is told beside them.
    """
    known, unknown = parts(rows, state)
    keys = in_reach(known)
    if unknown is not None:
        keys += in_reach(unknown)

    def fetch(first: int, last: int) -> Sequence[Standing]:
        told = Standing.objects.select_related("engagement__party", "engagement__owner")
        found = told.in_bulk(keys[first:last])
        return [found[each] for each in keys[first:last] if each in found]

    return Listed(fetch, min(len(keys), MOST_COUNTED), len(keys) > MOST_COUNTED)


def in_reach(rows: QuerySet[Standing]) -> list[int]:
    """The keys of the first rows, one more than somebody would page."""
    return list(rows.values_list("pk", flat=True)[: MOST_COUNTED + 1])


def parts(
    rows: QuerySet[Standing], state: TableState
) -> tuple[QuerySet[Standing], QuerySet[Standing] | None]:
    """Those whose value in the sorted column is known, in order; and the others."""
    column = COLUMNS[state.key]
    order = [f"-{column}" if state.descending else column, "pk"]
    if state.key == "stake":
        return by_stake(rows, descending=state.descending)
    if state.key in NEVER_UNKNOWN:
        return rows.order_by(*order), None
    missing = Q((f"{column}__isnull", True))
    return rows.exclude(missing).order_by(*order), rows.filter(missing).order_by("pk")


def by_stake(
    rows: QuerySet[Standing], *, descending: bool
) -> tuple[QuerySet[Standing], QuerySet[Standing] | None]:
    """The day's one order; turned round, its reverse with the unknown still last."""
    if descending:
        return rows.order_by(*RANKING), None
    known = rows.filter(by_stake__gte=0).order_by(
        "by_stake", "by_gap", "by_exposure", "-engagement_id"
    )
    return known, rows.filter(by_stake__lt=0).order_by(*RANKING)


def filtered(user: User, state: TableState, today: date) -> QuerySet[Standing]:
    """The standings of the customers that the state's words let through."""
    rows = standings(user)
    if state.q:
        rows = rows.filter(pk__in=search.found("engagement", state.q))
    if segment := state.filter("segment"):
        rows = rows.filter(inside(segment, user))
    for condition in conditions(state, today):
        rows = rows.filter(condition)
    return rows


def inside(name: str, user: User) -> Q | Combinable:
    """A segment by its uid; else those whose list says so."""
    found = segments_in_use(user).filter(uid=name).first()
    return Q(segment=name) if found is None else among(load(found.condition))


def conditions(state: TableState, today: date) -> Iterator[Q | Combinable]:
    if stage := state.filter("stage"):
        yield Q(stage__uid=stage)
    if owner := state.filter("owner"):
        named = User.objects.filter(uid=owner).values("pk")[:1]
        yield Q(owner=None) if owner == NOBODY else Q(owner=Subquery(named))
    if (touch := state.filter("touch")) in Engagement.Touch.values:
        yield Q(touch=touch)
    if (plan := state.filter("plan")) in PLANS:
        yield Q(plan=plan)
    if (window := state.filter("renewal")) in WINDOWS:
        yield renewal_within(window, today)
    if silent := state.filter("silent"):
        days = 2 * SILENT_DAYS if silent == "60" else SILENT_DAYS
        yield silent_since(today, days, "") & ~Q(touch=Engagement.Touch.TECH)
    if state.filter("uncovered"):
        yield from uncovered(today, "")
    yield from of_the_team(state, today)
    yield from presence(state.filter("state"))


def of_the_team(state: TableState, today: date) -> Iterator[Q]:
    """One team's customers; those whose next deciding day is one day, or in the horizon."""
    if team := state.filter("team"):
        grants = StaffGrant.objects.filter(ended_at=None, team__uid=team)
        yield Q(owner__in=grants.values("user"))
    if on := state.filter("on"):
        yield Q(next_on=day_or_none(on))


def day_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def presence(word: str) -> Iterator[Q]:
    """Current ones unless the lost or all are asked for."""
    if word == "lost":
        yield Q(current=False)
    elif word != "all":
        yield Q(current=True)


def renewal_within(window: str, today: date) -> Q:
    if window == "open":
        return Q(next_kind="open_renewal")
    last = today + timedelta(days=int(window))
    return Q(next_on__gte=today, next_on__lte=last)


def line(standing: Standing, today: date) -> CustomerLine:
    engagement = standing.engagement
    return CustomerLine(
        engagement=engagement,
        health=standing.health,
        gap=standing.gap,
        stake=standing.stake,
        annual_minor=standing.annual_minor,
        plan=standing.plan,
        next_on=standing.next_on,
        next_kind=standing.next_kind,
        days_left=(standing.next_on - today).days if standing.next_on else None,
        last_contact_on=standing.last_contact_on,
        silent=is_silent(days_since(standing.last_contact_on, today), engagement),
        current=standing.current,
    )


def export_columns(state: TableState) -> Sequence[Column]:
    """The chosen columns; every field where none were chosen."""
    asked = state.filter("columns")
    return chosen(asked, offered()) if asked else FIELDS


def export_rows(user: User, state: TableState) -> Iterator[list[object]]:
    """Every row of the table for a spreadsheet; money in major units of the workspace."""
    today, place, columns = local_today(), workspace(), export_columns(state)
    told = filtered(user, state, today).select_related("engagement__party", "engagement__owner")
    known, unknown = parts(told, state)
    rows = chain(known.iterator(CHUNK), () if unknown is None else unknown.iterator(CHUNK))
    for chunk in batched(rows, CHUNK):
        values = values_of(columns, [each.pk for each in chunk])
        for each in chunk:
            found = cells(line(each, today), place) | dict(values.get(each.pk, {}))
            yield [each.engagement.party.name, *(found.get(column.key) for column in columns)]


def cells(row: CustomerLine, place: Workspace) -> dict[str, object]:
    """The fields of a row by the key of their column."""
    engagement = row.engagement
    return {
        "segment": engagement.segment,
        "owner": engagement.owner.name if engagement.owner else engagement.owner_name,
        "touch": engagement.touch,
        "health": rounded(row.health, 1),
        "gap": rounded(row.gap, 4),
        "stake": major(row.stake, place.currency),
        "value": major(row.annual_minor, place.currency),
        "next": row.next_on,
        "contact": row.last_contact_on,
    }


def rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def major(minor: int | None, currency: str) -> float | int | None:
    if minor is None:
        return None
    amount = Money(minor, currency).amount
    return int(amount) if amount == amount.to_integral_value() else float(amount)
