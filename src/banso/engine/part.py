"""One file of the lake: its columns, how it is written, and what is known of it afterwards."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from banso.engine.connect import literal
from banso.engine.staged import write

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EVENT = {
    "source": "integer",
    "message": "varchar",
    "ts": "timestamp",
    "day": "date",
    "account": "varchar",
    "person": "varchar",
    "event": "varchar",
    "count": "integer",
    "properties": "varchar",
    "import_id": "integer",
    "line": "integer",
}
"""The columns of a part. `ts` is UTC, `day` the workspace's local day, `properties` a JSON
object with sorted keys; `account`, `person` and `message` are ids of `source`. Of a received
event `import_id` and `line` are null."""

_ORDER = "order by account, day, ts, source, message, import_id, line"
_SIZE = "select count(*), coalesce(sum(count), 0), min(day), max(day) "


@dataclass(frozen=True)
class Written:
    """A file of the lake as the manifest describes it. `weight` is the sum of its counts."""

    path: Path
    rows: int
    weight: int
    first_event: date
    last_event: date
    bytes: int
    checksum: str


def local_day(zone: str) -> str:
    """SQL for the day it was in `zone` at `ts`."""
    return f"cast(timezone({literal(zone)}, timezone('UTC', ts)) as date)"


def write_part(connection: "DuckDBPyConnection", rows: str, out: Path) -> Written:
    """Write what `rows` ("from … where …", with the columns of an event) holds, which must not
    be nothing. `sync` the file's directory after."""
    columns = ", ".join(EVENT)
    write(connection, f"select {columns} {rows} {_ORDER}", out)
    [(number, weight, first, last)] = connection.execute(_SIZE + rows).fetchall()
    return Written(out, number, int(weight), first, last, out.stat().st_size, checksum(out))


def checksum(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
