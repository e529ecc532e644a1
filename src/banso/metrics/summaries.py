"""How values lie, kept so that a page need not read them all: now, and week by week."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from banso.base.workspace import local_today
from banso.core.definitions import load
from banso.core.metrics import Entered
from banso.engagements.models import Engagement
from banso.engagements.values import current_ids
from banso.metrics.models import LatestValue, MetricVersion, Summary
from banso.metrics.spread import spread, thinned

AT_ONCE = 2_000
SUMMED_AT_ONCE = 300
QUARTERS = ("low", "middle", "high")


def summarize(versions: Iterable[tuple[int, int]], *, total: int | None) -> None:
    """Bring the summaries of metrics, given with their version, up to the latest values; where
    only a few customers were looked at (`total`), those of small workspaces alone."""
    metrics = [metric for metric, _ in versions]
    known = Summary.objects.in_bulk(metrics)
    if total is not None:
        small = [metric for metric in metrics if metric in known]
        metrics = [each for each in small if known[each].total <= SUMMED_AT_ONCE]
    readable = Engagement.objects.filter(restricted=False, merged_into=None)
    everybody = current_count() if metrics and total is None else None
    for metric in metrics:
        rows = LatestValue.objects.filter(metric=metric, engagement__in=readable)
        values = sorted(rows.values_list("value", flat=True).iterator())
        cells = {**summary_cells(values), "shown": thinned(values)}
        whole = known[metric].total if everybody is None else everybody
        Summary.objects.update_or_create(pk=metric, defaults={**cells, "total": whole})


def current_count() -> int:
    """How many customers are current today, the restricted left out."""
    return len(open_ids(local_today()))


def open_ids(day: date) -> list[int]:
    """Those who are current on a day and not restricted."""
    rows = Engagement.objects.filter(restricted=False)
    return sorted(current_ids(day) & set(rows.values_list("pk", flat=True).iterator()))


def summary_cells(ordered: Sequence[float]) -> dict[str, float | int | None]:
    found = spread(ordered)
    return {"measured": len(ordered), **{name: getattr(found, name) for name in QUARTERS}}


def week_days(as_of: date, weeks: int) -> list[date]:
    """The last so many Sundays before `as_of`, oldest first: the ends of full weeks."""
    last = as_of - timedelta(days=as_of.isoweekday())
    return [last - timedelta(days=7 * back) for back in reversed(range(weeks))]


def keys_of(versions: Collection[MetricVersion]) -> dict[int, str]:
    """Under which key each version is measured; entered values are those of the metric's key."""
    return {
        each.pk: each.metric.key if isinstance(load(each.definition), Entered) else f"v{each.pk}"
        for each in versions
    }
