"""Whose turn it is to write, among processes of one machine.

A connection of SQLite that finds another one writing asks again later, and ever later: where others
never rest it may come last many times. Here they stand in line: whoever waits to write holds the
place of the next, so that nobody who has just written can come before it. A line is an empty file;
it means nothing while nothing runs and need not be part of a backup.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

NEXT, WRITER = (
    0,
    1,
)  # the bytes of the file that are locked; the system frees those of a dead process


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait for this process's turn in the line of that file; only one thread of a process may do
    so at a time."""
    line = line_of(path, os.getpid())
    hold(line, NEXT)
    try:
        hold(line, WRITER)
    finally:
        free(line, NEXT)
    try:
        yield
    finally:
        free(line, WRITER)


@cache
def line_of(path: Path, process: int) -> int:
    """The file in which the places are; closing it would give up those of other threads."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def hold(line: int, place: int) -> None:
    fcntl.lockf(line, fcntl.LOCK_EX, 1, place)


def free(line: int, place: int) -> None:
    fcntl.lockf(line, fcntl.LOCK_UN, 1, place)
