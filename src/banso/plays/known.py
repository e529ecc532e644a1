"""What was known of an engagement when a play was given to it: the values that the condition
asked for, where it stood, and the metric that is expected to move."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from banso.core.conditions import Condition, Value, fields_of, load
from banso.goals.models import Standing
from banso.goals.models.plans import IN_THE_RED
from banso.goals.standing import StandingValue
from banso.metrics.fields import Field, fields
from banso.metrics.models import LatestValue, Metric
from banso.metrics.offered_fields import METRIC
from banso.plays.models import PlayVersion

AMBER = 0.25
STOOD_CELLS = ("gap", "health", "stake", "annual_minor", "stage_id")
type Stood = Standing | StandingValue
OF_STANDING: Mapping[str, Callable[[Stood], Value]] = {
    "gap": lambda row: row.gap,
    "health": lambda row: row.health,
    "stake": lambda row: row.stake,
    "measured": lambda row: row.measured / row.targets if row.targets else None,
    "plan_kind": lambda row: row.plan,
    "next_on": lambda row: row.next_on,
}
"""What the fields that are known of today alone say of a standing, stored or computed."""


@dataclass(frozen=True)
class Basis:
    """What an intervention rests on: `known` as JSON (`fields` by key, and where they `stood`),
    the metric's value `before`, and what others it is compared with."""

    known: Mapping[str, object]
    before: float | None
    situation: str


def basis_of(version: PlayVersion, ids: Collection[int], day: date) -> dict[int, Basis]:
    """By engagement."""
    rows = Standing.objects.in_bulk(list(ids))
    told = fields_known(load(version.condition), rows, day)
    before = latest_of(version.metric, ids) if version.metric else {}
    return {
        each: Basis(
            known={
                "fields": {key: plain(values.get(each)) for key, values in told.items()},
                "stood": {name: getattr(row, name) for name in STOOD_CELLS},
            },
            before=before.get(each),
            situation=situation_of(row),
        )
        for each, row in rows.items()
    }


def fields_known(
    condition: Condition, rows: Mapping[int, Standing], day: date
) -> dict[str, Mapping[int, Value]]:
    asked = fields_of(condition)
    return {each.key: values_now(each, rows, day) for each in fields() if each.key in asked}


def values_now(field: Field, rows: Mapping[int, Standing], day: date) -> Mapping[int, Value]:
    """A field's values today; a metric's are the latest, which need not be computed again."""
    if field.key in OF_STANDING:
        return {each: OF_STANDING[field.key](row) for each, row in rows.items()}
    if field.key.startswith(METRIC):
        metric = Metric.objects.filter(key=field.key.removeprefix(METRIC)).first()
        return {} if metric is None else latest_of(metric, rows)
    if field.at is None:
        return {}
    return {each: value for (each, _), value in field.at([(each, day) for each in rows]).items()}


def latest_of(metric: Metric, ids: Collection[int]) -> dict[int, float]:
    """The latest value of each engagement; what is not measured is absent."""
    rows = LatestValue.objects.filter(metric=metric, engagement__in=list(ids))
    return dict(rows.values_list("engagement_id", "value"))


def plain(value: Value) -> object:
    """As JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Collection) and not isinstance(value, str):
        return sorted(str(each) for each in value)
    return value


def situation_of(row: Standing) -> str:
    """What others a suggestion is compared with: the same touch, stage and part of the gap."""
    return f"{row.touch}|{row.stage_id or ''}|{band(row.gap)}"


def band(gap: float | None) -> str:
    if gap is None:
        return "unknown"
    if gap >= IN_THE_RED:
        return "red"
    return "amber" if gap >= AMBER else "green"
