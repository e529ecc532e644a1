"""A target proposed from the user's own data: the levels of those who renewed and who left."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from banso.core.estimate import NotEstimable

FEWEST_OUTCOMES = 30
LEAST_SEPARATION = 0.55
DAYS_BEFORE_END = 90
# One-sided 5 % point: chance alone passes the test of separation once in twenty.
_Z_ONE_SIDED = 1.6448536269514722


@dataclass(frozen=True)
class Outcome:
    """How an engagement's contract ended, and the day that became known."""

    key: str
    ended_on: date
    known_on: date
    renewed: bool


@dataclass(frozen=True)
class Proposal:
    """A target and floor, in the metric's unit, each a level that somebody really had.

    `separation` is the probability that one who renewed stood better than one who left (ties
    count half; 0.5 is none, 1 is perfect). `renewed_at_target` and `lost_at_target` are the
    shares of each group at the target or better.
    """

    target: float
    floor: float
    n_renewed: int
    n_lost: int
    separation: float
    renewed_at_target: float
    lost_at_target: float


def looked_at(outcome: Outcome) -> date:
    """The day whose knowledge an outcome is set against: 90 days before the contract's end, and
    in any case the day before the outcome was known."""
    early = outcome.ended_on - timedelta(days=DAYS_BEFORE_END)
    return min(early, outcome.known_on - timedelta(days=1))


def known(outcomes: Iterable[Outcome], *, as_of: date) -> list[Outcome]:
    """The outcomes that were known on `as_of`, the newest per key (a later contract's outcome
    replaces an earlier one's), in order of key."""
    newest: dict[str, Outcome] = {}
    for outcome in sorted(outcomes, key=lambda o: (o.ended_on, o.known_on)):
        if outcome.known_on <= as_of:
            newest[outcome.key] = outcome
    return [newest[key] for key in sorted(newest)]


def propose(
    levels_renewed: Sequence[float], levels_lost: Sequence[float], *, higher_is_better: bool
) -> Proposal | NotEstimable:
    """The target that half of those who renewed reached (else a quarter, where the halves do
    not differ), and as floor the median of those who left.

    Refuses with NotEstimable: "too_few_outcomes" {renewed, lost, needed} under 30 levels or
    with one group empty; "no_spread" when all levels, or both groups' middles, are the same;
    "no_signal" {separation} when the separation is not above 0.55, or not beyond what chance
    alone gives (one-sided 5 %, Mann-Whitney).
    """
    sign = 1.0 if higher_is_better else -1.0
    renewed = sorted(sign * level for level in levels_renewed)
    lost = sorted(sign * level for level in levels_lost)
    if not all(map(math.isfinite, (*renewed, *lost))):
        raise ValueError("a level is a finite number")
    if not renewed or not lost or len(renewed) + len(lost) < FEWEST_OUTCOMES:
        counts = {"renewed": len(renewed), "lost": len(lost), "needed": FEWEST_OUTCOMES}
        return NotEstimable("too_few_outcomes", counts)
    if len({*renewed, *lost}) == 1:
        return NotEstimable("no_spread")
    separation = separation_of(renewed, lost)
    if separation <= max(LEAST_SEPARATION, 0.5 + _Z_ONE_SIDED * _chance_deviation(renewed, lost)):
        return NotEstimable("no_signal", {"separation": separation})
    return _proposal(renewed, lost, separation, sign)


def _proposal(
    renewed: Sequence[float], lost: Sequence[float], separation: float, sign: float
) -> Proposal | NotEstimable:
    floor = _reached_by(lost, 0.5)
    target = next((t for share in (0.5, 0.25) if (t := _reached_by(renewed, share)) > floor), None)
    if target is None:
        return NotEstimable("no_spread")
    return Proposal(
        target=sign * target + 0.0,
        floor=sign * floor + 0.0,
        n_renewed=len(renewed),
        n_lost=len(lost),
        separation=separation,
        renewed_at_target=_share_at(renewed, target),
        lost_at_target=_share_at(lost, target),
    )


def _reached_by(ascending: Sequence[float], share: float) -> float:
    """The highest level that at least `share` of the group had or bettered."""
    return ascending[len(ascending) - math.ceil(share * len(ascending))]


def _share_at(levels: Sequence[float], target: float) -> float:
    return sum(level >= target for level in levels) / len(levels)


def separation_of(renewed: Sequence[float], lost: Sequence[float]) -> float:
    """The area under the ROC curve from mid-ranks (Mann-Whitney U / product of the sizes)."""
    ranks = _mid_ranks((*renewed, *lost))
    n = len(renewed)
    wins = sum(ranks[level] for level in renewed) - n * (n + 1) / 2
    return wins / (n * len(lost))


def _chance_deviation(renewed: Sequence[float], lost: Sequence[float]) -> float:
    """The standard deviation of the separation when the groups do not differ, ties counted."""
    n, m = len(renewed), len(lost)
    ties = sum(t**3 - t for t in _counts((*renewed, *lost)).values())
    total = n + m
    return math.sqrt((total + 1 - ties / (total * (total - 1))) / (12 * n * m))


def _mid_ranks(levels: Sequence[float]) -> dict[float, float]:
    ranks, before = {}, 0
    for level, count in sorted(_counts(levels).items()):
        ranks[level] = before + (count + 1) / 2
        before += count
    return ranks


def _counts(levels: Sequence[float]) -> dict[float, int]:
    counts: dict[float, int] = {}
    for level in levels:
        counts[level] = counts.get(level, 0) + 1
    return counts
