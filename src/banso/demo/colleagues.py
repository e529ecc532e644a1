"""What the demo's colleagues do about what plays ask of them."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from banso.actions.actions import close_action, record_contact
from banso.actions.models import Action, Contact
from banso.assets.models import Asset, Showing, Walkthrough
from banso.assets.use import finish, react, show
from banso.assets.walkthroughs import Marks, Talk, end_role_play, log_talk, open_script, script_at
from banso.base.models import User
from banso.core.scripts import Script
from banso.demo import names
from banso.demo.house import Act, House
from banso.demo.recipes import Recipes
from banso.demo.shelf import Shelf
from banso.demo.wordings import Pair, said
from banso.engagements.models import Engagement
from banso.parties.models import Party
from banso.plays.interventions import accept, refuse
from banso.plays.models import Intervention, StepRun

ANSWERED, TAKEN_UP = 0.85, 0.72
REASONS = {"not_needed": 0.32, "not_fitting": 0.18, "no_time": 0.28, "other_plan": 0.22}
DONE_IN_TIME, DONE_EARLY, DROPPED = 0.9, 0.6, 0.06
OUTCOMES = {"reached": 0.5, "partly": 0.24, "not_reached": 0.13, "no_answer": 0.13}
TICKED = {"reached": 0.9, "partly": 0.65, "not_reached": 0.4, "no_answer": 0.0}
FINISHED, REACTED = 0.6, 0.5
REACTIONS = {"helped": 0.6, "partly": 0.28, "not_helped": 0.12}
ROLE_PLAYED = 0.4
MOST_ANSWERS = 40
"""Suggestions that all of them together answer in two weeks."""


class Colleagues:
    """They answer suggestions and do the steps; how it goes is drawn, whatever the customer's
    use does before or after."""

    def __init__(self, house: House, shelf: Shelf, recipes: Recipes) -> None:
        self.house, self.shelf, self.recipes = house, shelf, recipes
        self.words = names.words("year")
        self.shown: list[Showing] = []

    def work(self, day: date) -> Iterator[Act]:
        """What they do in the two weeks after a night."""
        yield from self.answers(day)
        yield from self.steps(day)
        yield from self.reactions(day)
        if self.house.chance(ROLE_PLAYED):
            yield Act(self.house.moment(day), self.role_play)

    def answers(self, day: date) -> Iterator[Act]:
        waiting = Intervention.objects.filter(ended_at=None, started_on=None)
        rows = waiting.filter(engagement__owner__isnull=False).order_by("-rank", "pk")
        for row in rows.select_related("engagement__owner")[:MOST_ANSWERS]:
            if self.house.chance(ANSWERED):
                yield Act(self.house.moment(day), partial(self.answer, row))

    def answer(self, row: Intervention) -> None:
        by = owner_of(row.engagement)
        if self.house.chance(TAKEN_UP):
            accept(intervention=row, by=by)
        else:
            refuse(intervention=row, by=by, reason=self.drawn(REASONS))

    def steps(self, day: date) -> Iterator[Act]:
        """Of what is asked of somebody, most is done by the day it is due."""
        open_ones = StepRun.objects.filter(ended_at=None, action__closed_as="")
        rows = open_ones.select_related(
            "action__owner", "step", "intervention__engagement__owner", "intervention__play"
        )
        for run in rows.order_by("pk"):
            action = the_action(run)
            moment = self.house.moment(day)
            share = DONE_IN_TIME if action.due_on <= moment.date() else DONE_EARLY
            if self.house.chance(share):
                yield Act(moment, partial(self.do, run, moment))

    def do(self, run: StepRun, moment: datetime) -> None:
        """By its kind; a few are dropped."""
        action = the_action(run)
        if self.house.chance(DROPPED):
            close_action(action=action, by=action.owner, closed_as=Action.Closed.DROPPED)
        elif run.step.kind == "contact":
            self.speak(run, moment)
        elif run.step.kind == "script":
            self.follow(run, moment)
        elif run.step.kind == "guide":
            self.show(run)
        else:
            close_action(action=action, by=action.owner)

    def speak(self, run: StepRun, moment: datetime) -> None:
        engagement = run.intervention.engagement
        told = self.words["contacts"]
        *pair, channel = self.house.one_of(told.get(self.key_of(run), told["quiet"]))
        person = self.house.somebody(engagement, moment.date())
        record_contact(
            engagement=engagement,
            by=the_action(run).owner,
            channel=channel,
            occurred_at=moment,
            summary=self.told(pair, person),
            people=[person] if person else [],
        )

    def follow(self, run: StepRun, moment: datetime) -> None:
        """A talk along the script, with its outcome."""
        engagement, by = run.intervention.engagement, the_action(run).owner
        asset = Asset.objects.select_related("current").get(uid=run.step.thing)
        language = self.house.language
        walk = open_script(asset=asset, by=by, language=language, engagement=engagement)
        outcome = self.drawn(OUTCOMES)
        person = self.house.somebody(engagement, moment.date())
        talk = Talk(
            outcome=outcome,
            summary=self.told(self.summary(asset, outcome), person),
            channel=self.house.one_of((Contact.Channel.CALL, Contact.Channel.MEETING)),
            occurred_at=moment,
            people=[person] if person else [],
        )
        log_talk(walkthrough=walk, marks=self.marks(walk, outcome), talk=talk, by=by)

    def summary(self, asset: Asset, outcome: str) -> Pair:
        key = next(key for key, each in self.shelf.assets.items() if each.pk == asset.pk)
        if outcome == Walkthrough.Outcome.NO_ANSWER:
            pair: Pair = self.words["no_answer"]
        else:
            pair = self.house.one_of(self.words["talks"][key][outcome])
        return pair

    def marks(self, walk: Walkthrough, outcome: str) -> Marks:
        script: Script = script_at(walk)
        ticks = [each.number for each in script.ticks if self.house.chance(TICKED[outcome])]
        if not TICKED[outcome]:
            return Marks()
        ways = {each.number: self.house.one_of(each.branches).to for each in script.forks}
        return Marks(ticks, ways)

    def show(self, run: StepRun) -> None:
        """The guide in force; whether they go through it and say so comes later."""
        asset = Asset.objects.select_related("current").get(uid=run.step.thing)
        if asset.current is None:
            return
        engagement, by = run.intervention.engagement, the_action(run).owner
        self.shown.append(show(version=asset.current, engagement=engagement, by=by))

    def reactions(self, day: date) -> Iterator[Act]:
        shown, self.shown = self.shown, []
        for each in shown:
            if self.house.chance(FINISHED):
                yield Act(self.house.moment(day), partial(self.finish, each))

    def finish(self, showing: Showing) -> None:
        finish(showing=showing, by=showing.by)
        if self.house.chance(REACTED):
            react(showing=showing, reaction=self.drawn(REACTIONS), by=showing.by)

    def role_play(self) -> None:
        """Two colleagues try a script on each other."""
        scripts = [
            self.shelf.current(key)
            for key, each in self.shelf.assets.items()
            if each.kind == Asset.Kind.SCRIPT
        ]
        first, second = (self.house.author(int(self.house.dice.integers(99))) for _ in range(2))
        if first == second:
            return
        language = self.house.language
        asset = self.house.one_of(scripts)
        walk = open_script(asset=asset, by=first, language=language, partner=second)
        outcome = self.house.one_of(("reached", "partly"))
        note = said(self.words["role_play"], language)
        marks = self.marks(walk, outcome)
        end_role_play(walkthrough=walk, marks=marks, outcome=outcome, note=note, by=first)

    def told(self, pair: Pair, person: Party | None) -> str:
        nobody = "ご担当者" if self.house.language == "ja" else "our contact"
        return said(pair, self.house.language).format(person=person.name if person else nobody)

    def key_of(self, run: StepRun) -> str:
        play = run.intervention.play_id
        return next(key for key, each in self.recipes.plays.items() if each.pk == play)

    def drawn(self, shares: dict[str, float]) -> str:
        return self.house.one_of(list(shares), list(shares.values()))


def owner_of(engagement: Engagement) -> User:
    assert engagement.owner is not None, "only those that somebody looks after are answered for"
    return engagement.owner


def the_action(run: StepRun) -> Action:
    assert run.action is not None, "a step that waits for somebody has its action"
    return run.action
