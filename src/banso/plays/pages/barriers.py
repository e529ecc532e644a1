"""Barriers: those of one customer beside the gap, and all of them counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from banso.base.fields import localized
from banso.base.models import Role, User
from banso.base.roles import MANAGERS
from banso.base.workspace import day_end, local_today
from banso.engagements.models import Engagement
from banso.goals.models import Stage
from banso.goals.plans import PlanTarget, plan_for
from banso.goals.stages import StageNow, stage_of, stages_in_use
from banso.plays import access
from banso.plays.barrier_actions import STARTER, STARTERS
from banso.plays.forms import BarrierForm
from banso.plays.models import Barrier, BarrierKind, Play
from banso.web.charts import Point
from banso.web.formats import language
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

WEEKS = 26
PER_PAGE = 25
MOST_SEGMENTS = 12
RECENT_DAYS = 90


@dataclass(frozen=True)
class BarrierLine:
    """A barrier, what it stands in the way of, and the plays in use against its kind."""

    barrier: Barrier
    about: str
    plays: Sequence[Play]


@dataclass(frozen=True)
class BarrierPanel:
    """The barriers of a customer on a day: the open ones, and how many were lowered by then."""

    engagement: Engagement
    lines: Sequence[BarrierLine]
    lowered: int
    may_write: bool


@dataclass(frozen=True)
class NotePage:
    engagement: Engagement
    form: BarrierForm
    kinds: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Sides:
    """How many are open at our side and at theirs."""

    name: str
    ours: int
    theirs: int
    href: str = ""

    @property
    def total(self) -> int:
        return self.ours + self.theirs


@dataclass(frozen=True)
class BarriersPage:
    """Every open barrier the reader may read; the tables and the line are of the kind chosen."""

    kinds: Sequence[Sides]
    chosen: BarrierKind | None
    open: int
    lowered: int
    stages: Sequence[Sides]
    segments: Sequence[Sides]
    points: Sequence[Point]
    rows: Sequence[BarrierLine]
    listed: Page[Barrier]
    state: TableState
    unkept: bool
    may_keep: bool


@dataclass(frozen=True)
class KindLine:
    kind: BarrierKind
    open: int
    plays: int


@dataclass(frozen=True)
class KindsPage:
    kinds: Sequence[KindLine]
    retired: Sequence[KindLine]
    may_write: bool


def barrier_panel(engagement: Engagement, as_of: date, *, may_write: bool) -> BarrierPanel:
    """What stood in the way of a customer on a day."""
    end = day_end(as_of)
    rows = with_names(Barrier.objects.filter(engagement=engagement, noted_at__lt=end))
    known = list(rows.order_by("noted_at", "id"))
    standing = [each for each in known if each.lowered_at is None or each.lowered_at >= end]
    lowered = len(known) - len(standing)
    return BarrierPanel(engagement, lines_of(standing), lowered, may_write)


def lines_of(rows: Sequence[Barrier]) -> list[BarrierLine]:
    plays = plays_by_kind() if rows else {}
    return [BarrierLine(each, about_of(each), plays.get(each.kind_id, ())) for each in rows]


def with_names(rows: QuerySet[Barrier]) -> QuerySet[Barrier]:
    return rows.select_related("engagement__party", "kind", "metric", "stage", "noted_by")


def plays_by_kind() -> dict[int, list[Play]]:
    """The plays in use, by the kind of barrier they lower."""
    active = Play.objects.filter(activated_at__isnull=False, retired_at=None)
    found: dict[int, list[Play]] = {}
    for play in active.prefetch_related("kinds"):
        for kind in play.kinds.all():
            found.setdefault(kind.pk, []).append(play)
    return found


def about_of(barrier: Barrier) -> str:
    """What it stands in the way of."""
    named = barrier.metric or barrier.stage
    return localized(named.name, language()) if named else ""


def note_page(engagement: Engagement, data: Mapping[str, Any] | None, about: str) -> NotePage:
    """The form to note a barrier; the target with the largest part of the gap comes first."""
    kinds = kind_choices()
    form = BarrierForm(data, abouts=abouts_of(engagement), kinds=kinds, about=about)
    return NotePage(engagement, form, kinds)


def kind_choices() -> list[tuple[str, str]]:
    """The kinds in use; before there is any, the usual five."""
    rows = list(BarrierKind.objects.all())
    if not rows:
        return [
            (f"{STARTER}-{place}", localized(name, language()))
            for place, name in enumerate(STARTERS)
        ]
    return [(each.uid, localized(each.name, language())) for each in rows if not each.retired_at]


def abouts_of(engagement: Engagement) -> list[tuple[str, str | Promise]]:
    """What of the customer something may stand in the way of: the targets that count for it, and
    the next stage."""
    today = local_today()
    plan = plan_for([engagement.pk], today)[engagement.pk]
    targets = [metric_choice(each) for each in plan.targets if each.metric_id]
    following = next_stage(stage_of([engagement.pk], today).get(engagement.pk))
    return [*targets, *([stage_choice(following)] if following else [])]


def metric_choice(target: PlanTarget) -> tuple[str, str]:
    return f"metric:{target.key}", localized(target.name, language())


def stage_choice(stage: Stage) -> tuple[str, str]:
    return f"stage:{stage.uid}", f"→ {localized(stage.name, language())}"


def next_stage(now: StageNow | None) -> Stage | None:
    """The stage behind the present one; the first for who is in none."""
    stages = stages_in_use()
    if now is None:
        return stages[0] if stages else None
    later = [each for each in stages if each.program_id == now.stage.program_id]
    return next((each for each in later if each.position > now.stage.position), None)


def barriers_page(user: User, role: Role, state: TableState) -> BarriersPage:
    kinds = list(BarrierKind.objects.all())
    chosen = next((each for each in kinds if each.uid == state.filter("kind")), None)
    mine = access.barriers(user)
    still = mine.filter(lowered_at=None)
    shown, all_of = narrowed(still, chosen), narrowed(mine, chosen)
    latest = shown.order_by("-noted_at", "-id")
    count, more = reach(shown)
    fetch = Listed(lambda first, last: list(with_names(latest)[first:last]), count, more)
    listed: Page[Barrier] = Paginator(fetch, PER_PAGE).get_page(state.page)
    return BarriersPage(
        kinds=by_kind(still, kinds, state),
        chosen=chosen,
        open=count,
        lowered=lowered_lately(all_of),
        stages=by_stage(shown),
        segments=by_segment(shown),
        points=open_each_week(all_of, local_today()),
        rows=lines_of(list(listed.object_list)),
        listed=listed,
        state=state,
        unkept=not kinds,
        may_keep=role in MANAGERS,
    )


def narrowed(rows: QuerySet[Barrier], kind: BarrierKind | None) -> QuerySet[Barrier]:
    return rows if kind is None else rows.filter(kind=kind)


def lowered_lately(rows: QuerySet[Barrier]) -> int:
    since = day_end(local_today() - timedelta(days=RECENT_DAYS))
    return rows.filter(lowered_at__gte=since).count()


def by_kind(
    rows: QuerySet[Barrier], kinds: Iterable[BarrierKind], state: TableState
) -> list[Sides]:
    """The kinds in use, and retired ones of which some are open."""
    found = sides_by(rows, "kind")
    return [
        Sides(localized(each.name, language()), *found[each.pk], state.filtered("kind", each.uid))
        for each in kinds
        if each.retired_at is None or any(found[each.pk])
    ]


def by_stage(rows: QuerySet[Barrier]) -> list[Sides]:
    """Where the customers were when it was noted, in the order of the journey."""
    found = sides_by(rows, "in_stage")
    stages = [each for each in stages_in_use() if sum(found[each.pk])]
    named = [Sides(localized(each.name, language()), *found[each.pk]) for each in stages]
    return [*named, *([Sides("", *found[None])] if sum(found[None]) else [])]


def by_segment(rows: QuerySet[Barrier]) -> list[Sides]:
    """By the segment name in the workspace's list, most first."""
    found = sides_by(rows, "engagement__segment")
    named = [Sides(str(each), *counts) for each, counts in found.items()]
    return sorted(named, key=lambda each: -each.total)[:MOST_SEGMENTS]


class Found(dict[Any, tuple[int, int]]):
    """(ours, theirs) by what was asked; none of what was not found."""

    def __missing__(self, key: Any) -> tuple[int, int]:
        return (0, 0)


def sides_by(rows: QuerySet[Barrier], path: str) -> Found:
    counted: Counter[tuple[Any, str]] = Counter()
    told = rows.order_by().values_list(path, "side").annotate(n=Count("pk"))
    for value, side, count in told:
        counted[value, side] = count
    return Found(
        {value: (counted[value, "ours"], counted[value, "theirs"]) for value, _ in counted}
    )


def open_each_week(rows: QuerySet[Barrier], today: date) -> list[Point]:
    """How many were open at the end of this day and of the same weekday of the weeks before."""
    days = [today - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    ends = [day_end(day) for day in days]
    noted = {f"n{k}": Count("pk", filter=Q(noted_at__lt=end)) for k, end in enumerate(ends)}
    gone = {f"g{k}": Count("pk", filter=Q(lowered_at__lt=end)) for k, end in enumerate(ends)}
    found = rows.order_by().aggregate(**noted, **gone)
    return [Point(day, float(found[f"n{k}"] - found[f"g{k}"])) for k, day in enumerate(days)]


def kinds_page(user: User, role: Role) -> KindsPage:
    counts = dict(
        access.barriers(user)
        .filter(lowered_at=None)
        .order_by()
        .values_list("kind")
        .annotate(n=Count("pk"))
    )
    plays = plays_by_kind()
    lines = [
        KindLine(each, counts.get(each.pk, 0), len(plays.get(each.pk, ())))
        for each in BarrierKind.objects.all()
    ]
    return KindsPage(
        kinds=[each for each in lines if each.kind.retired_at is None],
        retired=[each for each in lines if each.kind.retired_at is not None],
        may_write=role in MANAGERS,
    )
