"""What the criteria of a stage said of an engagement on a day: the evidence of a move."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from banso.goals.plans import PlanTarget, criteria_for, standards_for
from banso.goals.standing import is_met, keys_of
from banso.metrics import values


@dataclass(frozen=True)
class Criterion:
    """A criterion of a stage with its value; what is not measured is not met."""

    target: PlanTarget
    value: float | None

    @property
    def met(self) -> bool:
        return is_met(self.target, self.value)


def criteria_on(ids: Collection[int], day: date) -> dict[int, list[Criterion]]:
    """The criteria of the stage that each of the engagements was in on the day."""
    plans = criteria_for(ids, standards_for(ids, day))
    keys = keys_of(plans.values())
    found = values.snapshot(keys, day, list(plans)) if keys else {}
    return {
        each: [Criterion(target, found.get(each, {}).get(target.key)) for target in plan.targets]
        for each, plan in plans.items()
    }


def evidence_of(ids: Collection[int], day: date) -> dict[int, Mapping[str, object]]:
    """As JSON: how many criteria were met, and each with its value then."""
    return {each: evidence(criteria) for each, criteria in criteria_on(ids, day).items()}


def evidence(criteria: Sequence[Criterion]) -> dict[str, object]:
    return {
        "met": sum(each.met for each in criteria),
        "criteria": [
            {
                "metric": each.target.key,
                "name": dict(each.target.name),
                "unit": each.target.unit,
                "floor": each.target.floor,
                "target": each.target.target,
                "value": each.value,
                "met": each.met,
            }
            for each in criteria
        ],
    }
