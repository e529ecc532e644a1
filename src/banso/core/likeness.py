"""How alike two situations are, each of them known in part (Gower 1971)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from banso.core.estimate import Estimate, NotEstimable

type Trait = str | float | None


@dataclass(frozen=True)
class Same:
    """Alike where two words are the same, whatever their case."""

    weight: float = 1.0


@dataclass(frozen=True)
class Near:
    """Numbers: alike where they are equal, falling in a straight line to not at all at `span`
    apart; `times`: `span`-fold apart."""

    span: float
    weight: float = 1.0
    times: bool = False


type Scale = Same | Near


def likeness(
    one: Mapping[str, Trait], other: Mapping[str, Trait], scales: Mapping[str, Scale]
) -> Estimate | NotEstimable:
    """From 0 to 1 over the traits known of both, `n` of them; what is not known of one is left
    out. NotEstimable("nothing_in_common") where there is none."""
    parts = [
        (scale.weight, alike(first, second, scale))
        for name, scale in scales.items()
        if known(first := one.get(name), scale) and known(second := other.get(name), scale)
    ]
    weight = sum(each for each, _ in parts)
    if not weight:
        return NotEstimable("nothing_in_common")
    return Estimate(sum(each * part for each, part in parts) / weight, len(parts))


def known(value: Trait, scale: Scale) -> bool:
    """Whether it says something; of how many times nothing can be said at zero."""
    if isinstance(scale, Same):
        return bool(value)
    return isinstance(value, int | float) and (not scale.times or value > 0)


def alike(first: Trait, second: Trait, scale: Scale) -> float:
    if isinstance(scale, Same):
        return float(str(first).casefold() == str(second).casefold())
    assert isinstance(first, int | float)
    assert isinstance(second, int | float)
    if scale.times:
        apart = abs(math.log(first) - math.log(second)) / math.log(scale.span)
    else:
        apart = abs(first - second) / scale.span
    return max(0.0, 1.0 - apart)
