"""A metric that the data at hand can give."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from banso.metrics.sheet import MetricSheet


@dataclass(frozen=True)
class Suggestion:
    """Ready to be defined under its key. `group` says of which kind it is, `reason` in {ja, en}
    what was found that makes it possible."""

    key: str
    sheet: MetricSheet
    group: str = "first"
    reason: Mapping[str, str] = field(default_factory=dict)
