"""A changed meaning beside the one it takes the place of: values, who moves, what targets say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from banso.core.definitions import load
from banso.metrics.models import Metric, MetricVersion
from banso.metrics.spread import thinned
from banso.metrics.summaries import keys_of, open_ids, summary_cells
from banso.metrics.values import measured

MOST_MOVERS = 20
SAME = 1e-9
type Sides = Mapping[int, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Effect:
    """What a changed meaning does to the targets of one plan: how many of its `customers` meet
    theirs, and their mean gap, before and after. `kind` is own or standard, `name` {ja, en}."""

    kind: str
    name: Mapping[str, str]
    customers: int
    met_before: int
    met_after: int
    gap_before: float | None
    gap_after: float | None


type Effects = Callable[[Metric, Sides, date], Sequence[Effect]]
EFFECTS: list[Effects] = []


def offer_effects(effects: Effects) -> None:
    """Add what depends on metrics; called from the room's AppConfig.ready."""
    EFFECTS.append(effects)


def earlier(version: MetricVersion) -> MetricVersion | None:
    """The version that this one takes the place of."""
    before = version.metric.versions.filter(number__lt=version.number, proposed=False)
    return before.select_related("metric").order_by("-number").first()


def compare(before: MetricVersion, after: MetricVersion, as_of: date) -> dict[str, object]:
    """{as_of, old, new: {measured, low, middle, high, shown}, customers, changed, movers:
    [[engagement, old, new]], effects} as JSON, over everybody current but the restricted."""
    keys, sides = keys_of([before, after]), {}
    meanings = {keys[each.pk]: load(each.definition) for each in (before, after)}
    for (each, _), found in measured(meanings, [(each, as_of) for each in open_ids(as_of)]):
        sides[each] = (found[keys[before.pk]], found[keys[after.pk]])
    moved = [(each, old, new) for each, (old, new) in sides.items() if differ(old, new)]
    moved.sort(key=lambda row: -distance(row[1], row[2]))
    effects = [each for source in EFFECTS for each in source(after.metric, sides, as_of)]
    return {
        "as_of": as_of.isoformat(),
        "old": side([old for old, _ in sides.values()]),
        "new": side([new for _, new in sides.values()]),
        "customers": len(sides),
        "changed": len(moved),
        "movers": [list(row) for row in moved[:MOST_MOVERS]],
        "effects": [asdict(effect) for effect in effects],
    }


def side(values: Sequence[float | None]) -> dict[str, object]:
    ordered = sorted(value for value in values if value is not None)
    return {**summary_cells(ordered), "shown": thinned(ordered)}


def differ(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is not new
    return abs(old - new) > SAME * max(1.0, abs(old))


def distance(old: float | None, new: float | None) -> float:
    """How far a customer moves; between a number and none, farther than any number."""
    return float("inf") if old is None or new is None else abs(old - new)
