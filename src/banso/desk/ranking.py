"""The day's one order, and which of its engagements need a person."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import QuerySet

from banso.actions.streams import in_hand, set_aside_on
from banso.engagements.models import Engagement
from banso.goals.models import Standing
from banso.goals.standing import RANKING, StandingValue, ranked, stand

type Stood = Standing | StandingValue
type Section = Literal["needs", "in_hand", "set_aside", "unmeasured", "met"]
SECTIONS: tuple[Section, ...] = ("needs", "in_hand", "set_aside", "unmeasured", "met")
WORSENED = 0.1


@dataclass(frozen=True)
class Board:
    """Standings in the day's order and how they fall into sections."""

    order: Sequence[Stood]
    sections: Mapping[Section, Sequence[Stood]]

    @property
    def at_stake(self) -> int:
        """The stake of what needs a person, in the currency's minor unit."""
        return sum(each.stake or 0 for each in self.sections["needs"])


def board(as_of: date, book: QuerySet[Engagement], *, live: bool) -> Board:
    """The current engagements of `book` on a day; `live` reads the stored standings."""
    order = stored(book) if live else past(as_of, book)
    aside = dict(set_aside_on(as_of).values_list("engagement_id", "gap_then"))
    return Board(order, split(order, in_hand(as_of), aside))


def split(
    order: Iterable[Stood], handled: Collection[int], aside: Mapping[int, float | None]
) -> dict[Section, list[Stood]]:
    """Each standing in its one section, the order kept."""
    found: dict[Section, list[Stood]] = {name: [] for name in SECTIONS}
    for each in order:
        found[section_of(each, handled, aside)].append(each)
    return found


def section_of(
    standing: Stood, handled: Collection[int], aside: Mapping[int, float | None]
) -> Section:
    if standing.engagement_id in aside and not worsened(standing, aside):
        return "set_aside"
    if standing.engagement_id in handled:
        return "in_hand"
    if standing.gap is None:
        return "unmeasured"
    return "needs" if standing.gap > 0 else "met"


def worsened(standing: Stood, aside: Mapping[int, float | None]) -> bool:
    """Set aside at one gap, and by now clearly further from the ideal."""
    then = aside[standing.engagement_id]
    return then is not None and standing.gap is not None and standing.gap - then >= WORSENED


def stored(book: QuerySet[Engagement]) -> list[Stood]:
    rows = Standing.objects.filter(current=True, engagement__in=book.values("pk"))
    return list(rows.order_by(*RANKING).defer("terms", "reason"))


def past(as_of: date, book: QuerySet[Engagement]) -> list[Stood]:
    mine = set(book.values_list("pk", flat=True))
    return [each for each in ranked(stand(as_of).values()) if each.engagement_id in mine]


def in_full(standings: Sequence[Stood]) -> list[Stood]:
    """The same standings with their terms and reasons, in the same order."""
    partial = [each.engagement_id for each in standings if isinstance(each, Standing)]
    whole = Standing.objects.in_bulk(partial) if partial else {}
    return [whole.get(each.engagement_id, each) for each in standings]
