"""The verbs of success plans: purpose, targets, agreement, standards.

Who may write is decided before, by banso.engagements.access and the routes.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from banso.base import activity
from banso.base.models import User
from banso.base.workspace import day_end, local_today
from banso.core.conditions import load
from banso.engagements.models import Engagement
from banso.goals.models import Agreement, Goal, PlanVersion, Stage, Statement, Target
from banso.goals.plans import Basis
from banso.goals.share_content import content_of
from banso.goals.terms import terms_of
from banso.goals.versions import version_of
from banso.metrics.models import Metric, Segment
from banso.metrics.segments import of_today
from banso.metrics.values import snapshot
from banso.parties.models import Party

MOST_TARGETS = 5
HEAVIEST = 10


@dataclass(frozen=True)
class TargetDraft:
    """A target as somebody wants it; `basis` where it was taken from a proposal."""

    metric: Metric
    floor: float
    target: float
    start: float | None = None
    weight: int = 1
    due_on: date | None = None
    basis: Basis | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong with the draft at `index` (None: with the whole set), as a code."""

    code: str
    index: int | None = None


class Refused(Exception):
    """The set of targets cannot be taken; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Purpose:
    """What they want to achieve, verbatim, and what ideal means; who said it, and when."""

    words: str
    ideal: str = ""
    said_by: Party | None = None
    said_on: date | None = None


@transaction.atomic
def write_plan(
    *,
    engagement: Engagement,
    by: User | None,
    purpose: Purpose,
    targets: Sequence[TargetDraft],
    since: date | None = None,
) -> Goal:
    """State the purpose and set the targets, both or neither; raises Refused."""
    goal = state_purpose(engagement=engagement, by=by, **vars(purpose))
    set_targets(goal=goal, by=by, targets=targets, since=since)
    return goal


@transaction.atomic
def state_purpose(
    *,
    engagement: Engagement,
    by: User | None,
    words: str,
    ideal: str = "",
    said_by: Party | None = None,
    said_on: date | None = None,
) -> Goal:
    """Write down what they want to achieve, verbatim, and what ideal means; who said it, when."""
    goal = goal_of(engagement)
    before = (goal.words, goal.ideal, goal.said_by, goal.said_on)
    after = (words.strip(), ideal.strip(), said_by, said_on)

    if before != after:
        goal.words, goal.ideal, goal.said_by, goal.said_on = after
        goal.save()
        Statement.objects.create(
            goal=goal,
            words=goal.words,
            ideal=goal.ideal,
            said_by=said_by,
            on=said_on or local_today(),
            by=by,
        )
        record("goal.stated", goal, by, {"said_by": said_by.pk if said_by else None})
    return goal


def goal_of(engagement: Engagement) -> Goal:
    """The engagement's one goal, made if need be, locked until the action's end."""
    Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)
    return Goal.objects.get_or_create(engagement=engagement)[0]


@transaction.atomic
def set_targets(
    *, goal: Goal, by: User | None, targets: Sequence[TargetDraft], since: date | None = None
) -> list[Target]:
    """Replace a goal's whole set of targets from a day on (default: today).

    A customer's target without a start begins where its metric is that day. A target that stays
    as it was keeps its row; the others end and new ones begin, so every past day keeps its own
    criteria. Raises Refused with the codes of `problems_of`.
    """
    if problems := problems_of(targets):
        raise Refused(*problems)
    since = since or local_today()
    Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    standing = {row.metric_id: row for row in open_targets(goal)}
    now = values_on(goal, targets, since)

    targets = [started(each, standing.get(each.metric.pk), now) for each in targets]
    kept = [standing[each.metric.pk] for each in targets if stays(each, standing, since)]
    ending = [row.pk for row in standing.values() if row not in kept]
    fresh = [each for each in targets if not stays(each, standing, since)]

    Target.objects.filter(pk__in=ending).update(ended_at=ending_moment(since))
    rows = Target.objects.bulk_create(new_target(goal, each, by, since) for each in fresh)
    if ending or rows:
        counts = {"kept": len(kept), "ended": len(ending), "begun": len(rows)}
        record("goal.targets_set", goal, by, {**counts, "since": since.isoformat()})
    return [*kept, *rows]


def problems_of(targets: Sequence[TargetDraft]) -> list[Problem]:
    """Codes: "too_many_targets" (over five), "same_metric_twice", "retired_metric",
    "not_a_number", "target_is_floor", "target_is_start", "wrong_direction" (the floor lies
    beyond the target), "weight_out_of_range" (1 to 10)."""
    found = [Problem("too_many_targets")] if len(targets) > MOST_TARGETS else []
    seen: set[int] = set()
    for index, draft in enumerate(targets):
        found += [Problem(code, index) for code in problems_of_one(draft)]
        if draft.metric.pk in seen:
            found.append(Problem("same_metric_twice", index))
        seen.add(draft.metric.pk)
    return found


def problems_of_one(draft: TargetDraft) -> list[str]:
    numbers = [draft.floor, draft.target, *([] if draft.start is None else [draft.start])]
    if not all(map(math.isfinite, numbers)):
        return ["not_a_number"]
    upward = draft.target > draft.floor
    checks = {
        "retired_metric": draft.metric.retired_at is not None,
        "target_is_floor": draft.target == draft.floor,
        "target_is_start": draft.target == draft.start,
        "wrong_direction": draft.target != draft.floor and upward != draft.metric.higher_is_better,
        "weight_out_of_range": not 1 <= draft.weight <= HEAVIEST,
    }
    return [code for code, wrong in checks.items() if wrong]


def open_targets(goal: Goal) -> list[Target]:
    return list(Target.objects.filter(goal=goal, ended_at=None).order_by("id"))


def values_on(goal: Goal, targets: Sequence[TargetDraft], day: date) -> Mapping[str, float | None]:
    """Where a customer's metrics were on the day; a standard starts nowhere."""
    keys = sorted({each.metric.key for each in targets if each.start is None})
    if goal.engagement_id is None or not keys:
        return {}
    return snapshot(keys, day, [goal.engagement_id]).get(goal.engagement_id, {})


def started(draft: TargetDraft, row: Target | None, now: Mapping[str, float | None]) -> TargetDraft:
    """The draft with its start: as typed, else as it was, else where the metric is now."""
    start = draft.start
    if start is None:
        start = row.start if row else now.get(draft.metric.key)
        start = None if start == draft.target else start
    return replace(draft, start=start)


def stays(draft: TargetDraft, standing: dict[int, Target], since: date) -> bool:
    row = standing.get(draft.metric.pk)
    return (
        row is not None
        and row.since <= since
        and (row.floor, row.target, row.weight, row.start, row.due_on)
        == (draft.floor, draft.target, draft.weight, draft.start, draft.due_on)
    )


def ending_moment(since: date) -> datetime:
    """When the set before ends: now, or where the new one begins earlier, at that day's start."""
    return min(timezone.now(), day_end(since - timedelta(days=1)))


def new_target(goal: Goal, draft: TargetDraft, by: User | None, since: date) -> Target:
    return Target(
        goal=goal,
        metric=draft.metric,
        start=draft.start,
        floor=draft.floor,
        target=draft.target,
        weight=draft.weight,
        due_on=draft.due_on,
        set_by=by,
        since=since,
        proposal=asdict(draft.basis) if draft.basis else None,
    )


@transaction.atomic
def adopt_standard(
    *,
    by: User | None,
    targets: Sequence[TargetDraft],
    segment: Segment | None = None,
    stage: Stage | None = None,
    since: date | None = None,
) -> Goal:
    """Make a set of targets the standard of a segment, a stage, or a stage of a segment; of
    everyone without any of those where neither is named.

    Raises Refused("circular") for a segment that asks where its members stand: the standard
    would decide about its own members.
    """
    if segment is not None and of_today(load(segment.condition)):
        raise Refused(Problem("circular"))
    goal, _ = Goal.objects.get_or_create(engagement=None, segment=segment, stage=stage)
    set_targets(goal=goal, by=by, targets=targets, since=since)
    return goal


@transaction.atomic
def share(*, goal: Goal, by: User | None, on: date | None = None) -> Agreement:
    """The draft was shown to the customer; what was shown is kept."""
    on = on or local_today()
    row = Agreement.objects.create(
        goal=goal,
        state=Agreement.State.SHARED,
        on=on,
        by=by,
        snapshot=terms_of(goal),
        version=version_on(goal, by, on),
    )
    record("goal.shared", goal, by, {"agreement": row.pk})
    return row


@transaction.atomic
def agree(
    *,
    goal: Goal,
    by: User | None,
    how: str,
    person: Party | None = None,
    person_name: str = "",
    on: date | None = None,
) -> Agreement:
    """A person agreed, by meeting, mail or call; what they agreed to is kept.

    Raises Refused("nobody_agreed") without a name, Refused("nothing_to_agree") where there are
    neither words nor targets, Refused("future_day") for a day to come.
    """
    name = person_name.strip() or (person.name if person else "")
    on = on or local_today()
    terms = terms_of(goal)
    if problem := agreement_problem(name, on, terms):
        raise Refused(Problem(problem))

    version = version_on(goal, by, on)
    return agreed(
        goal=goal,
        version=version,
        person=person,
        person_name=name,
        how=how,
        on=on,
        by=by,
        snapshot=terms,
    )


@transaction.atomic
def agree_to(*, version: PlanVersion, how: str, name: str, person: Party | None) -> Agreement:
    """They agreed today to what a version showed, whatever the plan has become since."""
    return agreed(
        goal=version.goal,
        version=version,
        person=person,
        person_name=name,
        how=how,
        on=local_today(),
        by=None,
        snapshot=version.terms,
    )


def agreed(*, goal: Goal, how: str, by: User | None, **cells: Any) -> Agreement:
    state = Agreement.State.AGREED
    row = Agreement.objects.create(goal=goal, state=state, how=how, by=by, **cells)
    record("goal.agreed", goal, by, {"agreement": row.pk, "how": how})
    return row


def agreement_problem(name: str, on: date, terms: Mapping[str, Any]) -> str | None:
    if not name:
        return "nobody_agreed"
    if not terms["words"] and not terms["targets"]:
        return "nothing_to_agree"
    return "future_day" if on > local_today() else None


def version_on(goal: Goal, by: User | None, on: date) -> PlanVersion | None:
    """The version in which the plan is shown as it is now: the last one while its terms are
    the plan's, else a new one; None for a standard, which nobody is shown."""
    if goal.engagement is None:
        return None
    last = PlanVersion.objects.filter(goal=goal).order_by("-number").first()
    if last is not None and last.terms | {"hidden": []} == terms_of(goal):
        return last
    return version_of(goal=goal, by=by, content=content_of(goal.engagement, on))


def record(verb: str, goal: Goal, by: User | None, detail: dict[str, object]) -> None:
    activity.record(
        verb, actor=by, engagement_id=goal.engagement_id, subject_id=goal.pk, detail=detail
    )
