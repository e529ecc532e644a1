"""Support beside use: of one customer, of a segment; and the silent whom nobody supports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse

from banso.base.models import User
from banso.core.conditions import load
from banso.desk.support import (
    WEEK,
    Week,
    ends_of,
    gap_by_week,
    support_by_week,
    unsupported,
    usage_metrics,
    use_by_week,
)
from banso.engagements.models import Engagement
from banso.goals.models import SegmentFigures, Standing
from banso.goals.segments import among
from banso.metrics.models import LatestValue, Metric, Segment
from banso.metrics.segments import members, segments_in_use
from banso.web.charts import Point
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

PER_PAGE = 30
DAYS = (30, 60, 90)
MOST_MEMBERS = 2_000
FILTERS = ("days", "segment", "use")


@dataclass(frozen=True)
class Beside:
    """Support, use and gap of the same weeks."""

    weeks: Sequence[Week]

    @property
    def support(self) -> Sequence[Point]:
        return [Point(each.last, float(each.all)) for each in self.weeks]

    @property
    def use(self) -> Sequence[Point]:
        return [Point(e.last, None if e.use is None else float(e.use)) for e in self.weeks]

    @property
    def gap(self) -> Sequence[Point]:
        return [Point(each.last, each.gap) for each in self.weeks]

    @property
    def used(self) -> bool:
        return any(each.use is not None for each in self.weeks)

    @property
    def measured(self) -> bool:
        return any(each.gap is not None for each in self.weeks)

    @property
    def latest_first(self) -> Sequence[Week]:
        return self.weeks[::-1]


@dataclass(frozen=True)
class CustomerSupport:
    engagement: Engagement
    beside: Beside


@dataclass(frozen=True)
class Unsupported:
    """A standing of the list, with the latest value of the usage metric asked for."""

    standing: Standing
    use: float | None


@dataclass(frozen=True)
class SupportPage:
    """`members` of the segment chosen, None where there are too many to look at at once."""

    lines: Sequence[Unsupported]
    listed: Page[Standing]
    state: TableState
    today: date
    days: int
    usage: Metric | None
    metrics: Sequence[Metric]
    segment: Segment | None
    segments: Sequence[Segment]
    beside: Beside | None
    too_many: bool

    @property
    def choices(self) -> Sequence[int]:
        return DAYS


def customer_support(engagement: Engagement, today: date) -> CustomerSupport:
    ends = ends_of(today)
    gaps = gap_by_week(engagement, ends)
    return CustomerSupport(engagement, beside_of([engagement.pk], ends, gaps))


def beside_of(ids: Sequence[int], ends: Sequence[date], gaps: Sequence[float | None]) -> Beside:
    support, use = support_by_week(ids, ends), use_by_week(ids, ends[-1])
    return Beside([Week(*each) for each in zip(ends, support, use, gaps, strict=True)])


def state_of(query: QueryDict) -> TableState:
    path = reverse("support")
    return TableState.read(query, sortable=(), default="", filters=FILTERS, path=path)


def support_page(user: User, today: date, state: TableState) -> SupportPage:
    asked = state.filter("days")
    days = int(asked) if asked in map(str, DAYS) else DAYS[0]
    metrics, segments = usage_metrics(), list(segments_in_use(user))
    usage = usage_of(metrics, state.filter("use"))
    segment = next((each for each in segments if each.uid == state.filter("segment")), None)
    rows = unsupported(user, today, days, usage)
    if segment is not None:
        rows = rows.filter(among(load(segment.condition)))
    size, more = reach(rows)
    told = rows.select_related("stage", "engagement")
    fetched = Listed(lambda first, last: list(told[first:last]), size, more)
    listed: Page[Standing] = Paginator(fetched, PER_PAGE).get_page(state.page)
    beside, too_many = segment_beside(segment, user, today)
    return SupportPage(
        lines=lines_of(list(listed.object_list), usage),
        listed=listed,
        state=state,
        today=today,
        days=days,
        usage=usage,
        metrics=metrics,
        segment=segment,
        segments=segments,
        beside=beside,
        too_many=too_many,
    )


def usage_of(metrics: Sequence[Metric], asked: str) -> Metric | None:
    """The metric asked for, else the first; "-": whatever the use."""
    if asked == "-":
        return None
    return next((each for each in metrics if each.uid == asked), next(iter(metrics), None))


def lines_of(rows: Sequence[Standing], usage: Metric | None) -> list[Unsupported]:
    values: Mapping[int, float] = {}
    if usage is not None:
        found = LatestValue.objects.filter(metric=usage, engagement__in=[each.pk for each in rows])
        values = dict(found.values_list("engagement_id", "value"))
    return [Unsupported(each, values.get(each.pk)) for each in rows]


def segment_beside(segment: Segment | None, user: User, today: date) -> tuple[Beside | None, bool]:
    """The weeks of a segment, and whether it has too many customers to look at at once."""
    if segment is None:
        return None, False
    ids = list(members(segment, user).order_by().values_list("pk", flat=True)[: MOST_MEMBERS + 1])
    if len(ids) > MOST_MEMBERS:
        return None, True
    ends = ends_of(today)
    return beside_of(ids, ends, segment_gaps(segment, ends)), False


def segment_gaps(segment: Segment, ends: Sequence[date]) -> list[float | None]:
    """The segment's mean gap as the rounds kept it, the last of each week."""
    rows = SegmentFigures.objects.filter(segment=segment, day__gt=ends[0] - timedelta(days=WEEK))
    found: dict[date, float | None] = {}
    for day, gap in rows.order_by("day").values_list("day", "gap"):
        last = next((each for each in ends if day <= each), None)
        if last is not None:
            found[last] = gap
    return [found.get(each) for each in ends]
