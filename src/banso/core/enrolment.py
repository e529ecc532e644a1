"""Who gets a play on a day: one rule, shared by the preview, the dry run and the night.

A play is looked at for those its condition holds for, in the day's one order. What it asks of a
person counts against that person's capacity from the day it is given until it is done.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

type Verdict = Literal["enrol", "wait", "not"]
type Why = Literal["", "capacity", "touch", "no_owner", "going_on", "times", "apart"]
type Loads = Mapping[int, int]


@dataclass(frozen=True)
class Recipe:
    """What a version of a play says about who gets it.

    `capacity` is the most open actions its owner may have, those that it will still ask included;
    it is given at most `most` times to one customer, `apart_days` (1 or more) apart. `closes`
    holds, of each step that asks a person, on which day after the start it is done at the latest;
    `lasts` is the day on which the last step of any kind is.
    """

    touches: frozenset[str]
    capacity: int
    most: int
    apart_days: int
    closes: tuple[int, ...] = ()
    lasts: int = 0

    @property
    def asks(self) -> int:
        """How many actions it asks of the owner in all."""
        return len(self.closes)


@dataclass(frozen=True)
class Candidate:
    """Somebody the condition holds for; `earlier` are the days on which the play was given to
    them before, `going_on`: the last time has not ended."""

    engagement: int
    touch: str
    owner: int | None
    earlier: tuple[date, ...] = ()
    going_on: bool = False


@dataclass(frozen=True)
class Decision:
    """Whether a candidate gets the play, and why not; `occasion` counts which time it is."""

    engagement: int
    verdict: Verdict
    why: Why = ""
    occasion: int = 0


def decision(candidate: Candidate, recipe: Recipe, load: int, as_of: date) -> Decision:
    """What the rule says of one candidate whose owner has `load` actions open or to come.

    Only "capacity" waits: it may be otherwise tomorrow without anything about the customer having
    changed. Asked again for a day on which the play was given, it says no.
    """
    if why := refusal(candidate, recipe, as_of):
        return Decision(candidate.engagement, "not", why)
    if recipe.asks and load + recipe.asks > recipe.capacity:
        return Decision(candidate.engagement, "wait", "capacity")
    return Decision(candidate.engagement, "enrol", occasion=len(candidate.earlier) + 1)


def refusal(candidate: Candidate, recipe: Recipe, as_of: date) -> Why:
    """Why the candidate does not get the play, whatever its owner has to do; "" where they may."""
    if candidate.touch not in recipe.touches:
        return "touch"
    if candidate.going_on:
        return "going_on"
    if len(candidate.earlier) >= recipe.most:
        return "times"
    if candidate.earlier and (as_of - candidate.earlier[-1]).days < recipe.apart_days:
        return "apart"
    if recipe.asks and candidate.owner is None:
        return "no_owner"
    return ""


def decide(
    candidates: Iterable[Candidate], recipe: Recipe, loads: Loads, as_of: date
) -> tuple[list[Decision], dict[int, int]]:
    """The decisions on all candidates in their order, and the owners' loads after them."""
    after, found = dict(loads), []
    for each in candidates:
        owner = each.owner or 0
        made = decision(each, recipe, after.get(owner, 0), as_of)
        if made.verdict == "enrol" and each.owner is not None:
            after[owner] = after.get(owner, 0) + recipe.asks
        found.append(made)
    return found, after


@dataclass(frozen=True)
class Scene:
    """A day to rehearse: whom the condition held for, in the day's order, and what their owners
    had to do then apart from this play."""

    on: date
    candidates: Sequence[Candidate]
    loads: Loads


def rehearse(scenes: Iterable[Scene], recipe: Recipe) -> Iterator[tuple[date, list[Decision]]]:
    """What the rule would have decided day after day, had the play been given on those before.

    It assumes that whatever the play asks is done on its last day. Nothing is known of a
    candidate's earlier times but what the rehearsal itself gave.
    """
    given: dict[int, tuple[date, ...]] = {}
    open_asks: list[tuple[int, date]] = []
    for scene in scenes:
        open_asks = [(owner, until) for owner, until in open_asks if scene.on < until]
        known = [with_past(each, given, recipe, scene.on) for each in scene.candidates]
        made, _ = decide(known, recipe, loaded(scene.loads, open_asks), scene.on)
        for each, found in zip(scene.candidates, made, strict=True):
            if found.verdict != "enrol":
                continue
            given[each.engagement] = (*given.get(each.engagement, ()), scene.on)
            open_asks += asked_of(each.owner, recipe, scene.on)
        yield scene.on, made


def with_past(
    candidate: Candidate, given: Mapping[int, tuple[date, ...]], recipe: Recipe, on: date
) -> Candidate:
    earlier = given.get(candidate.engagement, ())
    going_on = bool(earlier) and (on - earlier[-1]).days < recipe.lasts
    return replace(candidate, earlier=earlier, going_on=going_on)


def asked_of(owner: int | None, recipe: Recipe, on: date) -> list[tuple[int, date]]:
    """(owner, the day on which it is done) of everything that the play asks of them."""
    return [] if owner is None else [(owner, on + timedelta(days=each)) for each in recipe.closes]


def loaded(loads: Loads, open_asks: Iterable[tuple[int, date]]) -> dict[int, int]:
    found = dict(loads)
    for owner, _ in open_asks:
        found[owner] = found.get(owner, 0) + 1
    return found


@dataclass(frozen=True)
class Tally:
    """How often a play was taken up and refused, in situations like this one and in others."""

    taken: int = 0
    refused: int = 0
    taken_elsewhere: int = 0
    refused_elsewhere: int = 0


ELSEWHERE = 0.25
"""What an answer in another situation counts beside one in a situation like this."""


def rank(tally: Tally) -> float:
    """How readily a suggestion was taken up, 0 to 1; one half where nobody has answered yet.

    The share taken up with one answer of each kind added, so that a single refusal lowers a play
    and does not bury it.
    """
    taken = tally.taken + ELSEWHERE * tally.taken_elsewhere
    refused = tally.refused + ELSEWHERE * tally.refused_elsewhere
    return (1 + taken) / (2 + taken + refused)
