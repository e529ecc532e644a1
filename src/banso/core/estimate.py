"""The answer of every calculation: a number, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Estimate:
    """A number with the count of observations it rests on and, where known, its interval."""

    value: float
    n: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class NotEstimable:
    """No number. `reason` is a code that templates turn into a sentence with `params`."""

    reason: str
    params: Mapping[str, object] = field(default_factory=dict)
