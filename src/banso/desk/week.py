"""Where customers stood at the end of a week and at its beginning: from what is stored for
today, computed for a past day."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Protocol

from django.db.models import Count, Q, QuerySet, Sum

from banso.actions.streams import open_steps, set_aside_on
from banso.base.models import User
from banso.desk.cover import uncovered
from banso.desk.rows import Stood
from banso.engagements.access import engagements, hidden_from
from banso.engagements.models import Engagement
from banso.goals.models import Standing, StandingChange
from banso.goals.models.plans import IN_THE_RED
from banso.goals.standing import RANKING, StandingValue, ranked, stand

SILENT = timedelta(days=30)


class Week(Protocol):
    """What a Monday asks of the customers of a team (`members`; None: of everybody)."""

    def __init__(
        self, user: User, members: Collection[int] | None, as_of: date, since: date
    ) -> None: ...

    def top(self, most: int) -> Sequence[Stood]:
        """The largest stakes."""

    def at_stake(self) -> int:
        """All stakes together, in the currency's minor unit."""

    def turned(self, turn: int) -> Sequence[tuple[Stood, float | None]]:
        """Who came into the red since (1), or out of it (-1), with the gap before."""

    def dates(self, until: date) -> Sequence[Stood]:
        """Whose notice deadline or renewal falls on or before `until`, soonest first."""

    def uncovered(self, most: int) -> tuple[Sequence[Stood], int, int]:
        """(the first few by stake, how many, their stake together) of those in nobody's hands."""


class LiveWeek:
    """Today, from the stored standings and their changes."""

    def __init__(
        self, user: User, members: Collection[int] | None, as_of: date, since: date
    ) -> None:
        hidden = hidden_from(user)
        current = Standing.objects.filter(current=True)
        mine = current.exclude(pk__in=hidden) if hidden else current
        self.mine = mine if members is None else mine.filter(owner__in=members)
        self.as_of, self.since = as_of, since

    def top(self, most: int) -> Sequence[Stood]:
        return list(self.mine.filter(stake__gt=0).order_by(*RANKING)[:most])

    def at_stake(self) -> int:
        return self.mine.aggregate(n=Sum("stake", default=0))["n"] or 0

    def turned(self, turn: int) -> Sequence[tuple[Stood, float | None]]:
        """The first turn since tells where one stood then; the gap now, where one stands."""
        rows = StandingChange.objects.filter(
            turn__in=(-1, 1), day__gt=self.since, day__lte=self.as_of
        )
        first: dict[int, float | None] = {}
        for engagement, before in rows.order_by("day", "pk").values_list(
            "engagement_id", "gap_before"
        ):
            first.setdefault(engagement, before)
        was = {pk: gap for pk, gap in first.items() if red(gap) == (turn < 0)}
        now = Q(gap__gte=IN_THE_RED) if turn > 0 else Q(gap__lt=IN_THE_RED)
        found: QuerySet[Standing] = self.mine.filter(now, pk__in=list(was)).order_by(*RANKING)
        return [(each, was[each.pk]) for each in found]

    def dates(self, until: date) -> Sequence[Stood]:
        due = self.mine.filter(next_on__gte=self.as_of, next_on__lte=until)
        return list(due.order_by("next_on", "-by_stake", "pk"))

    def uncovered(self, most: int) -> tuple[Sequence[Stood], int, int]:
        found = self.mine.filter(*uncovered(self.as_of, at=""))
        sums = found.aggregate(n=Count("pk"), worth=Sum("stake", default=0))
        return list(found.order_by(*RANKING)[:most]), sums["n"], sums["worth"] or 0


class PastWeek:
    """A past day, with only what was known on it."""

    def __init__(
        self, user: User, members: Collection[int] | None, as_of: date, since: date
    ) -> None:
        readable = engagements(user)
        mine = readable if members is None else readable.filter(owner__in=members)
        touches = dict(mine.values_list("pk", "touch"))
        self.touches, self.as_of = touches, as_of
        self.now = [each for each in ranked(stand(as_of).values()) if each.engagement_id in touches]
        self.then = {pk: each.gap for pk, each in stand(since).items()}

    def top(self, most: int) -> Sequence[Stood]:
        return [each for each in self.now if each.stake][:most]

    def at_stake(self) -> int:
        return sum(each.stake or 0 for each in self.now)

    def turned(self, turn: int) -> Sequence[tuple[Stood, float | None]]:
        pairs = [(each, self.then.get(each.engagement_id)) for each in self.now]
        if turn > 0:
            return [(each, gap) for each, gap in pairs if red(each.gap) and not red(gap)]
        return [(each, gap) for each, gap in pairs if green(each.gap) and red(gap)]

    def dates(self, until: date) -> Sequence[Stood]:
        due = [each for each in self.now if each.next_on and self.as_of <= each.next_on <= until]
        return sorted(due, key=lambda each: each.next_on or until)

    def uncovered(self, most: int) -> tuple[Sequence[Stood], int, int]:
        handled = set(open_steps(self.as_of).values_list("engagement_id", flat=True))
        handled |= set(set_aside_on(self.as_of).values_list("engagement_id", flat=True))
        found = [each for each in self.now if each.engagement_id not in handled and self.bare(each)]
        return found[:most], len(found), sum(each.stake or 0 for each in found)

    def bare(self, each: StandingValue) -> bool:
        """At stake, where a person is expected, and silent for 30 days."""
        last = each.last_contact_on
        silent = last is None or last <= self.as_of - SILENT
        tech = self.touches[each.engagement_id] == Engagement.Touch.TECH
        return bool(each.gap) and silent and not tech


def red(gap: float | None) -> bool:
    return gap is not None and gap >= IN_THE_RED


def green(gap: float | None) -> bool:
    return gap is not None and gap < IN_THE_RED
