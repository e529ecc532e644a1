"""What the rule of enrolment asks for: recipes, owners' loads, and who was given what before."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, F

from banso.actions.models import Action
from banso.core.conditions import load
from banso.core.enrolment import Candidate, Recipe
from banso.goals.segments import standings
from banso.goals.stages import among
from banso.goals.standing import RANKING
from banso.plays.models import Intervention, Play, PlayStep, PlayVersion, StepRun
from banso.plays.steps import asking

LAPSE_DAYS = 14
"""So long a suggestion waits for an answer."""


class Found(NamedTuple):
    """Somebody a condition holds for today."""

    engagement: int
    touch: str
    owner: int | None


def recipe_of(version: PlayVersion) -> Recipe:
    """What the version says of who gets it, and for how long it asks something of somebody."""
    steps, asks = list(version.steps.all()), asking()
    closes = tuple(last_day(each) for each in steps if each.kind in asks)
    others = (each.offset_days for each in steps if each.kind not in asks)
    return Recipe(
        touches=frozenset(version.touches),
        capacity=version.capacity,
        most=version.most,
        apart_days=version.apart_days,
        closes=closes,
        lasts=max((*closes, *others), default=0),
    )


def last_day(step: PlayStep) -> int:
    """On which day after the start a step that asks a person is done at the latest."""
    return step.offset_days + step.within_days


def holding(version: PlayVersion) -> list[Found]:
    """The current customers the condition holds for now, in the day's one order."""
    rows = standings(load(version.condition)).order_by(*RANKING)
    return [Found(*each) for each in rows.values_list("engagement_id", "touch", "owner_id")]


def candidates_of(play: Play, found: Sequence[Found], day: date) -> list[Candidate]:
    """These customers with what they were given of the play before."""
    past = earlier_of(play, [each.engagement for each in found], day)
    return [
        Candidate(each.engagement, each.touch, each.owner, *past.get(each.engagement, ((), False)))
        for each in found
    ]


type Past = tuple[tuple[date, ...], bool]


def earlier_of(play: Play, ids: Collection[int], day: date) -> dict[int, Past]:
    """By engagement: the days on which the play was given, and whether the last goes on."""
    rows = among(Intervention.objects.filter(play=play), "engagement", ids).order_by("occasion")
    found: dict[int, Past] = {}
    for each, on, begun, ended in rows.values_list(
        "engagement_id", "as_of", "started_on", "ended_at"
    ):
        days, going_on = found.get(each, ((), False))
        open_now = ended is None and (begun is not None or on >= oldest_answerable(day))
        found[each] = ((*days, on), going_on or open_now)
    return found


def oldest_answerable(day: date) -> date:
    """Suggestions of before that day have lapsed."""
    return day - timedelta(days=LAPSE_DAYS)


def loads(day: date) -> Mapping[int, int]:
    """By owner: their open actions, and what plays given to their customers will still ask."""
    total: Counter[int] = Counter()
    for owner, count in (*open_actions(), *steps_to_come(), *planned_asks(day)):
        total[owner] += count
    return total


def open_actions() -> Iterable[tuple[int, int]]:
    rows = Action.objects.filter(closed_as="").order_by().values("owner")
    return rows.annotate(n=Count("pk")).values_list("owner", "n")


def steps_to_come() -> Iterable[tuple[int, int]]:
    """Steps of running plays that ask a person and have not begun."""
    coming = StepRun.objects.filter(
        begun_at=None,
        step__kind__in=asking(),
        intervention__ended_at=None,
        intervention__engagement__owner__isnull=False,
    )
    rows = coming.order_by().values(owner=F("intervention__engagement__owner"))
    return rows.annotate(n=Count("pk")).values_list("owner", "n")


def planned_asks(day: date) -> Iterator[tuple[int, int]]:
    """What the suggestions that wait for an answer would ask, were they all taken up."""
    waiting = Intervention.objects.filter(
        ended_at=None,
        started_on=None,
        engagement__owner__isnull=False,
        as_of__gte=oldest_answerable(day),
    )
    rows = waiting.order_by().values("run__version", owner=F("engagement__owner"))
    counted = list(rows.annotate(n=Count("pk")).values_list("run__version", "owner", "n"))
    asks = asks_of({version for version, _, _ in counted})
    for version, owner, count in counted:
        yield owner, count * asks.get(version, 0)


def asks_of(versions: Collection[int]) -> dict[int, int]:
    """How many steps of each version ask a person."""
    rows = PlayStep.objects.filter(version__in=versions, kind__in=asking()).order_by()
    return dict(rows.values("version").annotate(n=Count("pk")).values_list("version", "n"))
