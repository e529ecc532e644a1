"""The board of stages, the program being written, and one customer's stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from django.db.models import Q, QuerySet

from banso.base.models import Role, User
from banso.base.roles import MANAGERS
from banso.base.workspace import local_today
from banso.engagements.models import Engagement
from banso.goals.access import standings
from banso.goals.evidence import Criterion, criteria_on
from banso.goals.models import Program, Stage, StageMove, Standing
from banso.goals.pages.standards import counts
from banso.goals.plans import Plan, standards
from banso.goals.stage_actions import READY
from banso.goals.stages import StageNow, stage_of
from banso.metrics.models import Segment
from banso.metrics.segments import segments_in_use
from banso.web.paging import reach

SHOWN = 6
STUCK_TIMES = 2
LEAST_STUCK_DAYS = 14


@dataclass(frozen=True)
class Column:
    """A stage with who is in it: how many, the middle of their days there, who may move on, and
    who is there more than twice as long as the middle."""

    stage: Stage
    criteria: Plan | None
    customers: int
    middle_days: int | None
    ready: Sequence[Standing]
    ready_count: tuple[int, bool]
    stuck: Sequence[Standing]
    stuck_count: tuple[int, bool]
    following: Stage | None


@dataclass(frozen=True)
class StagesPage:
    today: date
    program: Program | None
    columns: Sequence[Column]
    outside: int
    segments: Sequence[Segment]
    may_write: bool


@dataclass(frozen=True)
class Past:
    """A move that was made, with the evidence it was made on."""

    move: StageMove
    met: int
    criteria: Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class StagePanel:
    """Where a customer is on the journey on a day: the stages, since when it is in its own, what
    is met of it, and the stage behind it; `moves` are the latest first."""

    engagement: Engagement
    as_of: date
    stages: Sequence[Stage]
    now: StageNow | None
    criteria: Sequence[Criterion]
    following: Stage | None
    moves: Sequence[Past]
    may_move: bool

    @property
    def met(self) -> int:
        return sum(each.met for each in self.criteria)

    @property
    def ready(self) -> bool:
        return bool(self.criteria) and self.met == len(self.criteria)

    @property
    def days(self) -> int:
        """In the stage since so many days."""
        return (self.as_of - self.now.since).days if self.now else 0


def stages_page(user: User, role: Role) -> StagesPage:
    """The board of the customers' program, of what `user` may read."""
    today = local_today()
    program = Program.objects.filter(kind=Engagement.Kind.CUSTOMER).first()
    stages = stages_of(program)
    there, written = counts(user, "stage_id"), standards(today)
    columns = [
        column(
            stage,
            following,
            there.get(stage.pk, 0),
            criteria=written.get((None, stage.pk)),
            rows=readable(user, stage),
        )
        for stage, following in zip_longest(stages, stages[1:])
    ]
    inside = sum(there.get(stage.pk, 0) for stage in stages)
    return StagesPage(
        today=today,
        program=program,
        columns=columns,
        outside=sum(there.values()) - inside,
        segments=list(segments_in_use(user)),
        may_write=role in MANAGERS,
    )


def stages_of(program: Program | None) -> list[Stage]:
    return list(program.stages.filter(retired_at=None)) if program else []


def readable(user: User, stage: Stage) -> QuerySet[Standing]:
    """Where those in the stage stand whom `user` may read."""
    return standings(user).filter(current=True, stage=stage)


def column(
    stage: Stage,
    following: Stage | None,
    customers: int,
    *,
    criteria: Plan | None,
    rows: QuerySet[Standing],
) -> Column:
    today = local_today()
    middle = middle_of(stage, today)
    ready = rows.filter(READY) if following else rows.none()
    long_ago = today - timedelta(days=max(LEAST_STUCK_DAYS, STUCK_TIMES * (middle or 0)) + 1)
    stuck = rows.filter(stage_since__lte=long_ago).exclude(READY)
    return Column(
        stage=stage,
        criteria=criteria,
        customers=customers,
        middle_days=middle,
        ready=first(ready),
        ready_count=reach(ready),
        stuck=first(stuck),
        stuck_count=reach(stuck),
        following=following,
    )


def middle_of(stage: Stage, today: date) -> int | None:
    """The middle of the days that those in a stage have been there, along its index."""
    rows = Standing.objects.filter(current=True, stage=stage).order_by("stage_since", "engagement")
    size = rows.count()
    since = rows.values_list("stage_since", flat=True)[size // 2 : size // 2 + 1].first()
    return (today - since).days if since else None


def first(rows: QuerySet[Standing]) -> list[Standing]:
    """Who is there longest."""
    told = rows.select_related("engagement__party").defer("terms", "reason")
    return list(told.order_by("stage_since", "engagement")[:SHOWN])


def stage_panel(engagement: Engagement, as_of: date, *, may_move: bool) -> StagePanel | None:
    """None where no program exists for this kind of relationship."""
    program = Program.objects.filter(kind=engagement.kind).first()
    stages = stages_of(program)
    if not stages:
        return None
    now = stage_of([engagement.pk], as_of).get(engagement.pk)
    place = next((n for n, each in enumerate(stages) if now and each == now.stage), None)
    behind = stages[place + 1 : place + 2] if place is not None else stages[:1]
    criteria = criteria_on([engagement.pk], as_of).get(engagement.pk, []) if now else []
    return StagePanel(
        engagement=engagement,
        as_of=as_of,
        stages=stages,
        now=now,
        criteria=criteria,
        following=next(iter(behind), None),
        moves=past_moves(engagement, as_of),
        may_move=may_move,
    )


def past_moves(engagement: Engagement, as_of: date) -> list[Past]:
    rows = StageMove.objects.filter(Q(engagement=engagement), on__lte=as_of)
    told = rows.select_related("stage", "before", "by", "contact").order_by("-on", "-id")
    return [past(row) for row in told]


def past(row: StageMove) -> Past:
    found = row.evidence.get("criteria", [])
    return Past(row, int(row.evidence.get("met", 0)), found)
