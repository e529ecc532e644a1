"""Who would have got a play: day after day of the past, from what was known on each.

The rule is the night's own. Conditions are asked of the past as it was known; where customers
stood is computed as the look back does; owners and touch levels are those of today. What the
play itself has given in truth is left out, and what it would have asked is taken for done on its
last day.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from banso.actions.models import Action
from banso.base.workspace import day_end, workspace
from banso.core.conditions import Condition, Value, fields_of, holds, load
from banso.core.enrolment import Candidate, Decision, Scene, rehearse
from banso.engagements.models import Engagement
from banso.goals.past_days import Batch, batches
from banso.goals.proposals import levels
from banso.goals.standing import StandingValue, ranked
from banso.metrics.fields import At
from banso.metrics.segments import values_at
from banso.plays.facts import asks_of, recipe_of
from banso.plays.known import OF_STANDING
from banso.plays.models import Intervention, Play, PlayVersion, StepRun
from banso.plays.steps import asking

type Progress = Callable[[int, int], None]
type Owned = tuple[int, datetime, datetime | None, int]


@dataclass(frozen=True)
class DryDay:
    """A day of the dry run: who would have got the play, and who would have waited for
    somebody's capacity."""

    on: date
    given: tuple[int, ...]
    waiting: tuple[int, ...]


def dry_run(
    version: PlayVersion, days: Sequence[date], progress: Progress | None = None
) -> list[DryDay]:
    """The version's dry run over these days, in their order; `progress(done, total)` in days."""
    made = []
    for on, decisions in rehearse(scenes(version, days), recipe_of(version)):
        made.append(dry_day(on, decisions))
        if progress is not None:
            progress(len(made), len(days))
    return made


def dry_day(on: date, decisions: Collection[Decision]) -> DryDay:
    return DryDay(
        on=on,
        given=tuple(each.engagement for each in decisions if each.verdict == "enrol"),
        waiting=tuple(each.engagement for each in decisions if each.verdict == "wait"),
    )


def scenes(version: PlayVersion, days: Sequence[date]) -> Iterator[Scene]:
    """The days with whom the condition held for, in the order of each."""
    condition, busy = load(version.condition), owned(version.play)
    labels = labels_now()
    for current in batches(sorted(days)):
        batch = Batch(current, levels(max(current)))
        stood = {day: found.standings for day, found in batch.days().items()}
        held = held_on(condition, stood)
        for day, standings in stood.items():
            inside = [
                each for each in ranked(standings.values()) if (each.engagement_id, day) in held
            ]
            people = [candidate(each, labels) for each in inside if each.engagement_id in labels]
            yield Scene(day, people, loads_on(day, busy))


def candidate(stood: StandingValue, labels: Mapping[int, tuple[str, int | None]]) -> Candidate:
    return Candidate(stood.engagement_id, *labels[stood.engagement_id])


def labels_now() -> dict[int, tuple[str, int | None]]:
    """Touch and owner of everybody as they are."""
    rows = Engagement.objects.filter(merged_into=None).values_list("pk", "touch", "owner_id")
    return {each: (touch, owner) for each, touch, owner in rows}


def held_on(condition: Condition, stood: Mapping[date, Mapping[int, StandingValue]]) -> set[At]:
    """The engagements and days for which the condition held."""
    pairs = [(each, day) for day, standings in stood.items() for each in standings]
    columns = {key: column(key, pairs, stood) for key in fields_of(condition)}
    return {
        pair
        for pair in pairs
        if holds(condition, {key: each.get(pair) for key, each in columns.items()}, as_of=pair[1])
    }


def column(
    key: str, pairs: Collection[At], stood: Mapping[date, Mapping[int, StandingValue]]
) -> Mapping[At, Value]:
    """A field's values; what is otherwise known of today alone is read from the day's standing."""
    read = OF_STANDING.get(key)
    if read is None:
        return values_at(key, pairs)
    return {(each, day): read(stood[day][each]) for each, day in pairs}


def owned(play: Play) -> list[Owned]:
    """(owner, from when, until when, how many) of all that was asked of somebody, by this play
    excepted: actions, steps to come, suggestions that waited for an answer. What plays that come
    after it in a night gave or let lapse then counts from that night's end."""
    later = plays_after(play)
    return [*actions_of(play, later), *coming_of(play, later), *planned_of(play, later)]


def plays_after(play: Play) -> set[int]:
    rows = Play.objects.values_list("position", "pk")
    return {pk for position, pk in rows if (position, pk) > (play.position, play.pk)}


def actions_of(play: Play, later: Collection[int]) -> Iterator[Owned]:
    """A step that begins on a later day than its play was given begins before a night gives."""
    rows = Action.objects.exclude(step_run__intervention__play=play)
    given = ("step_run__intervention__play", "step_run__intervention__as_of")
    for owner, since, until, giver, as_of in rows.values_list(
        "owner", "created_at", "closed_at", *given
    ):
        end = at_the_end(since) if giver in later else since
        yield owner, end if as_of and end <= day_end(as_of) else since, until, 1


def coming_of(play: Play, later: Collection[int]) -> Iterator[Owned]:
    """A step that asks somebody is to come from the start of its intervention until it begins."""
    others = StepRun.objects.filter(step__kind__in=asking()).exclude(intervention__play=play)
    rows = others.filter(intervention__engagement__owner__isnull=False).values_list(
        *("intervention__engagement__owner", "laid_out_at", "begun_at"),
        *("intervention__ended_at", "intervention__play"),
    )
    for owner, since, begun, ended, giver in rows:
        yield owner, at_the_end(since) if giver in later else since, begun or ended, 1


def planned_of(play: Play, later: Collection[int]) -> Iterator[Owned]:
    others = Intervention.objects.exclude(play=play).filter(engagement__owner__isnull=False)
    rows = list(others.select_related("engagement", "run"))
    asks = asks_of({row.run.version_id for row in rows})
    for row in rows:
        since, until = row.planned_at, row.started_at or row.ended_at
        if row.play_id in later:
            since = at_the_end(since)
            until = at_the_end(until) if until and row.ended_as == "lapsed" else until
        yield row.engagement.owner_id or 0, since, until, asks.get(row.run.version_id, 0)


def at_the_end(moment: datetime) -> datetime:
    """The end of its local day."""
    return day_end(moment.astimezone(ZoneInfo(workspace().timezone)).date())


def loads_on(day: date, busy: Iterable[Owned]) -> Counter[int]:
    """By owner, what was asked of them at the end of a day."""
    end, total = day_end(day), Counter[int]()
    for owner, since, until, count in busy:
        if since < end and (until is None or until >= end):
            total[owner] += count
    return total
