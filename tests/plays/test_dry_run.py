"""The dry run says what the nights then did: on generated workspaces, night by night."""

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import transaction

from banso.actions.actions import NextStep, add_action, close_action
from banso.actions.models import Action
from banso.base.models import User
from banso.core.conditions import AnyOf, Condition, Is, Not
from banso.goals.actions import adopt_standard
from banso.goals.refresh import refresh_standings
from banso.metrics.actions import refresh
from banso.plays.barrier_actions import begin_kinds, lower_barrier, note_barrier
from banso.plays.dry_run import dry_run
from banso.plays.interventions import accept, settle
from banso.plays.models import Barrier, BarrierKind, Intervention, PlayRun
from banso.plays.preview import tonight
from banso.plays.rounds import give_plays
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import day, draft, make_metric, measure
from tests.plays.making import StepSheet, active

WORKSPACES = 200
BEGIN = day("2026-03-02")


class Workspace:
    """Some customers, what happens to them day after day, and two plays that share their owners."""

    def __init__(self, dice: random.Random, staff: list[User]) -> None:
        self.dice, self.staff = dice, staff
        self.days = [BEGIN + timedelta(days=n) for n in range(dice.randint(2, 5))]
        with time_machine.travel(at(BEGIN - timedelta(days=40), 9), tick=False):
            self.metric = make_metric()
            adopt_standard(by=None, targets=[draft(self.metric)], since=day("2025-01-01"))
            begin_kinds(by=None)
            self.kinds = list(BarrierKind.objects.all())
            self.customers = [self.customer(n) for n in range(dice.randint(3, 7))]
        with time_machine.travel(at(BEGIN, 1), tick=False):
            self.run = dice.choice([self.play(), self.play()])

    def customer(self, number: int):
        dice = self.dice
        found = make_customer(f"顧客{number}")
        found.touch = dice.choice(["high", "low", "tech"])
        found.owner = dice.choice([*self.staff, None])
        found.save()
        worth = dice.choice([None, 100_000, 900_000])
        make_contract(found, "2025-06-01", "2026-09-01", annual_minor=worth)
        measure(self.metric, found, "2026-02-20", dice.randint(0, 10))
        return found

    def play(self) -> PlayRun:
        dice = self.dice
        steps = [
            StepSheet(
                dice.choice(["action", "contact"]),
                {"ja": "…"},
                dice.randint(0, 2),
                dice.randint(1, 2),
            )
            for _ in range(dice.randint(1, 2))
        ]
        return active(
            self.condition(),
            steps=steps,
            touches=dice.sample(["high", "low", "tech"], dice.randint(1, 3)),
            capacity=dice.randint(1, 5),
            most=dice.randint(1, 2),
            apart_days=dice.randint(1, 3),
            automatic=dice.random() < 0.7,
        )

    def condition(self) -> Condition:
        dice = self.dice
        key = f"metric:{self.metric.key}"
        pool = [
            Is("gap", "ge", dice.choice([0.1, 0.4, 0.7])),
            Is(key, dice.choice(["ge", "le"]), dice.randint(1, 9)),
            Not(Is("contact", "within_days", -dice.randint(1, 3))),
            Is("barrier", "is", dice.choice(self.kinds[:2]).uid),
            Is("stake", "known"),
        ]
        return AnyOf(tuple(dice.sample(pool, dice.randint(1, 2))))

    def live(self, on: date) -> None:
        """A day of work, and its night; what the play looked at asks is done on its last day."""
        with time_machine.travel(at(on, 12), tick=False):
            for each in self.customers:
                self.happens(each, on)
            mine = Action.objects.filter(closed_as="", step_run__intervention__run=self.run)
            for action in mine.filter(due_on__lte=on):
                close_action(action=action, by=action.owner)
            settle(None)  # as whenever somebody does something
        with time_machine.travel(at(on, 23), tick=False):
            refresh(on)
            refresh_standings(as_of=on)
            self.night(on)

    def night(self, on: date) -> None:
        said = [
            each.engagement for each in tonight(self.run.version, on) if each.verdict == "enrol"
        ]
        give_plays(on)
        given = Intervention.objects.filter(run=self.run, as_of=on)
        assert set(given.values_list("engagement", flat=True)) == set(said)
        for row in given.filter(started_on=None):
            accept(intervention=row, by=self.staff[0])

    def happens(self, customer, on: date) -> None:
        dice, by = self.dice, self.dice.choice(self.staff)
        if dice.random() < 0.4:
            measure(self.metric, customer, on.isoformat(), dice.randint(0, 10))
        if dice.random() < 0.2:
            step = NextStep("資料", by, on + timedelta(days=3))
            add_action(engagement=customer, by=by, step=step)
        if dice.random() < 0.2:
            words = {"kind": dice.choice(self.kinds[:2]), "metric": self.metric, "side": "ours"}
            note_barrier(engagement=customer, by=by, **words)
        for barrier in Barrier.objects.filter(engagement=customer, lowered_at=None):
            if dice.random() < 0.3:
                lower_barrier(barrier=barrier, by=by)
        others = Action.objects.filter(engagement=customer, closed_as="")
        for action in others.exclude(step_run__intervention__run=self.run):
            if dice.random() < 0.4:
                close_action(action=action, by=by)


def at(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour), UTC) - timedelta(hours=9)


@pytest.mark.slow
def test_the_dry_run_of_the_past_is_what_its_nights_gave(staff):
    people = [staff(name="一"), staff(name="二")]
    total = 0
    for seed in range(WORKSPACES):
        with transaction.atomic():
            world = Workspace(random.Random(seed), people)
            for on in world.days:
                world.live(on)
            with time_machine.travel(at(world.days[-1], 23), tick=False):
                said = dry_run(world.run.version, world.days)
            given = Intervention.objects.filter(run=world.run).order_by("as_of", "pk")
            done = [(row.as_of, row.engagement_id) for row in given]
            assert sorted((d.on, each) for d in said for each in d.given) == sorted(done), seed
            total += len(done)
            transaction.set_rollback(True)
    assert total > WORKSPACES
