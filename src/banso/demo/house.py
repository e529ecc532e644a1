"""Whom the demo's year is lived by, and by what chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from banso.base.models import Role, StaffGrant, Team, User
from banso.demo.clock import Clock
from banso.demo.names import Language
from banso.engagements.models import Engagement
from banso.parties.access import people_of
from banso.parties.models import Party

FIRST_HOUR, LAST_HOUR = 9, 18
SATURDAY = 5
FORTNIGHT, WORKED_DAYS = 2, 12
"""Weeks from one night to the next, and the days of them on which somebody works: what falls on
a weekend is done on the Monday."""


@dataclass(frozen=True)
class Act:
    """What somebody does at a time."""

    at: datetime
    do: Callable[[], object]


@dataclass(frozen=True)
class House:
    """The colleagues, the clock they live by, and the dice: the same seed lives the same year."""

    language: Language
    clock: Clock
    dice: np.random.Generator
    success: Sequence[User]
    boss: User

    def author(self, number: int) -> User:
        return self.success[number % len(self.success)]

    def chance(self, share: float) -> bool:
        return bool(self.dice.random() < share)

    def one_of[T](self, rows: Sequence[T], weights: Sequence[float] | None = None) -> T:
        return rows[int(self.dice.choice(len(rows), p=weights))]

    def moment(self, since: date, days: int = WORKED_DAYS) -> datetime:
        """A working hour of so many days from one on."""
        day = since + timedelta(days=int(self.dice.integers(0, days)))
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        hour = int(self.dice.integers(FIRST_HOUR, LAST_HOUR))
        return self.clock.at(day, hour, int(self.dice.integers(0, 12)) * 5)

    def somebody(self, engagement: Engagement, day: date) -> Party | None:
        """One of the customer's people, mostly the first of the list."""
        known = people_of([engagement.party_id], day).get(engagement.party_id, [])[:2]
        if not known:
            return None
        chosen = known[0] if self.chance(0.75) else known[-1]
        return Party.objects.get(pk=chosen.person_id)


def house(language: Language, clock: Clock, seed: int) -> House:
    """The success managers in the order in which they came, and their manager."""
    dice = np.random.default_rng([seed, 8])
    return House(language, clock, dice, in_post(Role.SUCCESS), boss())


def boss() -> User:
    return (in_post(Role.MANAGER) or in_post(Role.ADMIN))[0]


def in_post(role: Role) -> list[User]:
    rows = User.objects.filter(grants__role=role, grants__ended_at=None)
    return list(rows.order_by("pk"))


def team_of(user: User) -> Team | None:
    grant = StaffGrant.objects.filter(user=user, ended_at=None, team__isnull=False).first()
    return grant.team if grant else None
