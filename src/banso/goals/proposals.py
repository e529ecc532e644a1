"""Targets proposed from the workspace's own history: the levels of those who renewed and of
those who left, measured 90 days before each contract's end (earlier where it was known earlier).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Q
from django.tasks import task
from django.utils import timezone

from banso.base.jobs import enqueue_once
from banso.base.models import Activity
from banso.base.workspace import local_today
from banso.core.association import rank_correlation
from banso.core.estimate import NotEstimable
from banso.core.proposal import FEWEST_OUTCOMES, Outcome, Proposal, known, looked_at, propose
from banso.engagements.models import Contract
from banso.engagements.values import outcomes
from banso.goals.plans import Basis, Plan, PlanTarget, built_in, labels_of
from banso.metrics import values
from banso.metrics.models import Metric

MOST_TARGETS = 5
MOST_ALIKE = 0.85
STRONGEST_WEIGHT = 10
LONG_HISTORY = 2_000
LAST = "proposals:last"
KEPT_SECONDS = 24 * 60 * 60
# What people do in the daily loop says nothing new about contracts that already ended.
WITHOUT_NEWS = (
    *("contact.", "action.", "set_aside.", "engagement."),
    *("goal.", "standard.", "grant.", "profile."),
    *("barrier.", "barrier_kind.", "play.", "intervention.", "case."),
    *("asset.", "walkthrough.", "role_play."),
)

type Moment = tuple[int, date]
type Proposals = dict[str, list[ProposedTarget]]


@dataclass(frozen=True)
class ProposedTarget:
    """What the history says of one metric: a proposal, or the reason why there is none.

    `chosen`: it belongs to the proposed plan. A metric that tells the same story as a stronger
    one, or comes after the fifth, is proposed but not chosen.
    """

    metric: PlanTarget
    result: Proposal | NotEstimable
    chosen: bool = False


@dataclass(frozen=True)
class Levels:
    """How contracts ended, and what was measured on the day each is looked at."""

    outcomes: Sequence[Outcome]
    segments: Mapping[int, str]
    measured: Mapping[Moment, Mapping[str, float | None]]
    metrics: Sequence[Metric]


def propose_targets(segment: str, as_of: date) -> list[ProposedTarget]:
    """What the history known at `as_of` says of each metric, the strongest first; of the
    segment's own customers where enough of their outcomes are known, else of all."""
    return of_segment(proposals(as_of), segment)


def of_segment(found: Mapping[str, list[ProposedTarget]], segment: str) -> list[ProposedTarget]:
    own = found.get(segment, [])
    return own if any(each.chosen for each in own) else found.get("", [])


def proposed_plan(segment: str, as_of: date) -> Plan:
    """Banso's own plan for a segment as of a day: the chosen proposals, else the built-in."""
    return offered_plan(propose_targets(segment, as_of))


def offered_plan(proposed: Sequence[ProposedTarget]) -> Plan:
    targets = tuple(each.metric for each in proposed if each.chosen)
    return Plan("proposed", targets) if targets else built_in(values.definitions())


def proposals(as_of: date) -> Proposals:
    """Proposals by segment ("": all customers), kept until the history changes.

    Where the history is long, today's are those of the last round until a job, at most
    one an hour, has made new ones: no page waits for all that ever ended.
    """
    found: Proposals | None = cache.get(kept_key(as_of))
    if found is not None:
        return found
    last: Proposals | None = cache.get(LAST) if as_of == local_today() else None
    if last is not None and long_history():
        hour = f"make-proposals {timezone.now():%Y-%m-%d %H}"
        enqueue_once(make_proposals, key=hour, as_of=as_of.isoformat())
        return last
    return proposals_anew(as_of)


def proposals_anew(as_of: date) -> Proposals:
    """Made now, and kept."""
    key = kept_key(as_of)
    found: Proposals | None = cache.get(key)
    if found is None:
        found = propose_all(levels(as_of), as_of)
        cache.set(key, found, KEPT_SECONDS)
    if as_of == local_today():
        cache.set(LAST, found, None)
    return found


def keep_proposals(day: date) -> None:
    """Make the day's proposals before anybody asks, where the history is long."""
    if long_history():
        proposals_anew(day)


@task
def make_proposals(*, as_of: str) -> int:
    """The proposals of a day as a job; returns for how many groups there are any."""
    return len(proposals_anew(date.fromisoformat(as_of)))


def kept_key(as_of: date) -> str:
    return f"proposals:{as_of.isoformat()}:{history_version()}"


def long_history() -> bool:
    ended = Contract.objects.filter(outcome_known_on__isnull=False)
    return ended[: LONG_HISTORY + 1].count() > LONG_HISTORY


def history_version() -> int:
    """The last activity that may have changed what is known of ended contracts."""
    quiet = Q()
    for prefix in WITHOUT_NEWS:
        quiet |= Q(verb__startswith=prefix)
    return Activity.objects.exclude(quiet).order_by("-id").values_list("id", flat=True).first() or 0


def levels(as_of: date) -> Levels:
    """Everything the proposals of `as_of` or any day before it rest on, in one statement."""
    ended = outcomes(as_of)
    metrics = list(Metric.objects.filter(retired_at=None).order_by("id"))
    pairs = sorted({(int(each.key), looked_at(each)) for each in ended})
    keys = [metric.key for metric in metrics]
    measured = values.at(pairs, keys) if pairs and keys else {}
    return Levels(ended, labels_of(None), measured, metrics)


def propose_all(history: Levels, as_of: date) -> dict[str, list[ProposedTarget]]:
    """Proposals for all customers and for each segment with enough known outcomes."""
    newest = known(history.outcomes, as_of=as_of)
    groups: dict[str, list[Outcome]] = {"": newest}
    for outcome in newest:
        if segment := history.segments.get(int(outcome.key), ""):
            groups.setdefault(segment, []).append(outcome)
    return {
        segment: propose_group(group, history)
        for segment, group in groups.items()
        if not segment or len(group) >= FEWEST_OUTCOMES
    }


def propose_group(group: Sequence[Outcome], history: Levels) -> list[ProposedTarget]:
    """One proposal per metric, the strongest first, and up to five chosen among them."""
    rows = [(each.renewed, level_of(each, history)) for each in group]
    found = [propose_one(metric, rows) for metric in history.metrics]
    found.sort(key=lambda each: -separation(each))
    chosen = choose(found, [row for _, row in rows])
    return [ProposedTarget(each.metric, each.result, each.metric.key in chosen) for each in found]


def level_of(outcome: Outcome, history: Levels) -> Mapping[str, float | None]:
    return history.measured.get((int(outcome.key), looked_at(outcome)), {})


def propose_one(
    metric: Metric, rows: Sequence[tuple[bool, Mapping[str, float | None]]]
) -> ProposedTarget:
    measured = [(renewed, row.get(metric.key)) for renewed, row in rows]
    result = propose(
        [level for renewed, level in measured if renewed and level is not None],
        [level for renewed, level in measured if not renewed and level is not None],
        higher_is_better=metric.higher_is_better,
    )
    return ProposedTarget(as_target(metric, result), result)


def as_target(metric: Metric, result: Proposal | NotEstimable) -> PlanTarget:
    """The proposal as a target, weighted by how well the metric tells the outcomes apart."""
    weight, basis = 1, None
    if isinstance(result, Proposal):
        weight = min(STRONGEST_WEIGHT, max(1, round((result.separation - 0.5) * 20)))
        basis = Basis(result.n_renewed, result.n_lost, result.separation)
    return PlanTarget(
        metric_id=metric.pk,
        key=metric.key,
        name=metric.name,
        unit=metric.unit,
        higher_is_better=metric.higher_is_better,
        start=None,
        floor=result.floor if isinstance(result, Proposal) else 0.0,
        target=result.target if isinstance(result, Proposal) else 0.0,
        weight=weight,
        basis=basis,
    )


def separation(proposed: ProposedTarget) -> float:
    return proposed.result.separation if isinstance(proposed.result, Proposal) else 0.0


def choose(
    found: Sequence[ProposedTarget], rows: Sequence[Mapping[str, float | None]]
) -> Collection[str]:
    """Up to five metrics, strongest first, leaving out those that repeat a stronger one."""
    chosen: list[str] = []
    for each in found:
        if isinstance(each.result, Proposal) and len(chosen) < MOST_TARGETS:
            key = each.metric.key
            if not any(alike(rows, key, other) for other in chosen):
                chosen.append(key)
    return chosen


def alike(rows: Sequence[Mapping[str, float | None]], key: str, other: str) -> bool:
    pairs = [(row.get(key), row.get(other)) for row in rows]
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    together = rank_correlation([a for a, _ in both], [b for _, b in both])
    return not isinstance(together, NotEstimable) and abs(together.value) >= MOST_ALIKE
