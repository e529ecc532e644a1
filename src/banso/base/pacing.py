"""Long writing in short transactions, so that nobody waits long for anybody."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice

from django.conf import settings
from django.db import connection

from banso.base.turns import turn

FEWEST, FIRST, MOST = 50, 100, 500
HOLD = 0.04
"""Seconds of the processor that one transaction is meant to take. Measured so, and not by the
clock, a busy machine does not cut the work into ever smaller, ever dearer pieces."""
LONGEST_REST = 0.02
_behind: set[int] = set()
"""This process, once it has stepped back."""


def paced[T](rows: Iterable[T], *, most: int = MOST) -> Iterator[list[T]]:
    """`rows` in chunks for one transaction each, to be committed before the next is asked for.

    A chunk is as large as lately fitted into HOLD. SQLite has one writer: between two chunks the
    others get their turn. After the last nobody is kept waiting.
    """
    rest, size = iter(rows), min(FIRST, most)
    chunk = list(islice(rest, size))
    while chunk:
        with in_line():
            begun, used = time.monotonic(), time.thread_time()
            yield chunk
            worked = max(time.thread_time() - used, 1e-4)
            size = int(min(most, max(FEWEST, len(chunk) * HOLD / worked)))
            took = time.monotonic() - begun
            if chunk := list(islice(rest, size)):
                give_way(took)


def in_line() -> AbstractContextManager[None]:
    """Processes that have stepped back write to SQLite one at a time, each with its rest: were
    one to write while another rests, pages would never find it free."""
    if connection.vendor != "sqlite" or connection.in_atomic_block or not has_stepped_back():
        return nullcontext()
    return turn(settings.HOME / "background.lock")


def give_way(took: float) -> None:
    """Rest as long as the work took, where that lets others write."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(min(took, LONGEST_REST))


def step_back() -> None:
    """This process, and those it starts, leave the processor to whoever waits for a page; a
    little only, as one that writes is waited for in its turn."""
    os.nice(max(0, settings.BACKGROUND_NICENESS - os.nice(0)))
    _behind.add(os.getpid())


def has_stepped_back() -> bool:
    return os.getpid() in _behind
