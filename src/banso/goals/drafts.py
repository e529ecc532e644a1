"""From what was typed and what was taken with one click to the targets that are asked for."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from banso.engagements.models import Engagement
from banso.goals.actions import TargetDraft
from banso.goals.forms import TargetRows
from banso.goals.plans import PlanTarget, own_plans, plan_for
from banso.goals.proposals import ProposedTarget
from banso.metrics import values
from banso.metrics.models import Metric

EVERYTHING = "*"
type Now = Mapping[str, float | None]


def own_targets(engagement: Engagement, today: date) -> Sequence[PlanTarget]:
    found = own_plans([engagement.pk], today).get(engagement.pk)
    return found.targets if found else ()


def values_now(engagement: Engagement | None, keys: Collection[str], today: date) -> Now:
    """Where metrics are now; nothing for a standard, which starts nowhere."""
    if engagement is None or not keys:
        return {}
    return values.snapshot(sorted(keys), today, [engagement.pk]).get(engagement.pk, {})


def taken_targets(
    take: str,
    proposed: Sequence[ProposedTarget],
    today: date,
    engagement: Engagement | None = None,
) -> Sequence[PlanTarget]:
    """What a button asked for: one proposed metric by its key, or "*" for all: the plan that
    counts for the customer now, or every chosen proposal."""
    if take == EVERYTHING and engagement is not None:
        return plan_for([engagement.pk], today)[engagement.pk].targets
    chosen = [each.metric for each in proposed if each.chosen]
    return [each for each in chosen if take in (EVERYTHING, each.key)]


def drafts_of(
    rows: TargetRows, known: Sequence[PlanTarget], taken: Sequence[PlanTarget]
) -> list[TargetDraft]:
    """The typed rows, those of a taken metric replaced by it, then what else was taken."""
    metrics = Metric.objects.in_bulk([each.metric_id for each in taken])
    fresh = {each.key: draft_of(each, metrics[each.metric_id]) for each in taken}
    typed = [fresh.pop(each.metric.key, each) for each in rows.drafts(known)]
    return [*typed, *fresh.values()]


def draft_of(target: PlanTarget, metric: Metric) -> TargetDraft:
    return TargetDraft(
        metric=metric,
        floor=target.floor,
        target=target.target,
        weight=target.weight,
        basis=target.basis,
    )
