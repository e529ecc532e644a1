"""Which engagements need a person today: the section of Today that each standing falls into."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Literal, Protocol

from banso.actions.streams import in_hand, set_aside_on
from banso.goals.replies import contradicted

type Section = Literal["needs", "in_hand", "new", "set_aside", "unmeasured", "met"]
SECTIONS: tuple[Section, ...] = ("needs", "in_hand", "new", "set_aside", "unmeasured", "met")
WORSENED = 0.1


class Gapped(Protocol):
    """A standing, stored or computed."""

    @property
    def engagement_id(self) -> int: ...

    @property
    def gap(self) -> float | None: ...

    @property
    def in_grace(self) -> bool: ...


def sections[S: Gapped](
    standings: Iterable[S], as_of: date, ids: Collection[int] | None = None
) -> dict[int, Section]:
    """The section of each standing on a day; `ids` narrows what is read. Whoever says "not
    quite" to their plan needs a person until somebody has answered, whatever else there is."""
    aside = dict(set_aside_on(as_of, ids).values_list("engagement_id", "gap_then"))
    handled, said = in_hand(as_of, ids), contradicted(as_of, ids)
    return {
        each.engagement_id: "needs"
        if each.engagement_id in said
        else section_of(each, handled, aside)
        for each in standings
    }


def section_of(
    standing: Gapped, handled: Collection[int], aside: Mapping[int, float | None]
) -> Section:
    if standing.engagement_id in aside and not worsened(standing, aside):
        return "set_aside"
    if standing.in_grace:
        return "new"
    if standing.engagement_id in handled:
        return "in_hand"
    if standing.gap is None:
        return "unmeasured"
    return "needs" if standing.gap > 0 else "met"


def worsened(standing: Gapped, aside: Mapping[int, float | None]) -> bool:
    """Set aside at one gap, and by now clearly further from the ideal."""
    then = aside[standing.engagement_id]
    return then is not None and standing.gap is not None and standing.gap - then >= WORSENED
