"""What is to be done when facts that standings rest on changed; higher rooms add to it."""

from collections.abc import Callable, Collection

AFTER_CHANGE: list[Callable[[Collection[int] | None], object]] = []
"""Called with the ids of the engagements whose facts changed (None: everybody's): contracts, typed
values, a metric's meaning. Added from the AppConfig.ready of the room that needs it."""


def announce(engagement_ids: Collection[int] | None) -> None:
    """Tell everybody who asked."""
    for hear in AFTER_CHANGE:
        hear(engagement_ids)
