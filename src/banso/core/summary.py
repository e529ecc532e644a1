"""Many customers' values told as one."""

import math
import statistics
from collections.abc import Sequence

from banso.core.metrics import Aggregate


def summary(values: Sequence[float], aggregate: Aggregate, at_least: float = 0.0) -> float | None:
    """The mean, the median, or the share of those that are at least so much; of none, no number."""
    if not values:
        return None
    match aggregate:
        case "mean":
            return math.fsum(values) / len(values)
        case "median":
            return statistics.median(values)
        case "share":
            return sum(value >= at_least for value in values) / len(values)
