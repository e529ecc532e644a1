"""Targets: progress from where we started, gap to the ideal, and what they add up to.

One value has two readings. Progress runs from the start to the target and is shown raw; the
gap runs from the floor (where nothing of the ideal is there) to the target and is clamped.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from banso.core.estimate import NotEstimable


@dataclass(frozen=True)
class Reading:
    """One target and its measured value; `value` None is "not measured", never a zero.

    Raises ValueError unless the weight is positive and floor and target differ.
    """

    key: str
    weight: float
    value: float | None
    floor: float
    target: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.weight) and self.weight > 0):
            raise ValueError("a weight is a positive number")
        _span(self.floor, self.target)


@dataclass(frozen=True)
class Term:
    """What one measured target adds to the whole gap: share = weight * gap / sum of weights."""

    key: str
    weight: float
    gap: float
    share: float


@dataclass(frozen=True)
class Score:
    """Health 0-100 and the gap 0-1 behind it, over `measured` of `total` targets."""

    health: float
    gap: float
    measured: int
    total: int
    terms: tuple[Term, ...]


def progress(value: float, *, start: float, target: float) -> float:
    """(value - start) / (target - start): 0 at the start, 1 at the target, negative or above 1
    beyond them; the same formula whether up or down is better. ValueError if target = start."""
    return (value - start) / _span(start, target)


def reached(value: float, *, target: float, upward: bool) -> bool:
    """Whether the value is at the target or better. A target whose start reached it is one to
    keep: there is no way to go, so `progress` has nothing to tell."""
    return value >= target if upward else value <= target


def gap(value: float, *, floor: float, target: float) -> float:
    """1 at the floor or worse, 0 at the target or better, linear between.
    ValueError if target = floor or the value is not a finite number."""
    if not math.isfinite(value):
        raise ValueError("a measured value is a finite number")
    reached = (value - floor) / _span(floor, target)
    return 1.0 - min(max(reached, 0.0), 1.0)


def score(readings: Sequence[Reading]) -> Score | NotEstimable:
    """The weighted gap of the measured targets, with the terms that add up to it.

    Not estimable when nothing is measured ("nothing_measured") or fewer than half of the
    targets are ("under_half_measured"); both carry {measured, total}.
    """
    known = [(r, gap(r.value, floor=r.floor, target=r.target)) for r in readings
             if r.value is not None]  # fmt: skip
    counts = {"measured": len(known), "total": len(readings)}
    if not known:
        return NotEstimable("nothing_measured", counts)
    if 2 * len(known) < len(readings):
        return NotEstimable("under_half_measured", counts)
    weights = math.fsum(r.weight for r, _ in known)
    terms = tuple(Term(r.key, r.weight, g, r.weight * g / weights) for r, g in known)
    whole = min(1.0, math.fsum(term.share for term in terms))
    return Score(100.0 * (1.0 - whole), whole, len(known), len(readings), terms)


def _span(low: float, high: float) -> float:
    span = high - low
    if span == 0 or not math.isfinite(span):
        raise ValueError("a target differs from its start and its floor")
    return span
