"""In which stage of their program engagements were on a day, and since when."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from banso.base.workspace import day_end
from banso.engagements.models import Engagement
from banso.goals.models import Program, Stage, StageMove

FEW = 500
ONE_DAY = timedelta(days=1)
type At = tuple[int, date]


class Step(NamedTuple):
    """An engagement entered a stage on a day (None: left the program); `at`: when it was written
    down."""

    stage_id: int | None
    on: date
    at: datetime


@dataclass(frozen=True)
class StageNow:
    """The stage of a day; `in_grace`: too new in it to be ranked among the rest. `backwards`: the
    move was written down after that day."""

    stage: Stage
    since: date
    in_grace: bool
    backwards: bool = False

    @property
    def grace_until(self) -> date:
        """The last day of the grace."""
        return self.since + timedelta(days=self.stage.grace_days - 1)


def stage_of(ids: Collection[int] | None, as_of: date) -> dict[int, StageNow]:
    """The stage of each of the engagements (None: of all) that is in one on `as_of`."""
    journeys = journeys_of(ids)
    wanted = journeys if ids is None else ids
    found = placed([(each, as_of) for each in wanted], journeys)
    return {each: now for (each, _), now in found.items()}


def stages_at(pairs: Iterable[At]) -> dict[At, StageNow]:
    """As `stage_of`, for any pairs of an engagement and a day."""
    wanted = list(pairs)
    return placed(wanted, journeys_of({each for each, _ in wanted}))


def stages_in_use() -> list[Stage]:
    """The stages of all programs, in the order of the journey."""
    rows = Stage.objects.filter(retired_at=None).select_related("program")
    return list(rows.order_by("program_id", "position", "id"))


def journeys_of(ids: Collection[int] | None) -> dict[int, list[Step]]:
    """The steps of each engagement in their order. Who became a customer since the program began
    entered its first stage that day, without anybody writing it down."""
    programs = list(Program.objects.all())
    if not programs:
        return {}
    found = {each: [step] for each, step in newcomers(programs, ids).items()}
    cells = among(StageMove.objects.all(), "engagement", ids).order_by("engagement", "on", "id")
    for each, *step in cells.values_list("engagement", "stage", "on", "at"):
        found.setdefault(each, []).append(Step(*step))
    return found


def newcomers(programs: Iterable[Program], ids: Collection[int] | None) -> dict[int, Step]:
    found: dict[int, Step] = {}
    for program in programs:
        first = program.stages.filter(retired_at=None).first()
        known = Q(started_on__gte=program.starts_on)
        unknown = Q(started_on=None, created_at__gte=day_end(program.starts_on - ONE_DAY))
        rows = among(Engagement.objects.filter(known | unknown, kind=program.kind), "pk", ids)
        for each, began, made in rows.values_list("pk", "started_on", "created_at"):
            if first is not None:
                found[each] = Step(first.pk, began or timezone.localdate(made), made)
    return found


def among(rows: QuerySet[Any], path: str, ids: Collection[int] | None) -> QuerySet[Any]:
    """The rows of a few; of many, all: a long list is slower than reading them."""
    few = ids is not None and len(ids) <= FEW
    return rows.filter(**{f"{path}__in": list(ids or ())}) if few else rows


def placed(pairs: Collection[At], journeys: Mapping[int, list[Step]]) -> dict[At, StageNow]:
    stages = Stage.objects.select_related("program").in_bulk() if journeys else {}
    ends = {day: day_end(day) for day in {pair[1] for pair in pairs}} if journeys else {}
    found = {}
    for each, day in pairs:
        past = journeys.get(each, ())
        count = bisect_right(past, day, key=lambda step: step.on)
        if count and (stage := stages.get(past[count - 1].stage_id or 0)) is not None:
            step = past[count - 1]
            fresh = (day - step.on).days < stage.grace_days
            found[each, day] = StageNow(stage, step.on, fresh, backwards=step.at >= ends[day])
    return found
