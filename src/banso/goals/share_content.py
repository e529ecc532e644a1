"""What the other side may see of a plan: the only fields that ever leave it.

The content is built once, when it is shared, and kept as a version; the page of the other side
is drawn from it alone. A field that is not here cannot be shown.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, cast

from banso.base.models import User
from banso.base.workspace import workspace
from banso.engagements.models import Engagement
from banso.goals.models import Goal, Statement
from banso.goals.plans import PlanTarget, plan_for
from banso.metrics import values


@dataclass(frozen=True)
class SharedTarget:
    """A target as both sides read it: where we were, are and want to be, in the metric's unit.

    `name` is {ja, en}; `upward`: more is better. Weight, floor and gap stay inside.
    """

    name: Mapping[str, str]
    unit: str
    then: float | None
    now: float | None
    ideal: float
    upward: bool
    due_on: date | None


@dataclass(frozen=True)
class SharedStep:
    """A next step that somebody chose to show; `side` is "ours" or "theirs"."""

    title: str
    side: str
    due_on: date


@dataclass(frozen=True)
class ShareContent:
    """One version of what is shared, as of a day."""

    company: str
    customer: str
    as_of: date
    words: str
    said_by: str
    said_on: date | None
    ideal: str
    targets: tuple[SharedTarget, ...]
    steps: tuple[SharedStep, ...]
    talk_to: str
    talk_to_email: str
    note: str

    def steps_of(self, side: str) -> list[SharedStep]:
        return [each for each in self.steps if each.side == side]


@dataclass(frozen=True)
class Choices:
    """What somebody chose to show beside the words: steps, a line to them, whom to talk to.

    `hidden` are keys of metrics whose targets stay inside.
    """

    steps: Sequence[SharedStep] = ()
    hidden: Collection[str] = ()
    talk_to: User | None = None
    show_email: bool = False
    note: str = ""


NOTHING_CHOSEN = Choices()


def content_of(
    engagement: Engagement, as_of: date, choices: Choices = NOTHING_CHOSEN
) -> ShareContent:
    """The engagement's plan as the other side would see it on a day."""
    said = statement_of(engagement, as_of)
    talk_to = choices.talk_to or engagement.owner
    shown = [each for each in set_by_people(engagement, as_of) if each.key not in choices.hidden]
    return ShareContent(
        company=workspace().name,
        customer=engagement.party.name,
        as_of=as_of,
        words=said.words if said else "",
        said_by=said.said_by.name if said and said.said_by else "",
        said_on=said.on if said else None,
        ideal=said.ideal if said else "",
        targets=targets_of(engagement, shown, as_of),
        steps=tuple(sorted(choices.steps, key=lambda each: each.due_on)),
        talk_to=talk_to.name if talk_to else "",
        talk_to_email=talk_to.email if talk_to and choices.show_email else "",
        note=choices.note.strip(),
    )


def statement_of(engagement: Engagement, as_of: date) -> Statement | None:
    goal = Goal.objects.filter(engagement=engagement).first()
    said = Statement.objects.filter(goal=goal, on__lte=as_of).select_related("said_by")
    return said.order_by("-on", "-id").first() if goal else None


def set_by_people(engagement: Engagement, as_of: date) -> list[PlanTarget]:
    """The targets that somebody set, the customer's own or their standard's."""
    plan = plan_for([engagement.pk], as_of).get(engagement.pk)
    return [each for each in plan.targets if each.uid] if plan else []


def targets_of(
    engagement: Engagement, targets: Sequence[PlanTarget], as_of: date
) -> tuple[SharedTarget, ...]:
    keys = sorted({each.key for each in targets})
    now = values.snapshot(keys, as_of, [engagement.pk]).get(engagement.pk, {}) if keys else {}
    return tuple(
        SharedTarget(
            name=dict(each.name),
            unit=each.unit,
            then=each.start,
            now=now.get(each.key),
            ideal=each.target,
            upward=each.higher_is_better,
            due_on=each.due_on,
        )
        for each in targets
    )


def dump(content: ShareContent) -> dict[str, Any]:
    """As JSON; days as ISO text."""
    return cast("dict[str, Any]", with_text_days(asdict(content)))


def with_text_days(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: with_text_days(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_text_days(each) for each in value]
    return value


def load(stored: Mapping[str, Any]) -> ShareContent:
    """The content of a version as it was shared."""
    targets = (
        SharedTarget(**{**each, "due_on": day(each["due_on"])}) for each in stored["targets"]
    )
    steps = (SharedStep(**{**each, "due_on": day(each["due_on"])}) for each in stored["steps"])
    days = {"as_of": day(stored["as_of"]), "said_on": day(stored["said_on"])}
    return ShareContent(**{**stored, **days, "targets": tuple(targets), "steps": tuple(steps)})


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
