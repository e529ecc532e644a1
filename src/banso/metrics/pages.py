"""What the pages of metrics show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator

from banso.base.fields import localized
from banso.base.models import Role, User
from banso.base.roles import MANAGERS, WRITERS
from banso.core.definitions import load
from banso.core.metrics import Definition, Entered
from banso.metrics.backfill import UNDER_WAY
from banso.metrics.customer_values import CustomerLine, lines_on, lines_today
from banso.metrics.models import Backfill, Metric, MetricVersion, Summary, WeekSummary
from banso.metrics.sentences import capitalized, sentence
from banso.metrics.spread import Spread, spread
from banso.metrics.starter import offers
from banso.metrics.suggestion import Suggestion
from banso.web.charts import Point
from banso.web.formats import language
from banso.web.tables import TableState

WEEKS = 26
PER_PAGE = 50
SORTABLE = ("value", "name")


@dataclass(frozen=True)
class MetricLine:
    """One metric of the list: its words, and how `measured` of the `total` latest values lie."""

    uid: str
    name: str
    words: str
    meaning: str
    unit: str
    higher_is_better: bool
    entered: bool
    spread: Spread
    measured: int
    total: int


@dataclass(frozen=True)
class Offered:
    """A metric that the data can give, and why it may be worth having."""

    key: str
    name: str
    words: str
    reason: str
    group: str


@dataclass(frozen=True)
class MetricsPage:
    """`may_enter`: there is a metric whose values this reader may type."""

    lines: list[MetricLine]
    retired: list[MetricLine]
    offered: list[Offered]
    may_define: bool
    may_enter: bool


@dataclass(frozen=True)
class Version:
    """One meaning a metric had or may have, and since when."""

    number: int
    meaning: str
    at: datetime
    by: str
    proposed: bool


@dataclass(frozen=True)
class MetricPage:
    line: MetricLine
    as_of: date
    today: date
    versions: list[Version]
    listed: Page[CustomerLine]
    state: TableState
    retired: bool
    may_define: bool
    may_write: bool

    @property
    def may_enter(self) -> bool:
        return self.may_write and self.line.entered and not self.retired

    @property
    def targetable(self) -> bool:
        """Whether the reader may set targets of it."""
        return self.may_write and self.live and not self.retired

    @property
    def live(self) -> bool:
        """Whether the page shows today."""
        return self.as_of == self.today

    @property
    def iso(self) -> str:
        return self.as_of.isoformat()

    @property
    def proposed(self) -> Version | None:
        return next((each for each in self.versions if each.proposed), None)

    @property
    def unmeasured(self) -> int:
        return max(0, self.line.total - self.line.measured)


@dataclass(frozen=True)
class Week:
    """How the values lay at the end of a week."""

    day: date
    measured: int
    low: float | None
    middle: float | None
    high: float | None


@dataclass(frozen=True)
class HistoryPage:
    """`running` is the job that computes what is missing, `stopped` one that did not end well."""

    uid: str
    name: str
    unit: str
    weeks: list[Week]
    running: Backfill | None
    stopped: Backfill | None
    may_define: bool

    @property
    def middle(self) -> list[Point]:
        return [Point(week.day, week.middle) for week in self.weeks]

    @property
    def known(self) -> bool:
        return any(week.measured for week in self.weeks)


def metrics_page(role: Role, today: date) -> MetricsPage:
    """All metrics in use, with how their latest values lie; then those that were retired."""
    metrics = list(Metric.objects.order_by("retired_at", "id"))
    meanings, summaries = current_meanings(), Summary.objects.in_bulk()
    lines = {m: summed_line(m, meanings[m.pk], summaries.get(m.pk)) for m in metrics}
    known = {metric.key for metric in metrics}
    may_define = role in MANAGERS
    used = [line for metric, line in lines.items() if metric.retired_at is None]
    return MetricsPage(
        lines=used,
        retired=[line for metric, line in lines.items() if metric.retired_at is not None],
        offered=offered(known, today) if may_define else [],
        may_define=may_define,
        may_enter=role in WRITERS and any(line.entered for line in used),
    )


def metric_page(
    metric: Metric, user: User, role: Role, state: TableState, *, as_of: date, today: date
) -> MetricPage:
    """One metric: what it means, since when, how it lies and whose value is what on `as_of`."""
    versions = list(metric.versions.select_related("created_by").order_by("-number"))
    meaning = load(next(each for each in versions if not each.proposed).definition)
    if as_of == today:
        rows: Sequence[CustomerLine] = lines_today(metric, user, state)
        line = summed_line(metric, meaning, Summary.objects.filter(pk=metric.pk).first())
    else:
        rows = lines_on(metric, user, state, as_of)
        values = [row.value for row in rows if row.value is not None] if whole(rows) else []
        line = metric_line(metric, meaning, spread(values), len(values), len(rows))
    return MetricPage(
        line=line,
        as_of=as_of,
        today=today,
        versions=[version_of(each) for each in versions],
        listed=Paginator(rows, PER_PAGE).get_page(state.page),
        state=state,
        retired=metric.retired_at is not None,
        may_define=role in MANAGERS,
        may_write=role in WRITERS,
    )


def whole(rows: Sequence[CustomerLine]) -> bool:
    """Whether all rows are computed already."""
    return isinstance(rows, list)


def history_page(metric: Metric, role: Role, as_of: date) -> HistoryPage:
    """The middle and the quarters at the end of the last 26 weeks, as far as they are computed."""
    version = metric.versions.filter(proposed=False).order_by("-number")[0]
    rows = WeekSummary.objects.filter(version=version, day__lte=as_of).order_by("-day")[:WEEKS]
    weeks = [Week(row.day, row.measured, row.low, row.middle, row.high) for row in rows][::-1]
    last = version.backfills.order_by("-id").first()
    return HistoryPage(
        uid=metric.uid,
        name=localized(metric.name, language()),
        unit=metric.unit,
        weeks=weeks,
        running=last if last and last.status in UNDER_WAY else None,
        stopped=last if last and last.status in STOPPED else None,
        may_define=role in MANAGERS,
    )


STOPPED = (Backfill.Status.CANCELLED, Backfill.Status.FAILED)


def summed_line(metric: Metric, meaning: Definition, found: Summary | None) -> MetricLine:
    if found is None:
        return metric_line(metric, meaning, spread([]), 0, 0)
    lies = Spread(tuple(found.shown), found.low, found.middle, found.high)
    return metric_line(metric, meaning, lies, found.measured, found.total)


def metric_line(
    metric: Metric, meaning: Definition, lies: Spread, measured: int, total: int
) -> MetricLine:
    return MetricLine(
        uid=metric.uid,
        name=localized(metric.name, language()) or metric.key,
        words=localized(metric.sentence, language()),
        meaning=capitalized(sentence(meaning)),
        unit=metric.unit,
        higher_is_better=metric.higher_is_better,
        entered=isinstance(meaning, Entered),
        spread=lies,
        measured=measured,
        total=total,
    )


def version_of(row: MetricVersion) -> Version:
    by = row.created_by.name if row.created_by else ""
    meaning = capitalized(sentence(load(row.definition)))
    return Version(row.number, meaning, row.adopted_at or row.created_at, by, row.proposed)


def current_meanings() -> dict[int, Definition]:
    """What each metric means now, retired ones too, by its id."""
    rows = MetricVersion.objects.filter(proposed=False).order_by("metric_id", "number")
    return {metric: load(stored) for metric, stored in rows.values_list("metric_id", "definition")}


def offered(known: set[str], today: date) -> list[Offered]:
    """Suggested metrics that do not exist yet."""
    return [offer_of(each) for each in offers(today) if each.key not in known]


def offer_of(each: Suggestion) -> Offered:
    words = localized(each.sheet.sentence, language())
    name = localized(each.sheet.name, language())
    return Offered(each.key, name, words, localized(each.reason, language()), each.group)
