"""The page that shows a changed meaning beside the one it takes the place of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from banso.base.fields import localized
from banso.base.models import Role, User
from banso.base.roles import MANAGERS
from banso.core.definitions import load
from banso.engagements.access import engagements
from banso.metrics.backfill import UNDER_WAY
from banso.metrics.models import Backfill, Metric, MetricVersion, WeekSummary
from banso.metrics.revision import earlier
from banso.metrics.sentences import capitalized, sentence
from banso.metrics.spread import Spread
from banso.web.charts import Point
from banso.web.formats import language


@dataclass(frozen=True)
class Side:
    """One of the two meanings: in words, how its values lie now, and how they lay by week."""

    number: int
    meaning: str
    measured: int
    spread: Spread
    weeks: Sequence[Point]


@dataclass(frozen=True)
class Mover:
    uid: str
    name: str
    old: float | None
    new: float | None


@dataclass(frozen=True)
class EffectLine:
    """What the change does to one plan's targets; gaps are 0 to 1."""

    kind: str
    name: str
    customers: int
    met_before: int
    met_after: int
    gap_before: float | None
    gap_after: float | None


@dataclass(frozen=True)
class VersionPage:
    """`run` computes the comparison or has done so; without it nothing is known yet."""

    uid: str
    name: str
    unit: str
    proposed: bool
    old: Side
    new: Side
    run: Backfill | None
    as_of: date | None
    customers: int
    changed: int
    movers: Sequence[Mover]
    effects: Sequence[EffectLine]
    may_define: bool

    @property
    def running(self) -> bool:
        return self.run is not None and self.run.status in UNDER_WAY

    @property
    def compared(self) -> bool:
        return self.as_of is not None


def version_page(version: MetricVersion, user: User, role: Role) -> VersionPage | None:
    """The version beside the one before it; None where it is the first."""
    before, metric = earlier(version), version.metric
    if before is None:
        return None
    run = version.backfills.order_by("-id").first()
    told: Mapping[str, Any] = compared(version) or {}
    return VersionPage(
        uid=metric.uid,
        name=localized(metric.name, language()) or metric.key,
        unit=metric.unit,
        proposed=version.proposed,
        old=side_of(before, told.get("old", {})),
        new=side_of(version, told.get("new", {})),
        run=run,
        as_of=date.fromisoformat(told["as_of"]) if told else None,
        customers=told.get("customers", 0),
        changed=told.get("changed", 0),
        movers=movers_of(told.get("movers", ()), user),
        effects=[effect_of(each) for each in told.get("effects", ())],
        may_define=role in MANAGERS,
    )


def version_of(metric: Metric, number: int) -> MetricVersion | None:
    return metric.versions.select_related("metric").filter(number=number).first()


def compared(version: MetricVersion) -> Mapping[str, Any] | None:
    """The latest comparison that was computed."""
    rows = version.backfills.filter(comparison__isnull=False).order_by("-id")
    return rows.values_list("comparison", flat=True).first()


def side_of(version: MetricVersion, told: Mapping[str, Any]) -> Side:
    weeks = WeekSummary.objects.filter(version=version).order_by("day")
    lies = Spread(
        tuple(told.get("shown", ())), told.get("low"), told.get("middle"), told.get("high")
    )
    return Side(
        number=version.number,
        meaning=capitalized(sentence(load(version.definition))),
        measured=told.get("measured", 0),
        spread=lies,
        weeks=[Point(day, middle) for day, middle in weeks.values_list("day", "middle")],
    )


def movers_of(rows: Sequence[Sequence[Any]], user: User) -> list[Mover]:
    """Those of them whom the user may read."""
    readable = engagements(user).filter(pk__in=[each for each, _, _ in rows])
    names = {
        each: (uid, name) for each, uid, name in readable.values_list("pk", "uid", "party__name")
    }
    return [Mover(*names[each], old, new) for each, old, new in rows if each in names]


def effect_of(told: Mapping[str, Any]) -> EffectLine:
    return EffectLine(**{**told, "name": localized(told["name"], language())})
