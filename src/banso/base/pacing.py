"""Long writing in short transactions, so that nobody waits long for anybody."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection

FEWEST, FIRST, MOST = 20, 100, 500
HOLD = 0.06
"""Seconds that one transaction is meant to take."""
LONGEST_REST = 0.15


def paced[T](rows: Iterable[T], *, most: int = MOST) -> Iterator[list[T]]:
    """`rows` in chunks for one transaction each, to be committed before the next is asked for.

    A chunk is as large as lately fitted into HOLD. SQLite has one writer: between two chunks the
    others get their turn.
    """
    rest, size = iter(rows), min(FIRST, most)
    while chunk := list(islice(rest, size)):
        begun = time.monotonic()
        yield chunk
        took = max(time.monotonic() - begun, 1e-4)
        size = int(min(most, max(FEWEST, len(chunk) * HOLD / took)))
        give_way(took)


def give_way(took: float) -> None:
    """Rest as long as the work took, where that lets others write."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(min(took, LONGEST_REST))
