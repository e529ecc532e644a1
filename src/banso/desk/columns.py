"""The columns that a table of customers may show: fields of a standing, and any metric."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from banso.metrics.models import LatestValue, Metric
from banso.web.formats import language

type MetricValues = Mapping[int, Mapping[str, float]]
METRIC = "m-"
MOST = 12


@dataclass(frozen=True)
class Column:
    """`sort` is the word to sort by, "" where the table cannot."""

    key: str
    label: str | Promise
    sort: str = ""
    numeric: bool = False
    unit: str = ""

    @property
    def metric(self) -> str:
        """The uid of the metric shown; "" for a field."""
        return self.key.removeprefix(METRIC) if self.key.startswith(METRIC) else ""


FIELDS: Sequence[Column] = (
    Column("segment", _("Segment"), "segment"),
    Column("owner", _("Owner"), "owner"),
    Column("touch", _("Touch")),
    Column("health", _("Health"), "health", numeric=True),
    Column("gap", _("Gap"), "gap"),
    Column("stake", _("Stake"), "stake", numeric=True),
    Column("value", _("Value per year"), "value", numeric=True),
    Column("next", _("Next date"), "next"),
    Column("contact", _("Last contact"), "contact"),
)
USUAL = ("segment", "owner", "gap", "stake", "value", "next", "contact")


def offered() -> list[Column]:
    """Every column there is; metrics in use after the fields."""
    metrics = Metric.objects.filter(retired_at=None).order_by("id")
    return [*FIELDS, *(of_metric(each) for each in metrics)]


def of_metric(metric: Metric) -> Column:
    name = metric.name.get(language()) or next(iter(metric.name.values()), metric.key)
    return Column(f"{METRIC}{metric.uid}", name, numeric=True, unit=metric.unit)


def chosen(words: str, columns: Sequence[Column]) -> list[Column]:
    """The columns named (comma-separated keys), in that order; the usual ones for none."""
    known = {each.key: each for each in columns}
    asked = [known[key] for key in dict.fromkeys(words.split(",")) if key in known][:MOST]
    return asked or [known[key] for key in USUAL]


def values_of(columns: Sequence[Column], ids: Collection[int]) -> MetricValues:
    """The metrics' latest values, by engagement id and column key; one statement."""
    keys = {each.metric: each.key for each in columns if each.metric}
    if not keys:
        return {}
    rows = LatestValue.objects.filter(engagement__in=ids, metric__uid__in=keys)
    found: dict[int, dict[str, float]] = {}
    for engagement, uid, value in rows.values_list("engagement_id", "metric__uid", "value"):
        found.setdefault(engagement, {})[keys[uid]] = value
    return found
