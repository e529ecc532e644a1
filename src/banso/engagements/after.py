"""What is to be done when engagements began or facts of theirs changed; higher rooms add to it."""

from collections.abc import Callable, Collection

AFTER_CHANGE: list[Callable[[Collection[int] | None], object]] = []
"""Called with the ids of the engagements whose facts changed (None: everybody's): contracts, typed
values, a metric's meaning. Added from the AppConfig.ready of the room that needs it."""

AFTER_OPENING: list[Callable[[Collection[int]], object]] = []
"""Called with the ids of new engagements, in the transaction that makes them."""

AFTER_REGROUPING: list[Callable[[Collection[int]], object]] = []
"""Called with the ids of engagements whose name, owner, segment or touch changed, in the
transaction that changed them."""


def regrouped(engagement_ids: Collection[int]) -> None:
    """Engagements have another name, owner, segment or touch."""
    for hear in AFTER_REGROUPING:
        hear(engagement_ids)


def opened(engagement_ids: Collection[int]) -> None:
    """New engagements exist."""
    for hear in AFTER_OPENING:
        hear(engagement_ids)


def announce(engagement_ids: Collection[int] | None) -> None:
    """Tell everybody who asked."""
    for hear in AFTER_CHANGE:
        hear(engagement_ids)
