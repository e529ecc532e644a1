"""The segments: the list with its figures, one with its customers, and the one being built."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from banso.base.fields import localized
from banso.base.models import Activity, Role, User
from banso.base.roles import MANAGERS, WRITERS
from banso.base.workspace import local_today
from banso.core.conditions import Condition, load
from banso.engagements.access import engagements
from banso.engagements.models import Engagement
from banso.goals.forms_segments import SegmentForm
from banso.goals.models import SegmentFigures, Standing
from banso.goals.plans import Plan, standards
from banso.goals.segments import Figures, figures_of, how_many, standings
from banso.goals.standing import RANKING
from banso.metrics.condition_form import ConditionForm, Group, TooDeep
from banso.metrics.fields import fields
from banso.metrics.models import Segment
from banso.metrics.segments import lost, segments_in_use
from banso.web.charts import Point
from banso.web.formats import language

DAYS = 90
LISTED = 25
EXAMPLES = 5


@dataclass(frozen=True)
class SegmentLine:
    """A segment of the list; `history` is how many customers it had on days of the last 90."""

    segment: Segment
    name: str
    figures: Figures
    groups: Sequence[Group]
    history: Sequence[float]
    may_change: bool
    broken: bool


@dataclass(frozen=True)
class SegmentsPage:
    lines: Sequence[SegmentLine]
    retired: Sequence[SegmentLine]
    may_write: bool
    may_order: bool


@dataclass(frozen=True)
class SegmentPage:
    """One segment: its figures, the first of its customers in the day's order, what counts for
    them where they have no plan of their own, and who changed it when."""

    line: SegmentLine
    members: Sequence[Standing]
    points: Sequence[Point]
    standard: Plan | None
    changes: Sequence[Activity]
    today: date
    may_write: bool
    may_set_standard: bool


@dataclass(frozen=True)
class Preview:
    """How many current customers fulfil the condition as typed; None while it cannot be read."""

    customers: int | None
    more: bool
    examples: Sequence[Engagement]


@dataclass(frozen=True)
class BuilderPage:
    segment: Segment | None
    form: SegmentForm
    conditions: ConditionForm
    preview: Preview


def segments_page(user: User, role: Role) -> SegmentsPage:
    """The segments in use and the retired ones that `user` may restore."""
    rows = list(segments_in_use(user))
    gone = [
        each
        for each in Segment.objects.exclude(retired_at=None)
        if each.shared or each.created_by_id == user.pk
    ]
    figures, days = figures_of(rows, user), history(rows)
    return SegmentsPage(
        [line_of(each, figures[each.pk], days.get(each.pk, []), user, role) for each in rows],
        [line_of(each, Figures(0, 0, 0, None), [], user, role) for each in gone],
        may_write=role in WRITERS,
        may_order=role in MANAGERS,
    )


def line_of(
    segment: Segment, figures: Figures, points: Sequence[Point], user: User, role: Role
) -> SegmentLine:
    condition = load(segment.condition)
    return SegmentLine(
        segment=segment,
        name=name_of(segment),
        figures=figures,
        groups=told(condition),
        history=[each.value for each in points if each.value is not None],
        may_change=may_change(segment, user, role),
        broken=bool(lost(condition)),
    )


def segment_page(segment: Segment, user: User, role: Role) -> SegmentPage:
    today = local_today()
    figures = figures_of([segment], user)[segment.pk]
    points = history([segment]).get(segment.pk, [])
    standard = standards(today).get((segment.pk, None))
    return SegmentPage(
        line=line_of(segment, figures, points, user, role),
        members=members_of(load(segment.condition), user),
        points=points,
        standard=standard,
        changes=changes_of(segment),
        today=today,
        may_write=role in WRITERS,
        may_set_standard=role in MANAGERS,
    )


def members_of(condition: Condition, user: User) -> list[Standing]:
    """The first current customers in the day's one order."""
    rows = (
        standings(condition, user)
        .select_related("engagement__party", "engagement__owner")
        .defer("terms", "reason")
    )
    return list(rows.order_by(*RANKING)[:LISTED])


def changes_of(segment: Segment) -> list[Activity]:
    """Who made, changed, retired and restored it, the latest first."""
    rows = Activity.objects.filter(verb__startswith="segment.", subject_id=segment.pk)
    return list(rows.select_related("actor").order_by("-id")[:LISTED])


def history(segments: Sequence[Segment]) -> dict[int, list[Point]]:
    """How many customers each had on the days of the last 90 that a round wrote down."""
    rows = SegmentFigures.objects.filter(
        segment__in=segments, day__gte=local_today() - timedelta(days=DAYS)
    )
    found: dict[int, list[Point]] = {}
    for each, day, customers in rows.order_by("day").values_list("segment", "day", "customers"):
        found.setdefault(each, []).append(Point(day, float(customers)))
    return found


def builder_page(
    segment: Segment | None, form: SegmentForm, conditions: ConditionForm, user: User
) -> BuilderPage:
    return BuilderPage(segment, form, conditions, preview_of(conditions, user))


def preview_of(conditions: ConditionForm, user: User) -> Preview:
    """Counted on what was typed, without marking what is still incomplete."""
    typed = ConditionForm(
        conditions.data,
        fields=conditions.fields,
        condition=conditions.stored,
        prefix=conditions.prefix,
    )
    if not typed.is_valid():
        return Preview(None, False, ())
    count, more = how_many(typed.condition, user)
    examples = engagements(user).filter(
        pk__in=[each.engagement_id for each in members_of(typed.condition, user)[:EXAMPLES]]
    )
    return Preview(count, more, list(examples.order_by("party__name")))


def told(condition: Condition) -> Sequence[Group]:
    """The condition as rows to read; none for one that no form could have made."""
    try:
        groups = ConditionForm(fields=fields(), condition=condition).groups
    except TooDeep:
        return ()
    return [group for group in groups if any(row.field for row in group.rows)]


def may_change(segment: Segment, user: User, role: Role) -> bool:
    """Managers change every segment, others those they made."""
    return role in MANAGERS or (role in WRITERS and segment.created_by_id == user.pk)


def name_of(segment: Segment) -> str:
    return localized(segment.name, language())
