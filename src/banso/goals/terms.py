"""The words and numbers of a plan as they are now: what an agreement is about."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from banso.base.workspace import local_today
from banso.goals.models import Goal
from banso.goals.plans import PlanTarget, plan_for, standards


def terms_of(goal: Goal, hidden: Collection[str] = ()) -> dict[str, Any]:
    """The targets that somebody set, the customer's own or their standard's. `hidden` are keys
    of metrics whose targets were not shown, so their change asks nobody again."""
    return {
        "words": goal.words,
        "ideal": goal.ideal,
        "hidden": sorted(hidden),
        "targets": [
            {
                "metric": each.key,
                "name": dict(each.name),
                "unit": each.unit,
                "start": each.start,
                "floor": each.floor,
                "target": each.target,
                "weight": each.weight,
                "due_on": each.due_on.isoformat() if each.due_on else None,
            }
            for each in targets_of(goal)
            if each.uid
        ],
    }


def targets_of(goal: Goal) -> Sequence[PlanTarget]:
    """The targets that count today for whom the goal is."""
    today = local_today()
    if goal.engagement_id is None:
        plan = standards(today).get((goal.segment_id, goal.stage_id))
    else:
        plan = plan_for([goal.engagement_id], today).get(goal.engagement_id)
    return plan.targets if plan else ()


def outdated(
    terms: Mapping[str, Any], words: tuple[str, str], targets: Sequence[PlanTarget]
) -> bool:
    """Whether words (purpose, ideal) or shown numbers differ from those shared or agreed."""
    hidden = set(terms.get("hidden", ()))
    agreed = {
        (each["metric"], each["floor"], each["target"], each.get("due_on"))
        for each in terms["targets"]
        if each["metric"] not in hidden
    }
    own = {
        (each.key, each.floor, each.target, each.due_on.isoformat() if each.due_on else None)
        for each in targets
        if each.uid and each.key not in hidden
    }
    return words != (terms["words"], terms["ideal"]) or agreed != own
