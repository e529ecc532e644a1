"""Versions of a plan: what was shown, and what differs between two of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from banso.base.models import User
from banso.goals.models import Goal, PlanVersion
from banso.goals.share_content import ShareContent, SharedStep, SharedTarget, dump, load
from banso.goals.terms import terms_of

type What = Literal["words", "ideal", "target", "step", "talk_to", "note"]
TEXTS: tuple[What, ...] = ("words", "ideal", "talk_to", "note")


@dataclass(frozen=True)
class Difference:
    """One thing that differs: `before` and `after` are None where it was not there.

    Targets and steps are told apart by their name or title.
    """

    what: What
    before: Any
    after: Any


def version_of(
    *, goal: Goal, by: User | None, content: ShareContent, hidden: Sequence[str] = ()
) -> PlanVersion:
    """The goal's version with this content: the last one if it is the same, else the next."""
    last = PlanVersion.objects.filter(goal=goal).order_by("-number").first()
    stored, terms = dump(content), terms_of(goal, hidden)
    if last is not None and (last.content, last.terms) == (stored, terms):
        return last
    return PlanVersion.objects.create(
        goal=goal,
        number=last.number + 1 if last else 1,
        content=stored,
        terms=terms,
        made_by=by,
    )


def differences(before: PlanVersion, after: PlanVersion) -> list[Difference]:
    """What changed for the reader between two versions; where we are now is no change of terms."""
    return list(differing(load(before.content), load(after.content)))


def differing(before: ShareContent, after: ShareContent) -> Iterator[Difference]:
    for what in TEXTS:
        then, now = getattr(before, what), getattr(after, what)
        if then != now:
            yield Difference(what, then or None, now or None)
    yield from among("target", by_name(before.targets), by_name(after.targets))
    yield from among("step", by_title(before.steps), by_title(after.steps))


def among(what: What, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Those that came, went, or are not what they were, in the order they stand."""
    for name in dict.fromkeys([*before, *after]):
        then, now = before.get(name), after.get(name)
        if then is None or now is None or essence(then) != essence(now):
            yield Difference(what, then, now)


def essence(each: SharedTarget | SharedStep) -> tuple[object, ...]:
    if isinstance(each, SharedTarget):
        return (each.unit, each.then, each.ideal, each.due_on)
    return (each.side, each.due_on)


def by_name(targets: Sequence[SharedTarget]) -> dict[str, SharedTarget]:
    return {repr(sorted(each.name.items())): each for each in targets}


def by_title(steps: Sequence[SharedStep]) -> dict[str, SharedStep]:
    return {each.title: each for each in steps}
