"""Where the statements of measurements run: DuckDB in this process, unless another engine was
chosen. The text is DuckDB's; an engine that speaks otherwise translates it."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from banso.engine.connect import connect, create, insert

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FETCHED = 5_000


class Store(Protocol):
    """Holds small tables while a measurement lasts, and reads the lake's files."""

    def table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]
    ) -> None:
        """A table with these rows; `columns` maps names to SQL types."""

    def derived(self, name: str, query: str) -> None:
        """A table with what the query gives."""

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, without holding all of them at once."""


type Opener = Callable[[Sequence[Path]], AbstractContextManager[Store]]


class Local:
    """A DuckDB connection as a store."""

    def __init__(self, connection: "DuckDBPyConnection") -> None:
        self.connection, self.process = connection, os.getpid()
        self.names: list[str] = []

    def table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]
    ) -> None:
        create(self.connection, name, columns)
        self.names.append(name)
        insert(self.connection, name, rows)

    def derived(self, name: str, query: str) -> None:
        self.connection.execute(f"create table {name} as {query}")
        self.names.append(name)

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        found = self.connection.execute(query)
        while some := found.fetchmany(_FETCHED):
            yield from some

    def emptied(self) -> "Local":
        for name in self.names:
            self.connection.execute(f"drop table {name}")
        self.names.clear()
        return self


_idle = threading.local()
"""A thread's store without files, between two measurements: to open one takes three times as long
as to measure one customer in it."""


@contextmanager
def local(files: Sequence[Path]) -> Iterator[Store]:
    """DuckDB in this process, shut in with these files."""
    if not files:
        store = _without_files()
        yield store
        _idle.store = store.emptied()  # one in which something failed is not used again
        return
    with connect(*files) as connection:
        yield Local(connection)


def _without_files() -> Local:
    kept: Local | None = vars(_idle).pop("store", None)
    mine = kept is not None and kept.process == os.getpid()  # a fork has none of its threads
    return kept if kept is not None and mine else Local(connect())


_chosen: ContextVar[Opener] = ContextVar("engine", default=local)


def opened(files: Sequence[Path]) -> AbstractContextManager[Store]:
    """The store of the engine in force, for statements over these files of the lake."""
    return _chosen.get()(files)


def is_local() -> bool:
    """Whether that engine is DuckDB in this process."""
    return _chosen.get() is local


@contextmanager
def measuring_with(opener: Opener) -> Iterator[None]:
    """Let every measurement within run on another engine."""
    before = _chosen.set(opener)
    try:
        yield
    finally:
        _chosen.reset(before)
