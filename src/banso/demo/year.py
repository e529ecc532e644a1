"""A year of plays at the demo company, lived through in fortnights under its clock.

Every row is what a verb left: nothing is inserted. Use was drawn before and knows nothing of
plays; see docs/methods/demo-company.md.
"""

import json
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from banso.base.workspace import held, workspace
from banso.demo.clock import clock
from banso.demo.colleagues import Colleagues
from banso.demo.house import FORTNIGHT, Act, House, house
from banso.demo.hurdles import Hurdles
from banso.demo.letters import going_out, name_main_contacts
from banso.demo.names import Language
from banso.demo.past import past
from banso.demo.recipes import Recipes
from banso.demo.shelf import Shelf
from banso.demo.told import Told
from banso.demo.tried import Tried, look_back_together
from banso.plays.interventions import settle
from banso.plays.rounds import give_plays

WEEKS = 50
NIGHT, MORNING = 3, 9
LOOKED_BACK = timedelta(days=5)


def live_a_year(
    language: Language,
    *,
    seed: int,
    today: date,
    left: Mapping[str, date],
    weeks: int = WEEKS,
) -> None:
    """Each second week until two weeks before today; `left`: whose leading person left when."""
    days = [today - timedelta(weeks=n) for n in range(weeks, 0, -FORTNIGHT)]
    with clock() as shown, held(workspace()):
        shown.set(shown.at(days[0], NIGHT))
        lived = Year(house(language, shown, seed), left)
        name_main_contacts(lived.house)
        for number, day in enumerate(past(days)):
            lived.go_on(FORTNIGHT * number, day)
        lived.look_back(today - LOOKED_BACK)


def champions_left(out: Path) -> Mapping[str, date]:
    """Whose leading person left when, by the customer's number in the files."""
    told = json.loads((out / "truth.json").read_text(encoding="utf-8"))
    return {key: date.fromisoformat(day) for key, day in told["champions_left"].items()}


class Year:
    """The company with its assets and plays, two weeks further each time."""

    def __init__(self, lived_by: House, left: Mapping[str, date]) -> None:
        self.house = lived_by
        self.shelf = Shelf(lived_by)
        self.recipes = Recipes(lived_by, self.shelf)
        self.colleagues = Colleagues(lived_by, self.shelf, self.recipes)
        self.hurdles = Hurdles(lived_by, self.recipes, left)
        self.tried = Tried(lived_by, self.shelf)

    @transaction.atomic
    def go_on(self, week: int, day: date) -> None:
        """A night that gives, a morning that writes and decides, two weeks of work."""
        self.house.clock.set(self.house.clock.at(day, NIGHT))
        give_plays(day)
        self.house.clock.set(self.house.clock.at(day, MORNING))
        weeks = range(week, week + FORTNIGHT)
        self.shelf.keep(weeks, day)
        self.recipes.keep(weeks, day)
        asked = (*self.colleagues.work(day), *self.hurdles.heard(day))
        self.live([*going_out(self.house, day), *asked, *self.tried.acts(weeks, day)])
        settle(None)

    @transaction.atomic
    def look_back(self, day: date) -> None:
        """Cases of what ended in the year, and two that somebody copies; a retrospective."""
        told = Told(self.house, self.recipes)
        self.live([*told.acts(day)])
        told.copy()
        look_back_together(self.house, self.recipes)

    def live(self, acts: Collection[Act]) -> None:
        for act in sorted(acts, key=lambda each: each.at):
            self.house.clock.set(act.at)
            act.do()
