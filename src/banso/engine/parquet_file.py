"""Parquet through DuckDB: column names become the first row, values keep their types."""

from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from banso.engine.cells import (
    MAX_COLUMNS,
    MAX_PARQUET,
    MAX_ROWS,
    MAX_UNPACKED,
    Cell,
    FileProblem,
    Row,
    Sheet,
)
from banso.engine.connect import connect, literal, parquet

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AS_TEXT = ("TIME", "INTERVAL", "UUID", "ENUM", "BIT")
_NESTED = ("STRUCT", "MAP", "UNION", "VARIANT")


def parquet_sheets(path: Path) -> list[Sheet]:
    """The file as its one sheet."""
    from duckdb import Error

    try:
        with connect(path) as connection:
            return [Sheet(path.stem, 1 + _size(connection, path))]
    except Error as error:
        raise _problem(error) from error


def parquet_rows(path: Path) -> Generator[Row]:
    """The names of its columns as line 1, then its rows."""
    from duckdb import Error

    try:
        with connect(path) as connection:
            yield from _rows(connection, path)
    except Error as error:
        raise _problem(error) from error


def _rows(connection: "DuckDBPyConnection", path: Path) -> Iterator[Row]:
    _size(connection, path)
    described = connection.execute(f"describe from {_table(path)}").fetchall()
    columns = [(name, kind) for name, kind, *_ in described]
    yield Row(1, tuple(name for name, _ in columns))
    selected = ", ".join(_column(name, kind) for name, kind in columns)
    zoned = [kind == "TIMESTAMP WITH TIME ZONE" for _, kind in columns]
    found = connection.execute(f"select {selected} from {_table(path)}")
    line = 1
    while chunk := found.fetchmany(2_048):
        for values in chunk:
            line += 1
            yield Row(line, tuple(map(_cell, values, zoned)))


def _table(path: Path) -> str:
    return parquet([path], binary_as_string="true")


def _size(connection: "DuckDBPyConnection", path: Path) -> int:
    if path.stat().st_size > MAX_PARQUET:
        raise FileProblem("too_large", limit=MAX_PARQUET)
    columns = connection.execute(f"describe from {_table(path)}").fetchall()
    if len(columns) > MAX_COLUMNS:
        raise FileProblem("too_many_columns", limit=MAX_COLUMNS)
    pages = f"from parquet_metadata({literal(str(path))})"
    sizes = f"select coalesce(sum(total_uncompressed_size), 0) {pages}"
    [(unpacked,)] = connection.execute(sizes).fetchall()
    if unpacked > MAX_UNPACKED:
        raise FileProblem("too_large", limit=MAX_UNPACKED)
    [(rows,)] = connection.execute(f"select count(*) from {_table(path)}").fetchall()
    if rows > MAX_ROWS:
        raise FileProblem("too_many_rows", limit=MAX_ROWS)
    return int(rows)


def _column(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', {quoted})"
    if kind.endswith("]") or kind.startswith(_NESTED):
        return f"cast(to_json({quoted}) as varchar)"
    if kind.startswith(_AS_TEXT) and not kind.startswith("TIMESTAMP"):
        return f"cast({quoted} as varchar)"
    return quoted


def _cell(value: object, zoned: bool) -> Cell:
    match value:
        case None | "":
            return None
        case datetime():
            return value.replace(tzinfo=UTC) if zoned else value
        case float():
            return None if isnan(value) else value
        case Decimal():
            return int(value) if value == value.to_integral_value() else str(value)
        case _:
            return value  # type: ignore[return-value]


def _problem(error: Exception) -> FileProblem:
    from duckdb import OutOfMemoryException

    if isinstance(error, OutOfMemoryException):
        return FileProblem("too_large", limit=MAX_PARQUET)
    return FileProblem("corrupt")
