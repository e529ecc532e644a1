"""The day's one order, and which of its engagements need a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.db.models import Count, Q, QuerySet, Sum

from banso.base.models import User
from banso.desk.rows import SILENT_DAYS, Stood
from banso.engagements.access import Scope, book, colleagues
from banso.engagements.models import Engagement
from banso.goals.access import standings
from banso.goals.models import Standing
from banso.goals.sections import SECTIONS, Section, sections
from banso.goals.standing import RANKING, StandingValue, ranked, stand
from banso.web.paging import MOST_COUNTED


@dataclass(frozen=True)
class Tally:
    """How many standings a section holds, counted up to MOST_COUNTED, `more` beyond; and of those
    that need a person the stake of those counted, in the currency's minor unit."""

    count: int
    stake: int = 0
    more: bool = False


class Board(Protocol):
    """The current engagements of a book on a day, by section, in the day's one order."""

    def tally(self, section: Section) -> Tally: ...

    def rows(self, section: Section, first: int, last: int) -> Sequence[Stood]: ...

    def computed_on(self) -> date | None: ...


def board(as_of: date, user: User, scope: Scope, *, live: bool, silent: bool = False) -> Board:
    """`live` reads the stored standings, a past day is computed; `silent` keeps those without a
    contact for 30 days, where a person keeps in touch."""
    if live:
        return StoredBoard(as_of, of_scope(user, scope), silent)
    return past_board(as_of, book(user, scope), silent)


def of_scope(user: User, scope: Scope) -> QuerySet[Standing]:
    """The stored standings of `user`'s own book, their team's, or all they may read."""
    rows = standings(user).filter(current=True)
    if scope == "me":
        return rows.filter(owner=user)
    if scope == "team":
        return rows.filter(owner__in=list(colleagues(user).values_list("pk", flat=True)))
    return rows


@dataclass(frozen=True)
class StoredBoard:
    """Read from the indexed rows, so that its cost does not grow with the book."""

    as_of: date
    book: QuerySet[Standing]
    silent: bool

    def tally(self, section: Section) -> Tally:
        """Within an index where all are counted; along one where few are silent."""
        order = RANKING if self.silent else ()
        counted = self.of(section).order_by(*order)[: MOST_COUNTED + 1]
        sums = {"stake": Sum("stake")} if section == "needs" else {}
        found = counted.aggregate(count=Count("pk"), **sums)
        more = found["count"] > MOST_COUNTED
        return Tally(min(found["count"], MOST_COUNTED), found.get("stake") or 0, more)

    def rows(self, section: Section, first: int, last: int) -> Sequence[Stood]:
        return list(self.of(section).order_by(*RANKING)[first:last])

    def of(self, section: Section) -> QuerySet[Standing]:
        rows = self.book.filter(section=section)
        return rows.filter(quiet_rows(self.as_of)) if self.silent else rows

    def computed_on(self) -> date | None:
        return Standing.objects.order_by("-as_of").values_list("as_of", flat=True).first()


def quiet_rows(as_of: date) -> Q:
    long_ago = as_of - timedelta(days=SILENT_DAYS)
    quiet = Q(last_contact_on=None) | Q(last_contact_on__lte=long_ago)
    return quiet & ~Q(touch=Engagement.Touch.TECH)


@dataclass(frozen=True)
class PastBoard:
    """Computed for a past day from what was known then."""

    as_of: date
    sections: Mapping[Section, Sequence[StandingValue]]

    def tally(self, section: Section) -> Tally:
        rows = self.sections[section]
        needed = sum(each.stake or 0 for each in rows) if section == "needs" else 0
        return Tally(len(rows), needed)

    def rows(self, section: Section, first: int, last: int) -> Sequence[Stood]:
        return self.sections[section][first:last]

    def computed_on(self) -> date | None:
        return self.as_of


def past_board(as_of: date, book: QuerySet[Engagement], silent: bool) -> PastBoard:
    mine = dict(book.values_list("pk", "touch"))
    order = [each for each in ranked(stand(as_of).values()) if each.engagement_id in mine]
    place = sections(order, as_of)
    kept = [each for each in order if not silent or quiet(each, mine, as_of)]
    return PastBoard(
        as_of,
        {name: [each for each in kept if place[each.engagement_id] == name] for name in SECTIONS},
    )


def quiet(standing: StandingValue, touches: Mapping[int, str], as_of: date) -> bool:
    if touches[standing.engagement_id] == Engagement.Touch.TECH:
        return False
    last = standing.last_contact_on
    return last is None or (as_of - last).days >= SILENT_DAYS
