"""Whom a standard is for: a segment, a stage, a stage of a segment, or everyone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.cache import cache
from django.shortcuts import get_object_or_404

from banso.base.models import User
from banso.core.conditions import load
from banso.core.proposal import FEWEST_OUTCOMES, Outcome, known, looked_at
from banso.goals.models import Stage
from banso.goals.plans import Key
from banso.goals.proposals import (
    KEPT_SECONDS,
    Levels,
    ProposedTarget,
    history_version,
    levels,
    proposals,
    propose_group,
)
from banso.goals.stages import stages_at
from banso.metrics.models import Segment
from banso.metrics.segments import OfToday, on_days, segments_in_use


@dataclass(frozen=True)
class Slot:
    """A place for one standard."""

    segment: Segment | None = None
    stage: Stage | None = None

    @property
    def key(self) -> Key:
        return (self.segment.pk if self.segment else None, self.stage.pk if self.stage else None)

    @property
    def words(self) -> dict[str, str]:
        """How an address names it."""
        named = {"segment": self.segment, "stage": self.stage}
        return {name: each.uid for name, each in named.items() if each is not None}

    @property
    def query(self) -> str:
        return urlencode(self.words)

    @property
    def everyone(self) -> bool:
        return self.segment is None and self.stage is None


def slot_or_404(user: User, words: Mapping[str, str]) -> Slot:
    """The slot of ?segment= and ?stage=; Http404 for one that does not exist."""
    segment, stage = words.get("segment", ""), words.get("stage", "")
    return Slot(
        get_object_or_404(segments_in_use(user), uid=segment) if segment else None,
        get_object_or_404(Stage, uid=stage, retired_at=None) if stage else None,
    )


def propose_slot(slot: Slot, as_of: date) -> list[ProposedTarget]:
    """What the known outcomes of those who were in the slot say of each metric, the strongest
    first; kept until the history or the segment changes."""
    if slot.everyone:
        return proposals(as_of).get("", [])
    changed = slot.segment.changed_at.isoformat() if slot.segment else ""
    place = "-".join(str(each or 0) for each in slot.key)
    key = f"slot:{place}:{changed}:{as_of.isoformat()}:{history_version()}"
    found: list[ProposedTarget] | None = cache.get(key)
    if found is None:
        history = levels(as_of)
        found = propose_group(outcomes_of(slot, history, as_of), history)
        cache.set(key, found, KEPT_SECONDS)
    return found


def outcomes_of(slot: Slot, history: Levels, as_of: date) -> list[Outcome]:
    """The known outcomes of those who were in the slot on the day that each is looked at."""
    ended = known(history.outcomes, as_of=as_of)
    pairs = {(int(each.key), looked_at(each)) for each in ended}
    inside = members_at(slot, pairs)
    return [each for each in ended if (int(each.key), looked_at(each)) in inside]


def members_at(slot: Slot, pairs: Collection[tuple[int, date]]) -> set[tuple[int, date]]:
    """Those of the pairs that were in the slot that day; nobody, where a segment is of today."""
    found = set(pairs)
    if slot.stage is not None:
        stages = stages_at(found)
        found = {pair for pair, now in stages.items() if now.stage.pk == slot.stage.pk}
    if slot.segment is not None:
        try:
            found = on_days(load(slot.segment.condition), found)
        except OfToday:
            return set()
    return found


def enough(outcomes: Collection[Outcome]) -> bool:
    return len(outcomes) >= FEWEST_OUTCOMES
