"""Questions of somebody who waits for the answer: bounded in time and in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from banso.engine.connect import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SECONDS = 15.0
MEMORY = "320MB"
_AGAIN = 0.1
_turn = Lock()


class TooLarge(Exception):
    """A question takes longer, or more memory, than it may."""


@contextmanager
def answering(*paths: Path, spill: Path) -> "Iterator[DuckDBPyConnection]":
    """A connection for one question, see `connect`. A process answers one at a time, so that its
    other threads and its memory are left to other pages.

    Raises TooLarge once the question has taken SECONDS, or waited so long for its turn.
    """
    import duckdb

    if not _turn.acquire(timeout=SECONDS):
        raise TooLarge
    try:
        with (
            connect(*paths, memory=MEMORY, spill=spill) as connection,
            _until(connection, SECONDS),
        ):
            yield connection
    except (duckdb.InterruptException, duckdb.OutOfMemoryException) as error:
        raise TooLarge from error
    finally:
        _turn.release()


@contextmanager
def _until(connection: "DuckDBPyConnection", seconds: float) -> Iterator[None]:
    """Interrupt whatever still runs within after so many seconds."""
    done = Event()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):  # one that comes between two statements is lost
            connection.interrupt()
            wait = _AGAIN

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
