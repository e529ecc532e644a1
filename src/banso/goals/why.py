"""From health to targets to measurements to the events they came from, adding up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from banso.core.metrics import Definition, Occurrence
from banso.engagements.models import Engagement
from banso.goals.plans import PlanKind, PlanTarget
from banso.goals.standing import StandingValue, TermValue, facts_of, standing
from banso.metrics import values
from banso.metrics.models import Measurement, Metric


@dataclass(frozen=True)
class WhyTerm:
    """One measured target: its part of the gap and the occurrences its value rests on.

    `share` = weight * gap / sum of the weights measured. `recomputed` is what the pure evaluator
    makes of `occurrences`; it equals `value`. `entered` is the row of a value typed in;
    `seats` those of the contracts in force, where a ratio needs them.
    """

    target: PlanTarget
    metric: Metric
    definition: Definition
    value: float
    weight: float
    gap: float
    share: float
    occurrences: Sequence[Occurrence]
    recomputed: float | None
    entered: Measurement | None = None
    seats: int | None = None

    @property
    def floor(self) -> float:
        return self.target.floor


@dataclass(frozen=True)
class Why:
    """Why an engagement stands where it does; the shares of `terms` add up to `gap`.

    `spared`: a target on contacts does not count for a tech-touch customer.
    """

    engagement_id: int
    as_of: date
    plan: PlanKind
    standing: StandingValue
    terms: tuple[WhyTerm, ...]
    unmeasured: tuple[PlanTarget, ...]
    spared: bool

    @property
    def backwards(self) -> bool:
        return any(term.target.backwards for term in self.terms)

    @property
    def health(self) -> float | None:
        return self.standing.health

    @property
    def gap(self) -> float | None:
        return self.standing.gap


def why(engagement: Engagement, as_of: date) -> Why:
    """The terms of an engagement's gap as of a day, the largest first."""
    facts = facts_of(engagement.pk, as_of)
    stood, plan = standing(engagement.pk, facts), facts.plans[engagement.pk]
    metrics = Metric.objects.in_bulk([each.metric_id for each in plan.targets])
    targets = {each.key: each for each in plan.targets}
    terms = [
        explained(engagement, target, metrics[target.metric_id], term, as_of)
        for term in stood.terms
        if (target := targets[term.metric])
    ]
    terms.sort(key=lambda each: -each.share)
    measured = {term.metric for term in stood.terms}
    rest = tuple(each for each in plan.targets if each.key not in measured)
    return Why(engagement.pk, as_of, plan.kind, stood, tuple(terms), rest, plan.spared)


def explained(
    engagement: Engagement, target: PlanTarget, metric: Metric, term: TermValue, as_of: date
) -> WhyTerm:
    found = values.explain(engagement, metric, as_of)
    return WhyTerm(
        target=target,
        metric=metric,
        definition=found.definition,
        value=term.value,
        weight=term.weight,
        gap=term.gap,
        share=term.share,
        occurrences=found.occurrences,
        recomputed=found.recomputed,
        entered=found.measurement,
        seats=found.seats,
    )
