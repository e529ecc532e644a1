"""The one sentence why a customer is on the list, as a code with its numbers."""

from collections.abc import Mapping, Sequence

from banso.core.contracts import NextDate
from banso.core.estimate import NotEstimable
from banso.core.metrics import Definition
from banso.core.targets import Reading, Score, Term
from banso.goals.plans import PlanTarget, counts_silence

type Reason = dict[str, object]


def reason(
    score: Score | NotEstimable,
    *,
    readings: Sequence[Reading],
    targets: Sequence[PlanTarget],
    meanings: Mapping[str, Definition],
    next_date: NextDate | None,
    silence: int | None,
) -> Reason:
    """`silence` is the days since the last contact (None: never spoken), also where the metric
    stops counting. Codes: "largest_term", "no_contact" (the largest term is silence),
    "all_met", "open_renewal" (nothing measured, a renewal stands open), "unmeasured"."""
    if isinstance(score, NotEstimable):
        return without_score(score, next_date)
    if score.gap == 0:
        return {"code": "all_met", "measured": score.measured, "total": score.total}
    term = max(score.terms, key=lambda each: each.share)
    target = next(each for each in targets if each.key == term.key)
    value = next(each.value for each in readings if each.key == term.key)
    found = with_term(term, target, value)
    if counts_silence(meanings[term.key]):
        return found | {"code": "no_contact", "value": silence}
    return found


def with_term(term: Term, target: PlanTarget, value: float | None) -> Reason:
    return {
        "code": "largest_term",
        "metric": term.key,
        "name": dict(target.name),
        "unit": target.unit,
        "higher": target.higher_is_better,
        "value": value,
        "target": target.target,
        "gap": term.gap,
        "share": term.share,
    }


def without_score(score: NotEstimable, next_date: NextDate | None) -> Reason:
    if next_date is not None and next_date.kind == "open_renewal":
        return {"code": "open_renewal", "on": next_date.on.isoformat()}
    return {"code": "unmeasured", **score.params}
