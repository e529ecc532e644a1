"""Who would have got a play in the past year, week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from banso.base.fields import localized
from banso.base.models import User
from banso.base.workspace import local_today
from banso.engagements.access import engagements, hidden_from
from banso.engagements.models import Engagement
from banso.goals.kept_lookback import Running
from banso.plays.actions import current_version
from banso.plays.kept_dry_run import YearOfIt, kept_dry_run
from banso.plays.models import Play
from banso.web.charts import Point
from banso.web.formats import language

LISTED = 25


@dataclass(frozen=True)
class DryLine:
    on: date
    engagement: Engagement


@dataclass(frozen=True)
class DryRunPage:
    """The result of those whom the reader may read; `asked` False: nobody asked for it yet.

    `given` counts how often, `customers` to how many, `waited` to how many of those it was
    refused in some week for want of capacity, `points` by week.
    """

    play: Play
    name: str
    asked: bool
    running: Running | None
    given: int = 0
    customers: int = 0
    waited: int = 0
    points: Sequence[Point] = ()
    lines: Sequence[DryLine] = ()


def dry_run_page(play: Play, user: User) -> DryRunPage:
    name = localized(play.name, language())
    found = kept_dry_run(current_version(play), local_today())
    if not isinstance(found, YearOfIt):
        return DryRunPage(play, name, found is not None, found)
    hidden = hidden_from(user)
    given = [(day.on, each) for day in found.days for each in day.given if each not in hidden]
    waited = {each for day in found.days for each in day.waiting} - hidden
    return DryRunPage(
        play=play,
        name=name,
        asked=True,
        running=None,
        given=len(given),
        customers=len({each for _, each in given}),
        waited=len(waited),
        points=[
            Point(day.on, float(sum(each not in hidden for each in day.given)))
            for day in found.days
        ],
        lines=latest(given[-LISTED:], user),
    )


def latest(given: Sequence[tuple[date, int]], user: User) -> list[DryLine]:
    """The last ones first."""
    readable = engagements(user).in_bulk([each for _, each in given])
    return [DryLine(on, readable[each]) for on, each in reversed(given) if each in readable]
