"""Connections to the analytical engine: in memory, and shut in with the paths they are given."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from duckdb import DuckDBPyConnection

_CHUNK = 20_000


def connect(
    *paths: Path, memory: str = "512MB", threads: int = 2, spill: Path | None = None
) -> "DuckDBPyConnection":
    """An in-memory connection that may touch `paths` (files, or whole directories) and nothing
    else: no network, no other file, no extension, and no statement can widen that.

    Work that outgrows `memory` fails, or spills into the directory `spill` where one is given.
    Close it, or use it as a context manager.
    """
    import duckdb

    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(spill or ""),
            "python_enable_replacements": False,
            "pandas_analyze_sample": 0,  # columns arrive as text and are cast, never guessed
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_persistent_secrets": False,
        }
    )
    files = [str(p) for p in paths if not p.is_dir()]
    directories = [f"{p}/" for p in paths if p.is_dir()]
    connection.execute(f"set allowed_paths = [{_listed(files)}]")
    connection.execute(f"set allowed_directories = [{_listed(directories)}]")
    connection.execute("set timezone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def is_of_machine(error: Exception) -> bool:
    """Whether the disk, the memory or another program is to blame, and not what is read."""
    import duckdb

    kinds = (duckdb.IOException, duckdb.OutOfMemoryException, OSError, MemoryError)
    return isinstance(error, kinds)


def create(connection: "DuckDBPyConnection", table: str, columns: Mapping[str, str]) -> None:
    """An empty table; `columns` maps names to SQL types. All names are the program's own."""
    described = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"create table {table} ({described})")


def insert(connection: "DuckDBPyConnection", table: str, rows: Iterable[Sequence[object]]) -> int:
    """Append `rows`, given in the order of the table's columns, in bounded chunks; their number."""
    total = 0
    for chunk in batched(rows, _CHUNK):
        columns = {f"c{i}": _array(values) for i, values in enumerate(zip(*chunk, strict=True))}
        connection.register("chunk", columns)
        connection.execute(f"insert into {table} select * from chunk")
        connection.unregister("chunk")
        total += len(chunk)
    return total


def literal(text: str) -> str:
    """`text` as a quoted SQL string. Raises ValueError for text no engine can hold."""
    if "\0" in text:
        raise ValueError("text with a NUL character")
    return "'" + text.replace("'", "''") + "'"


def parquet(paths: Sequence[Path], **options: str) -> str:
    """The table function that reads exactly these Parquet files."""
    extra = "".join(f", {name} = {value}" for name, value in options.items())
    return f"read_parquet([{_listed([str(p) for p in paths])}]{extra})"


def _array(values: Sequence[object]) -> "numpy.ndarray":
    import numpy

    if type(values[0]) is int and None not in values:
        return numpy.array(values, dtype=numpy.int64)
    return numpy.array(values, dtype=object)


def _listed(texts: list[str]) -> str:
    return ", ".join(map(literal, texts))
