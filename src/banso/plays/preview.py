"""Who would get a version tonight, and why not the others: the night's rule, nothing written."""

from collections.abc import Mapping
from datetime import date

from banso.core.enrolment import Decision, decide
from banso.plays.facts import candidates_of, holding, loads, recipe_of
from banso.plays.models import Play, PlayVersion
from banso.plays.rounds import open_runs


def tonight(version: PlayVersion, day: date) -> list[Decision]:
    """The decisions on everybody the condition holds for, in the day's order, were the play
    active; after those of the active plays that are given before it."""
    made, _ = decided(version, loads_before(version.play, day), day)
    return made


def loads_before(play: Play, day: date) -> Mapping[int, int]:
    """What owners will have to do once the plays before this one are given."""
    known = loads()
    for run in open_runs():
        if (run.play.position, run.play_id) >= (play.position, play.pk):
            break
        if recipe_of(run.version).asks:
            _, known = decided(run.version, known, day)
    return known


def decided(
    version: PlayVersion, known: Mapping[int, int], day: date
) -> tuple[list[Decision], Mapping[int, int]]:
    candidates = candidates_of(version.play, holding(version))
    return decide(candidates, recipe_of(version), known, day)
