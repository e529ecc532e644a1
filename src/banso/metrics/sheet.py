"""A metric as it is written down."""

from dataclasses import dataclass

from banso.core.metrics import Definition


@dataclass(frozen=True)
class MetricSheet:
    """Name and sentence in {ja, en}, unit, direction and meaning of a metric."""

    name: dict[str, str]
    sentence: dict[str, str]
    unit: str
    higher_is_better: bool
    definition: Definition
