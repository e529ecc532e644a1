"""A year of plays at the demo company, lived through week by week under its clock.

Every row is what a verb left: nothing is inserted. Use was drawn before and knows nothing of
plays; see docs/methods/demo-company.md.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from banso.demo.clock import clock
from banso.demo.colleagues import Colleagues
from banso.demo.house import House, house
from banso.demo.hurdles import Hurdles
from banso.demo.names import Language
from banso.demo.past import past
from banso.demo.recipes import Recipes
from banso.demo.shelf import Shelf
from banso.plays.interventions import settle
from banso.plays.rounds import give_plays

WEEKS = 50
LAST_WEEK = 2
"""Weeks before today; the nights of the last one are those of the whole round."""
NIGHT, MORNING = 3, 9


def live_a_year(language: Language, seed: int, today: date, out: Path) -> None:
    """The weeks until the last but one before today."""
    days = [today - timedelta(weeks=LAST_WEEK + n) for n in reversed(range(WEEKS))]
    with clock() as shown:
        shown.set(shown.at(days[0], NIGHT))
        lived = Year(house(language, shown, seed), champions_left(out))
        for number, day in enumerate(past(days)):
            lived.week(number, day)


def champions_left(out: Path) -> Mapping[str, date]:
    """Whose leading person left when, by the customer's number in the files."""
    told = json.loads((out / "truth.json").read_text(encoding="utf-8"))
    return {key: date.fromisoformat(day) for key, day in told["champions_left"].items()}


class Year:
    """The company with its assets and plays, a week further each time."""

    def __init__(self, lived_by: House, left: Mapping[str, date]) -> None:
        self.house = lived_by
        self.shelf = Shelf(lived_by)
        self.recipes = Recipes(lived_by, self.shelf)
        self.colleagues = Colleagues(lived_by, self.shelf, self.recipes)
        self.hurdles = Hurdles(lived_by, self.recipes, left)

    @transaction.atomic
    def week(self, number: int, day: date) -> None:
        """A night that gives, a morning that writes and decides, five days of work."""
        self.house.clock.set(self.house.clock.at(day, NIGHT))
        give_plays(day)
        self.house.clock.set(self.house.clock.at(day, MORNING))
        self.shelf.keep(number, day)
        self.recipes.keep(number, day)
        acts = [*self.colleagues.week(day), *self.hurdles.week(day)]
        for act in sorted(acts, key=lambda each: each.at):
            self.house.clock.set(act.at)
            act.do()
        settle(None)
