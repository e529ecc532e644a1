"""Values of metrics that come in with a file: rows of account, metric, day and value."""

from collections.abc import Mapping, Sequence
from datetime import date

from banso.core.text import key
from banso.events.batch import Batch
from banso.events.homes import Home
from banso.events.models import ExternalId
from banso.events.rows import Read
from banso.events.taking import Writer
from banso.metrics.entering import entered_metrics
from banso.metrics.models import Measurement, Metric

type Same = tuple[int, int, date, float]


def create(batch: Batch, reads: Sequence[Read], homes: Mapping[str, Home]) -> None:
    """Write the values down; one that is there already, or of no such metric, is not."""
    known = take_known(batch, reads)
    rows = [
        Measurement(
            metric=metric,
            engagement_id=homes[read.account].engagement_id,
            as_of=date.fromisoformat(read.values["as_of"]),
            value=value_of(read, metric),
            source=batch.owner.file_name[:200],
            by_id=batch.owner.by_id,
        )
        for read, metric in known
    ]
    there = values_there(rows)
    fresh = [row for row in rows if same(row) not in there]
    Measurement.objects.bulk_create(fresh)
    batch.made("measurement", fresh)
    batch.engagements.update(row.engagement_id for row in fresh)
    batch.imported += len(fresh)
    batch.duplicates += len(rows) - len(fresh)
    batch.created -= len(reads) - len(fresh)


def update(
    batch: Batch, known: Sequence[tuple[Read, ExternalId]], homes: Mapping[str, Home]
) -> None:
    """Values have no outside ids: each row says who, what and when."""
    del batch, known, homes


def take_known(batch: Batch, reads: Sequence[Read]) -> list[tuple[Read, Metric]]:
    """The rows with their metrics; those of none that takes values are rejected."""
    metrics = by_name()
    found = [(read, metrics.get(key(read.values["metric"]))) for read in reads]
    for read, metric in found:
        if metric is None:
            batch.reject(read, "metric", "unknown_metric")
    return [(read, metric) for read, metric in found if metric is not None]


def by_name() -> dict[str, Metric]:
    """The metrics that take typed values, by key and by each of their names."""
    found: dict[str, Metric] = {}
    for metric in entered_metrics():
        for name in (metric.key, *metric.name.values()):
            if name:
                found.setdefault(key(name), metric)
    return found


def value_of(read: Read, metric: Metric) -> float:
    value: float = read.values["value"]
    return value / 100 if metric.unit == "percent" and read.values["per_cent"] else value


def values_there(rows: Sequence[Measurement]) -> set[Same]:
    """Which of these are written down already."""
    ids = {row.engagement_id for row in rows}
    there = Measurement.objects.filter(engagement__in=ids)
    return set(there.values_list("metric_id", "engagement_id", "as_of", "value"))


def same(row: Measurement) -> Same:
    return row.metric_id, row.engagement_id, row.as_of, row.value


WRITER = Writer("measurement", create, update, foresee=take_known)
