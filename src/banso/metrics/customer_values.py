"""Whose value is what: a page of it today, or as it was on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from banso.base.models import User
from banso.engagements.access import engagements
from banso.engagements.values import current_ids
from banso.metrics.models import LatestValue, Metric
from banso.metrics.summaries import AT_ONCE
from banso.metrics.values import definitions, measured, snapshot
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

type Row = tuple[int, str, str]


@dataclass(frozen=True)
class CustomerLine:
    uid: str
    name: str
    value: float | None


type Lines = Sequence[CustomerLine]


def lines_today(metric: Metric, user: User, state: TableState) -> Listed[CustomerLine]:
    """The customers that have a value, as the state sorts them."""
    latest = LatestValue.objects.filter(metric=metric)
    if state.key == "name":
        mine = latest.filter(engagement=OuterRef("pk"))
        rows = engagements(user).filter(Exists(mine))
        order = ("-party__name", "-pk") if state.descending else ("party__name", "pk")
        told = rows.annotate(value=Subquery(mine.values("value"))).order_by(*order)
        return listed(rows, told.values_list("uid", "party__name", "value"))
    readable = engagements(user).filter(pk=OuterRef("engagement_id"))
    values = latest.filter(Exists(readable))
    order = ("-value", "-pk") if state.descending else ("value", "pk")
    told_values = values.order_by(*order)
    return listed(
        values, told_values.values_list("engagement__uid", "engagement__party__name", "value")
    )


def listed(rows: QuerySet, told: QuerySet) -> Listed[CustomerLine]:  # type: ignore[type-arg]
    count, more = reach(rows)
    return Listed(lambda a, b: [CustomerLine(*each) for each in told[a:b]], count, more)


def lines_on(metric: Metric, user: User, state: TableState, day: date) -> Lines:
    """Everybody who was current on a past day, with the value as it was known then. Of very many
    only the page that is looked at is computed, by name."""
    rows = engagements(user).order_by("party__name", "id").values_list("id", "uid", "party__name")
    count, more = reach(engagements(user))
    if not more and count <= AT_ONCE:
        return in_order(computed(metric, list(rows), day), state)
    return Listed(lambda a, b: computed(metric, list(rows[a:b]), day), count, more)


def computed(metric: Metric, rows: Sequence[Row], day: date) -> list[CustomerLine]:
    current = current_ids(day, [each for each, _, _ in rows])
    values = snapshot([metric.key], day, current)
    return [
        CustomerLine(uid, name, values[each][metric.key])
        for each, uid, name in rows
        if each in current
    ]


def in_order(rows: Lines, state: TableState) -> list[CustomerLine]:
    """Sorted as the state says; what was not measured comes last either way."""
    if state.key == "name":
        return sorted(rows, key=lambda row: row.name, reverse=state.descending)
    known = [row for row in rows if row.value is not None]
    known.sort(key=lambda row: row.value or 0.0, reverse=state.descending)
    return [*known, *(row for row in rows if row.value is None)]


def every_line(metric: Metric, user: User, day: date) -> Iterator[CustomerLine]:
    """Everybody current on a day whom the user may read, for a file."""
    rows = engagements(user).values_list("id", "uid", "party__name")
    names = {each: (uid, name) for each, uid, name in rows.iterator()}
    pairs = [(each, day) for each in current_ids(day) & names.keys()]
    for (each, _), values in measured(definitions([metric.key]), pairs):
        yield CustomerLine(*names[each], values[metric.key])
