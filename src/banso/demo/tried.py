"""What the demo's colleagues tried on a few, and a retrospective of theirs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from banso.actions.actions import NextStep
from banso.base.models import User
from banso.cases.retrospectives import Occasion, Sheet, agree_action, hold
from banso.demo import names
from banso.demo.house import FIRST_HOUR, Act, House
from banso.demo.recipes import Recipes
from banso.demo.shelf import Shelf
from banso.demo.wordings import said
from banso.engagements.models import Engagement
from banso.goals.models import Standing
from banso.plays.models import Barrier, Trial, TrialGuest
from banso.plays.trial_actions import TrialSheet, begin_trial, decide_trial, note_reaction

GUESTS, LASTS = 10, timedelta(days=14)
HEARD, REACTED = 0.85, 0.65
"""The share of the guests of whom somebody notes how they reacted, and of those, who did as was
hoped."""
DUE = timedelta(days=21)


class Tried:
    """Trials by the week in which they are begun; how guests react is drawn."""

    def __init__(self, house: House, shelf: Shelf) -> None:
        self.house, self.shelf = house, shelf
        self.words = names.words("year")

    def acts(self, weeks: range, day: date) -> Iterator[Act]:
        for told in self.words["trials"]:
            if told["week"] in weeks:
                yield from self.of_trial(told, day)

    def of_trial(self, told: Mapping[str, Any], day: date) -> Iterator[Act]:
        """Begun on a morning, noted within two weeks, decided at their end where it is told how."""
        by = self.house.author(told["author"])
        guests = self.guests(by)
        if not guests:
            return
        yield Act(self.house.clock.at(day, FIRST_HOUR), partial(self.begin, told, guests, by, day))
        for guest in guests:
            if self.house.chance(HEARD):
                yield Act(self.house.moment(day + timedelta(days=2), 9), partial(self.note, guest))
        if "decision" in told:
            at = self.house.clock.at(day + LASTS - timedelta(days=1), FIRST_HOUR)
            yield Act(at, partial(self.decide, told, by))

    def guests(self, by: User) -> Sequence[Engagement]:
        """The largest stakes among their own customers."""
        rows = Standing.objects.filter(current=True, owner=by, stake__gt=0)
        first = rows.select_related("engagement").order_by("-stake", "engagement_id")[:GUESTS]
        return [each.engagement for each in first]

    def begin(
        self, told: Mapping[str, Any], guests: Sequence[Engagement], by: User, day: date
    ) -> None:
        sheet = TrialSheet(
            hypothesis=said(told["hypothesis"], self.house.language),
            looked_for=said(told["looked_for"], self.house.language),
            decide_on=day + LASTS,
            asset=self.shelf.assets[told["asset"]],
        )
        begin_trial(sheet=sheet, guests=guests, by=by)

    def note(self, engagement: Engagement) -> None:
        guest = TrialGuest.objects.select_related("trial").get(
            engagement=engagement, trial__decided_at=None
        )
        hoped = self.house.chance(REACTED)
        reaction = TrialGuest.Reaction.YES if hoped else TrialGuest.Reaction.NO
        note_reaction(guest=guest, reaction=reaction, by=guest.trial.began_by or self.house.boss)

    def decide(self, told: Mapping[str, Any], by: User) -> None:
        decision, *pair = told["decision"]
        trial = Trial.objects.get(decided_at=None)
        words = said(pair, self.house.language)
        decide_trial(trial=trial, decision=decision, by=by, words=words)


def look_back_together(house: House, recipes: Recipes) -> None:
    """On the latest customer whose lead had moved on, with an action for its owner."""
    rows = Barrier.objects.filter(kind=recipes.kinds["lead"], engagement__owner__isnull=False)
    found = rows.select_related("engagement__owner").order_by("-noted_at").first()
    if found is None or found.engagement.owner is None:
        return
    told, today = names.words("year")["retrospective"], house.clock.now().date()
    words = {name: said(pair, house.language) for name, pair in told.items()}
    step = NextStep(words.pop("action"), found.engagement.owner, today + DUE)
    held = hold(sheet=Sheet(held_on=today, **words), of=Occasion(found.engagement), by=house.boss)
    agree_action(retrospective=held, step=step, by=house.boss)
