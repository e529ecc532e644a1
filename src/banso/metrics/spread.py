"""How values lie: the middle, the quarters, and who stands where."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Spread:
    """Sorted values with their lower quarter, middle and upper quarter."""

    values: tuple[float, ...] = ()
    low: float | None = None
    middle: float | None = None
    high: float | None = None


def thinned(ordered: Sequence[float], most: int = 200) -> list[float]:
    """At most so many of ordered values, evenly apart, both ends among them."""
    if len(ordered) <= most:
        return list(ordered)
    return [ordered[round(place * (len(ordered) - 1) / (most - 1))] for place in range(most)]


def spread(values: Sequence[float]) -> Spread:
    """The spread of what was measured; without values, one that knows nothing."""
    ordered = sorted(values)
    if not ordered:
        return Spread()
    if len(ordered) == 1:
        return Spread((ordered[0],), ordered[0], ordered[0], ordered[0])
    low, _, high = quantiles(ordered, n=4, method="inclusive")
    return Spread(tuple(ordered), low, median(ordered), high)
