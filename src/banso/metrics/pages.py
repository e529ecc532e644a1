"""What the pages of metrics show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.paginator import Page, Paginator

from banso.base.fields import localized
from banso.base.models import Role, User
from banso.base.roles import MANAGERS, WRITERS
from banso.core.definitions import load
from banso.core.metrics import Definition, Entered
from banso.engagements.access import engagements, hidden_from
from banso.engagements.values import current_at, current_ids
from banso.metrics.models import LatestValue, Metric, MetricVersion
from banso.metrics.sentences import capitalized, sentence
from banso.metrics.spread import Spread, spread
from banso.metrics.starter import suggestions
from banso.metrics.values import at, everybody, snapshot
from banso.web.charts import Point
from banso.web.formats import language
from banso.web.tables import TableState

WEEKS = 26
PER_PAGE = 50
SORTABLE = ("value", "name")


@dataclass(frozen=True)
class MetricLine:
    """One metric of the list: its words, and how the latest values lie."""

    uid: str
    name: str
    words: str
    meaning: str
    unit: str
    higher_is_better: bool
    entered: bool
    spread: Spread
    measured: int


@dataclass(frozen=True)
class MetricsPage:
    lines: list[MetricLine]
    retired: list[MetricLine]
    total: int
    offered: list[str]
    may_define: bool
    may_enter: bool


@dataclass(frozen=True)
class Version:
    """One meaning a metric had, and since when."""

    number: int
    meaning: str
    at: datetime
    by: str


@dataclass(frozen=True)
class CustomerLine:
    uid: str
    name: str
    value: float | None


@dataclass(frozen=True)
class MetricPage:
    line: MetricLine
    as_of: date
    today: date
    versions: list[Version]
    listed: Page[CustomerLine]
    state: TableState
    total: int
    retired: bool
    may_define: bool
    may_enter: bool

    @property
    def live(self) -> bool:
        """Whether the page shows today."""
        return self.as_of == self.today

    @property
    def iso(self) -> str:
        return self.as_of.isoformat()


@dataclass(frozen=True)
class Week:
    day: date
    spread: Spread


@dataclass(frozen=True)
class HistoryPage:
    uid: str
    name: str
    unit: str
    weeks: list[Week]

    @property
    def middle(self) -> list[Point]:
        return [Point(week.day, week.spread.middle) for week in self.weeks]

    @property
    def known(self) -> bool:
        return any(week.spread.values for week in self.weeks)


def metrics_page(user: User, role: Role, today: date) -> MetricsPage:
    """All metrics in use, with how their latest values lie; then those that were retired."""
    metrics = list(Metric.objects.order_by("retired_at", "id"))
    hidden = hidden_from(user)
    meanings, values = current_meanings(), latest_values(hidden)
    lines = {m: metric_line(m, meanings[m.pk], values.get(m.pk, [])) for m in metrics}
    known = {metric.key for metric in metrics}
    may_define = role in MANAGERS
    return MetricsPage(
        lines=[line for metric, line in lines.items() if metric.retired_at is None],
        retired=[line for metric, line in lines.items() if metric.retired_at is not None],
        total=len(current_ids(today) - hidden),
        offered=offered(known, today) if may_define else [],
        may_define=may_define,
        may_enter=role in WRITERS,
    )


def metric_page(
    metric: Metric, user: User, role: Role, state: TableState, *, as_of: date, today: date
) -> MetricPage:
    """One metric: what it means, since when, how it lies and whose value is what on `as_of`."""
    rows = customer_lines(metric, user, as_of)
    versions = list(metric.versions.select_related("created_by").order_by("-number"))
    values = [row.value for row in rows if row.value is not None]
    line = metric_line(metric, load(versions[0].definition), values)
    return MetricPage(
        line=line,
        as_of=as_of,
        today=today,
        versions=[version_of(each) for each in versions],
        listed=Paginator(in_order(rows, state), PER_PAGE).get_page(state.page),
        state=state,
        total=len(rows),
        retired=metric.retired_at is not None,
        may_define=role in MANAGERS,
        may_enter=role in WRITERS and line.entered and metric.retired_at is None,
    )


def history_page(metric: Metric, user: User, as_of: date) -> HistoryPage:
    """The middle and the quarters of those who were current at the end of each of 26 weeks, as
    far as `user` may read them."""
    days = [as_of - timedelta(days=7 * back) for back in reversed(range(WEEKS))]
    everyone = set(everybody()) - hidden_from(user)
    found = at(current_at((each, day) for day in days for each in everyone), [metric.key])
    by_day: dict[date, list[float]] = {day: [] for day in days}
    for (_, day), values in found.items():
        if (value := values[metric.key]) is not None:
            by_day[day].append(value)
    weeks = [Week(day, spread(values)) for day, values in by_day.items()]
    return HistoryPage(metric.uid, localized(metric.name, language()), metric.unit, weeks)


def customer_lines(metric: Metric, user: User, as_of: date) -> list[CustomerLine]:
    """Everybody current on `as_of` whom `user` may read, with the metric's value that day."""
    current = current_ids(as_of)
    values = snapshot([metric.key], as_of, current)
    names = engagements(user).order_by("party__name", "id").values_list("id", "uid", "party__name")
    return [
        CustomerLine(uid, name, values[each][metric.key])
        for each, uid, name in names
        if each in current
    ]


def in_order(rows: Sequence[CustomerLine], state: TableState) -> list[CustomerLine]:
    """Sorted as the state says; what was not measured comes last either way."""
    if state.key == "name":
        return sorted(rows, key=lambda row: row.name, reverse=state.descending)
    measured = [row for row in rows if row.value is not None]
    rest = [row for row in rows if row.value is None]
    measured.sort(key=lambda row: row.value or 0.0, reverse=state.descending)
    return [*measured, *rest]


def metric_line(metric: Metric, meaning: Definition, values: Sequence[float]) -> MetricLine:
    return MetricLine(
        uid=metric.uid,
        name=localized(metric.name, language()) or metric.key,
        words=localized(metric.sentence, language()),
        meaning=capitalized(sentence(meaning)),
        unit=metric.unit,
        higher_is_better=metric.higher_is_better,
        entered=isinstance(meaning, Entered),
        spread=spread(values),
        measured=len(values),
    )


def version_of(row: MetricVersion) -> Version:
    by = row.created_by.name if row.created_by else ""
    return Version(row.number, capitalized(sentence(load(row.definition))), row.created_at, by)


def current_meanings() -> dict[int, Definition]:
    """What each metric means now, retired ones too, by its id."""
    rows = MetricVersion.objects.order_by("metric_id", "number")
    return {metric: load(stored) for metric, stored in rows.values_list("metric_id", "definition")}


def latest_values(hidden: Collection[int]) -> Mapping[int, list[float]]:
    """The latest values of each metric, by its id; those of the hidden left out."""
    found: dict[int, list[float]] = {}
    rows = LatestValue.objects.exclude(engagement__in=hidden)
    for metric, value in rows.values_list("metric_id", "value").iterator():
        found.setdefault(metric, []).append(value)
    return found


def offered(known: set[str], today: date) -> list[str]:
    """The names of suggested metrics that do not exist yet."""
    return [
        localized(each.sheet.name, language())
        for each in suggestions(today)
        if each.key not in known
    ]
