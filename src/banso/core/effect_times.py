"""How long it usually takes until something shows: a median with its interval."""

import math
from collections.abc import Sequence

from banso.core.estimate import Estimate, NotEstimable

FEWEST = 6
"""Of fewer, no two of them enclose the median with 95 %."""
ONE_SIDE = 0.025


def typical_time(days: Sequence[float | None]) -> Estimate | NotEstimable:
    """The median of these days, with an interval between two of them that holds the true one in
    at least 95 % of such samples, whatever the shape. None: it had not shown when one stopped
    looking, so it is taken as later than all that had.

    `high` is None where the interval has no end. NotEstimable: "too_few" of FEWEST, or
    "under_half" where it had not shown in half of them.
    """
    n = len(days)
    if n < FEWEST:
        return NotEstimable("too_few", {"n": n, "needed": FEWEST})
    ordered = sorted(math.inf if each is None else each for each in days)
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    if math.isinf(middle):
        shown = sum(each is not None for each in days)
        return NotEstimable("under_half", {"n": n, "shown": shown})
    k = enclosing(n)
    high = ordered[n - k]
    return Estimate(middle, n, ordered[k - 1], None if math.isinf(high) else high)


def enclosing(n: int) -> int:
    """The largest k for which the k-th of n from either end enclose the median with 95 %."""
    below, k = 0.0, 0
    while True:
        below += math.comb(n, k) * 0.5**n
        if below > ONE_SIDE:
            return k
        k += 1
