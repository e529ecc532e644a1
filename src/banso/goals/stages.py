"""In which stage of their program engagements were on a day, and since when."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from banso.base.workspace import day_end
from banso.goals.models import Stage, StageMove

FEW = 500
type At = tuple[int, date]


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
    moves = moves_of(ids)
    wanted = moves if ids is None else ids
    found = placed([(each, as_of) for each in wanted], moves)
    return {each: now for (each, _), now in found.items()}


def stages_at(pairs: Iterable[At]) -> dict[At, StageNow]:
    """As `stage_of`, for any pairs of an engagement and a day."""
    wanted = list(pairs)
    return placed(wanted, moves_of({each for each, _ in wanted}))


def stages_in_use() -> list[Stage]:
    """The stages of all programs, in the order of the journey."""
    rows = Stage.objects.filter(retired_at=None).select_related("program")
    return list(rows.order_by("program_id", "position", "id"))


def moves_of(ids: Collection[int] | None) -> dict[int, list[StageMove]]:
    """The moves of each engagement in their order."""
    rows = StageMove.objects.only("engagement_id", "stage_id", "on", "at")
    if ids is not None and len(ids) <= FEW:
        rows = rows.filter(engagement_id__in=list(ids))
    found: dict[int, list[StageMove]] = {}
    for row in rows.order_by("engagement_id", "on", "id"):
        found.setdefault(row.engagement_id, []).append(row)
    return found


def placed(pairs: Iterable[At], moves: Mapping[int, list[StageMove]]) -> dict[At, StageNow]:
    stages = Stage.objects.select_related("program").in_bulk() if moves else {}
    found = {}
    for each, day in pairs:
        past = moves.get(each, ())
        count = bisect_right(past, day, key=lambda move: move.on)
        if count and (stage := stages.get(past[count - 1].stage_id or 0)) is not None:
            found[each, day] = now(stage, past[count - 1], day)
    return found


def now(stage: Stage, move: StageMove, day: date) -> StageNow:
    fresh = (day - move.on).days < stage.grace_days
    return StageNow(stage, move.on, fresh, backwards=move.at >= day_end(day))
