"""Who would get a version tonight, and why not the others: the night's rule, nothing written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from banso.core.enrolment import Decision, decide
from banso.plays.actions import current_run
from banso.plays.facts import (
    Found,
    asks_of,
    candidates_of,
    holding,
    loads,
    oldest_answerable,
    recipe_of,
)
from banso.plays.models import Play, PlayRun, PlayVersion
from banso.plays.rounds import lapsing, open_runs

type Loads = Mapping[int, int]


def tonight(version: PlayVersion, day: date) -> list[Decision]:
    """The decisions on everybody the condition holds for, in the day's order, were the play
    active; after those of the active plays that are given before it."""
    found, known = holding(version), loads_before(version.play, day)
    if run := current_run(version.play):
        known = freed(run, found, known, day)
    candidates = candidates_of(version.play, found, day)
    return decide(candidates, recipe_of(version), known, day)[0]


def loads_before(play: Play, day: date) -> Loads:
    """What owners will have to do once the plays before this one are given."""
    known = loads(day)
    for run in open_runs():
        if (run.play.position, run.play_id) >= (play.position, play.pk):
            break
        recipe = recipe_of(run.version)
        if recipe.asks:
            found = holding(run.version)
            freely = freed(run, found, known, day)
            _, known = decide(candidates_of(run.play, found, day), recipe, freely, day)
    return known


def freed(run: PlayRun, found: Sequence[Found], known: Loads, day: date) -> Loads:
    """Without what the night will let lapse, of the play's suggestions that still count."""
    oldest, less = oldest_answerable(day), Counter(known)
    counted = [each for each in lapsing(run, found, day) if each.as_of >= oldest]
    asks = asks_of({each.run.version_id for each in counted})
    for each in counted:
        if each.engagement.owner_id is not None:
            less[each.engagement.owner_id] -= asks.get(each.run.version_id, 0)
    return less
