"""What support some customers received, week by week, and which have none though they need it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from banso.actions.models import Action, Contact
from banso.alerts.history import history
from banso.assets.models import Showing
from banso.base.models import User
from banso.base.workspace import day_end
from banso.core.metrics import stream_of
from banso.desk.cover import silent_since
from banso.engagements.models import Engagement
from banso.events import lake
from banso.goals.access import standings
from banso.goals.models import Standing, StandingChange
from banso.goals.models.plans import IN_THE_RED
from banso.goals.standing import RANKING
from banso.metrics.models import LatestValue, Metric, Summary
from banso.metrics.values import definitions
from banso.plays.models import Intervention

WEEK = 7
WEEKS = 26


@dataclass(frozen=True)
class Kind:
    """A way to support somebody: whose rows, and when each counts (`day`: by local days)."""

    code: str
    rows: Callable[[], QuerySet[Any]]
    at: str
    day: bool = False


def begun() -> QuerySet[Intervention]:
    return Intervention.objects.filter(started_on__isnull=False)


KINDS: Sequence[Kind] = (
    Kind("contacts", Contact.objects.all, "occurred_at"),
    Kind("actions", lambda: Action.objects.filter(closed_as=Action.Closed.DONE), "closed_at"),
    Kind("plays", begun, "started_on", day=True),
    Kind("showings", Showing.objects.all, "at"),
)


@dataclass(frozen=True)
class Week:
    """Seven days up to `last`: support by kind, and beside it use (days on which somebody used
    the product, summed over people) and the gap; None where it is not known."""

    last: date
    support: Sequence[int]
    use: int | None
    gap: float | None

    @property
    def all(self) -> int:
        return sum(self.support)


def ends_of(today: date) -> list[date]:
    """The last days of the 26 weeks up to today."""
    return [today - timedelta(days=WEEK * back) for back in reversed(range(WEEKS))]


def support_by_week(ids: Collection[int], ends: Sequence[date]) -> list[list[int]]:
    """By week, how often of each kind; a statement a kind."""
    columns = [counts(each, ids, ends) for each in KINDS]
    return [list(week) for week in zip(*columns, strict=True)]


def counts(kind: Kind, ids: Collection[int], ends: Sequence[date]) -> list[int]:
    first = ends[0] - timedelta(days=WEEK)
    edges: list[Any] = [first, *ends] if kind.day else [day_end(each) for each in (first, *ends)]
    after, until = ("gt", "lte") if kind.day else ("gte", "lt")
    each_week = {
        f"week{number}": Count(
            "pk",
            filter=Q(
                (f"{kind.at}__{after}", edges[number]), (f"{kind.at}__{until}", edges[number + 1])
            ),
        )
        for number in range(len(ends))
    }
    rows = kind.rows().filter((f"{kind.at}__{after}", edges[0]), engagement__in=list(ids))
    found = rows.order_by().aggregate(**each_week)
    return [found[f"week{number}"] for number in range(len(ends))]


def use_by_week(ids: Collection[int], today: date) -> list[int | None]:
    """Person-days by week, as alerts count them; not known where no product is connected."""
    if not ids or not lake.connected(today):
        return [None] * WEEKS
    known = history(today, WEEKS * WEEK, ids)
    totals = np.bincount(known.use.day, weights=known.use.people, minlength=WEEKS * WEEK)
    return [int(each) for each in totals.reshape(WEEKS, WEEK).sum(axis=1)]


def gap_by_week(engagement: Engagement, ends: Sequence[date]) -> list[float | None]:
    """The gap at the end of each week since the customer is known here, from what the rounds kept
    of its changes."""
    standing = Standing.objects.filter(engagement=engagement).first()
    rows = StandingChange.objects.filter(engagement=engagement).order_by("day")
    changes = list(rows.values_list("day", "gap_before", "gap_after"))
    now = standing.gap if standing else None
    begun = engagement.created_at.date()
    return [gap_on(day, changes, now) if day >= begun else None for day in ends]


def gap_on(
    day: date, changes: Sequence[tuple[date, float | None, float | None]], now: float | None
) -> float | None:
    """What the last change until then left; before the first, what it found."""
    past = [after for on, _, after in changes if on <= day]
    if past:
        return past[-1]
    return changes[0][1] if changes else now


def usage_metrics() -> list[Metric]:
    """The metrics in use that count what products send, in their order."""
    of_use = [key for key, each in definitions().items() if stream_of(each) == "events"]
    return list(Metric.objects.filter(key__in=of_use, retired_at=None).order_by("id"))


def unsupported(user: User, today: date, days: int, usage: Metric | None) -> QuerySet[Standing]:
    """The current customers of `user` with a large gap to whom nothing was done for so many days
    and, where a metric of usage is given, who are in its lowest quarter or not measured."""
    since = today - timedelta(days=days)
    rows = standings(user).filter(silent_since(today, days, ""), current=True, gap__gte=IN_THE_RED)
    for kind in KINDS[1:]:
        rows = rows.filter(~Exists(lately(kind, since)))
    if usage is not None:
        rows = rows.filter(little_use(usage))
    return rows.order_by(*RANKING)


def lately(kind: Kind, since: date) -> QuerySet[Any]:
    """Of a standing, the rows of a kind since the end of a day."""
    edge = since if kind.day else day_end(since)
    rows = kind.rows().filter(engagement=OuterRef("pk"))
    return rows.filter((f"{kind.at}__{'gt' if kind.day else 'gte'}", edge))


def little_use(metric: Metric) -> Q:
    """Of a standing: no value of the metric is above its lowest quarter (below the highest, where
    less is better)."""
    summary = Summary.objects.filter(pk=metric.pk).first()
    values = LatestValue.objects.filter(metric=metric, engagement=OuterRef("pk"))
    if summary is None or summary.low is None or summary.high is None:
        return ~Q(Exists(values))
    if metric.higher_is_better:
        return ~Q(Exists(values.filter(value__gt=summary.low)))
    return ~Q(Exists(values.filter(value__lt=summary.high)))
