"""What other targets would have said of the customers whose fate is known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from banso.core.estimate import NotEstimable
from banso.core.proposal import FEWEST_OUTCOMES, separation_of

WORST = 0.2


@dataclass(frozen=True)
class Judged:
    """One known outcome with its gap to the targets before and to those after; None: too little
    was measured then."""

    renewed: bool
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Record:
    """How well each set of targets told those who left from those who renewed.

    `caught`: the share of those who left that stood in the worst fifth by gap; one fifth is what
    chance gives. `separation`: the chance that one who left had the larger gap.
    """

    n_renewed: int
    n_lost: int
    caught_before: float
    caught_after: float
    separation_before: float
    separation_after: float


def judge(rows: Sequence[Judged]) -> Record | NotEstimable:
    """Over the outcomes whose gap is known both ways. NotEstimable "too_few_outcomes" {renewed,
    lost, needed} under 30 of them, or with nobody in one group."""
    known = [(each.renewed, each.before, each.after) for each in rows
             if each.before is not None and each.after is not None]  # fmt: skip
    renewed = [(before, after) for kept, before, after in known if kept]
    lost = [(before, after) for kept, before, after in known if not kept]
    if len(known) < FEWEST_OUTCOMES or not renewed or not lost:
        counts = {"renewed": len(renewed), "lost": len(lost), "needed": FEWEST_OUTCOMES}
        return NotEstimable("too_few_outcomes", counts)
    kept_before, kept_after = zip(*renewed, strict=True)
    lost_before, lost_after = zip(*lost, strict=True)
    return Record(
        n_renewed=len(renewed),
        n_lost=len(lost),
        caught_before=caught(lost_before, kept_before),
        caught_after=caught(lost_after, kept_after),
        separation_before=separation_of(lost_before, kept_before),
        separation_after=separation_of(lost_after, kept_after),
    )


def caught(lost: Sequence[float], renewed: Sequence[float]) -> float:
    """The share of those who left in the fifth with the largest gaps. Where that fifth ends
    among equals, each of them counts for the part of them that belongs to it."""
    everyone = sorted((*lost, *renewed), reverse=True)
    room = math.ceil(WORST * len(everyone))
    last = everyone[room - 1]
    above = sum(gap > last for gap in everyone)
    part = (room - above) / everyone.count(last)
    return math.fsum(1.0 if gap > last else part for gap in lost if gap >= last) / len(lost)
