"""The good rows of one import, as they wait on disk to become part of the lake."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from banso.engine.connect import connect, create, insert, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

type Properties = Mapping[str, str | float | int | bool | None]

STAGED = {
    "source": "integer",
    "message": "varchar",
    "ts": "timestamp",
    "account": "varchar",
    "person": "varchar",
    "event": "varchar",
    "count": "integer",
    "properties": "varchar",
    "import_id": "integer",
    "line": "integer",
    "labels": "varchar",
}
"""The columns of a staged file: those of an event but for its day, which depends on the zone, and
`labels`, the text properties alone, by which two rows are the same event."""

_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class StagedEvent:
    """One good row of an import. `at` is aware; `message` is the source's id of the event."""

    source: int
    import_id: int
    line: int
    message: str | None
    at: datetime
    account: str
    person: str | None
    event: str
    count: int
    properties: Properties


def write_staged(rows: Iterable[StagedEvent], out: Path) -> int:
    """Write the good rows of one import to `out` whole or not at all; how many there were.

    Memory is bounded whatever their number. Raises TypeError for a naive time.
    """
    with connect(out.parent, memory="256MB", spill=spill(out)) as connection:
        create(connection, "staged", STAGED | {"ts": "bigint"})
        total = insert(connection, "staged", map(_stored, rows))
        query = "select * replace (make_timestamp(ts) as ts) from staged"
        write(connection, query, out)
    sync(out.parent)
    return total


def canonical(properties: Properties) -> str:
    """Properties as JSON text, the same for equal properties; what is not finite is null."""
    finite = {k: _finite(v) for k, v in properties.items()}
    return _JSON.encode(finite)


def _finite(value: str | float | int | bool | None) -> str | float | int | bool | None:
    return None if isinstance(value, float) and value - value != 0 else value


def _stored(row: StagedEvent) -> tuple[object, ...]:
    labels = {k: v for k, v in row.properties.items() if isinstance(v, str)}
    text = canonical(row.properties)
    return (
        row.source,
        row.message or None,
        (row.at - _EPOCH) // _MICROSECOND,
        row.account,
        row.person or None,
        row.event,
        row.count,
        text,
        row.import_id,
        row.line,
        text if len(labels) == len(row.properties) else canonical(labels),
    )


def spill(out: Path) -> Path:
    """Where work whose result goes to `out` may spill: beside it, and apart from all other work."""
    return out.parent / f".spill-{uuid4().hex}"


def spilled(folder: Path) -> list[Path]:
    """The directories of such work anywhere below `folder`: what goes on, and what was killed."""
    return list(folder.rglob(".spill-*"))


def write(connection: "DuckDBPyConnection", query: str, out: Path) -> None:
    """Write the rows of `query` to `out` whole or not at all. `sync` its directory after."""
    aside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        connection.execute(
            f"copy ({query}) to {literal(str(aside))}"
            " (format parquet, compression zstd, compression_level 1, row_group_size 20480,"
            " use_tmp_file false)"
        )
        sync(aside)
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Make what a file, or a directory, holds outlast a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
