"""Whose account an event is: as it says itself, else as the person was last grouped."""

from collections.abc import Sequence

from banso.ingest.calls import Seen


def with_accounts(source: int, seen: Sequence[Seen]) -> Sequence[Seen]:
    return seen
