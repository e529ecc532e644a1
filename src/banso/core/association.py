"""How far two numbers of the same subjects go together."""

from collections.abc import Sequence

from banso.core.estimate import Estimate, NotEstimable

FEWEST_PAIRS = 3


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> Estimate | NotEstimable:
    """Spearman's rank correlation with mid-ranks for ties, from -1 to 1.

    Not estimable under three pairs ("too_few_pairs") or where one side never varies
    ("no_spread"). ValueError when the two differ in length.
    """
    import numpy as np

    if len(first) != len(second):
        raise ValueError("a correlation is of pairs")
    if len(first) < FEWEST_PAIRS:
        return NotEstimable("too_few_pairs", {"pairs": len(first), "needed": FEWEST_PAIRS})
    if len(set(first)) == 1 or len(set(second)) == 1:
        return NotEstimable("no_spread")
    value = float(np.corrcoef(mid_ranks(first), mid_ranks(second))[0, 1])
    return Estimate(min(1.0, max(-1.0, value)), len(first))


def mid_ranks(numbers: Sequence[float]) -> list[float]:
    """The rank of each number from 1; equal numbers share the middle of theirs."""
    places: dict[float, list[int]] = {}
    for rank, number in enumerate(sorted(numbers), start=1):
        places.setdefault(number, []).append(rank)
    middle = {number: (ranks[0] + ranks[-1]) / 2 for number, ranks in places.items()}
    return [middle[number] for number in numbers]
