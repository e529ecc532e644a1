"""One alert, opened down to the days and the events it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from banso.alerts.access import levels_of
from banso.alerts.history import history
from banso.alerts.models import Alert
from banso.alerts.pages import Line, lines_of
from banso.base.models import Role, User
from banso.core.metrics import Occurrence
from banso.engine.measure import occurrences
from banso.events import lake
from banso.web.charts import Point

WEEKS = 26
WEEK = 7
EVENT_DAYS = 28
EVENTS = 60


@dataclass(frozen=True)
class AlertPage:
    """`points` are person-days in each of the 26 weeks up to the alert; `events` the latest of
    the four weeks before it (or before the silence), of `count`."""

    line: Line
    points: Sequence[Point]
    events: Sequence[Occurrence]
    count: int
    since: date
    until: date

    @property
    def alert(self) -> Alert:
        return self.line.alert


def alert_page(alert: Alert, *, user: User, role: Role) -> AlertPage:
    [line] = lines_of([alert], user, role, levels_of(user))
    until = alert.day
    quiet = int(alert.reason.get("days", 0)) if alert.kind in ("silent", "champion_quiet") else 0
    since = until - timedelta(days=EVENT_DAYS + quiet - 1)
    events = events_of(alert, since, until)
    return AlertPage(
        line=line,
        points=weeks_of(alert),
        events=events[::-1][:EVENTS],
        count=len(events),
        since=since,
        until=until,
    )


def weeks_of(alert: Alert) -> list[Point]:
    """Person-days by week, as the detector counts them."""
    if not lake.connected(alert.day):
        return []
    known = history(alert.day, WEEKS * WEEK, [alert.engagement_id])
    counts = np.bincount(known.use.day, weights=known.use.people, minlength=WEEKS * WEEK)
    totals = counts.reshape(WEEKS, WEEK).sum(axis=1)
    return [
        Point(known.day(WEEK * number + WEEK - 1), float(total))
        for number, total in enumerate(totals)
    ]


def events_of(alert: Alert, since: date, until: date) -> list[Occurrence]:
    rows = lake.accounts([alert.engagement_id])
    names = [(row.source, row.account) for row in rows]
    known = [(source, account) for source, account in names if source and account]
    return occurrences(lake.files(since, until), known, since=since, until=until)
