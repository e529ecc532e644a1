"""The child's work: read a whole file into plain rows on disk, and write down what is wrong.

Runs in a process without Django, database or secrets; see sandbox.py for the other side.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from banso.engine.files import FileProblem, Row
from banso.engine.staged import StagedEvent, write_staged
from banso.events.rows import CellProblem, Read, Setting, read_row
from banso.events.table import Choice, Table, data_rows, find_table, shown

type Report = Callable[[int, int], None]

PROBLEMS_KEPT = 5000
STEP = 2000
PREVIEW = 200
FIRST_PROBLEMS = 20
OWNERS_WITHIN = 20_000
OWNERS = 40


@dataclass
class Tally:
    """What has been seen so far; problems go to their file as they come."""

    kind: str
    table: Table
    setting: Setting
    report: Report
    notes: TextIO
    lines: int = 0
    bad: int = 0
    noted: int = 0

    def good(self, rows: Iterator[Row]) -> Iterator[Read]:
        """The rows that can be read; the others are counted and written down."""
        table = self.table
        for row in rows:
            self.lines += 1
            if self.lines % STEP == 0:
                self.report(self.lines, max(self.lines, table.rows_estimate))
            found = read_row(self.kind, row, table.headers, table.columns, self.setting)
            if isinstance(found, Read):
                yield found
            else:
                self.note(found)

    def note(self, problems: list[CellProblem]) -> None:
        self.bad += 1
        for each in problems:
            if self.noted < PROBLEMS_KEPT:
                self.notes.write(_line(asdict(each)))
            self.noted += 1


@dataclass(frozen=True)
class Order:
    """What the parent asks for; it comes as one JSON text."""

    path: Path
    choice: Choice
    setting: Setting
    out: Path
    source: int = 0
    import_id: int = 0


def order_of(text: str) -> Order:
    """The order in a JSON text, as `sandbox.order` writes it."""
    plain = json.loads(text)
    zone, currency, now = plain["setting"]
    return Order(
        path=Path(plain["path"]),
        choice=Choice(**plain["choice"]),
        setting=Setting(zone, currency, datetime.fromisoformat(now)),
        out=Path(plain["out"]),
        source=plain["source"],
        import_id=plain["import_id"],
    )


def inspect(order: Order) -> dict[str, Any]:
    """The table found, its first rows and the problems of its first rows. Raises FileProblem."""
    table = find_table(order.path, order.choice)
    found = [] if table.lacking else _first_problems(order, table)
    return described(table) | {
        "rows": shown(order.path, table),
        "problems": [asdict(each) for each in found[:FIRST_PROBLEMS]],
        "looked_at": PREVIEW,
        "owners": _owners(order.path, table),
    }


def stage(order: Order, report: Report) -> dict[str, Any]:
    """Write the good rows of the whole file to `order.out` ("rows" as JSON lines, events as
    "events.parquet") and "problems"; the counts. Raises FileProblem."""
    table = find_table(order.path, order.choice)
    if table.kind is None or table.lacking:
        raise FileProblem("columns_missing", fields=_lacking(table))
    with ExitStack() as files:
        notes = files.enter_context((order.out / "problems").open("w", encoding="utf-8"))
        tally = Tally(table.kind, table, order.setting, report, notes)
        good = tally.good(data_rows(order.path, table))
        if table.kind == "events":
            write_staged(_events(good, order), order.out / "events.parquet")
        else:
            rows = files.enter_context((order.out / "rows").open("w", encoding="utf-8"))
            for read in good:
                rows.write(_line(asdict(read) | {"digest": read.digest}))
    if not tally.lines:
        raise FileProblem("no_rows")
    return described(table) | {"lines": tally.lines, "bad": tally.bad, "noted": tally.noted}


def described(table: Table) -> dict[str, Any]:
    return asdict(table) | {"lacking": table.lacking}


def _owners(path: Path, table: Table) -> list[str]:
    """The different names in charge, as far as they are looked for."""
    place = table.columns.get("owner")
    if table.kind != "accounts" or place is None:
        return []
    cells = (row.cells[place] for row in islice(data_rows(path, table), OWNERS_WITHIN)
             if place < len(row.cells))  # fmt: skip
    return sorted({str(cell).strip() for cell in cells if cell is not None} - {""})[:OWNERS]


def _first_problems(order: Order, table: Table) -> list[CellProblem]:
    found: list[CellProblem] = []
    for row in islice(data_rows(order.path, table), PREVIEW):
        read = read_row(str(table.kind), row, table.headers, table.columns, order.setting)
        found.extend(read if isinstance(read, list) else [])
    return found


def _events(good: Iterator[Read], order: Order) -> Iterator[StagedEvent]:
    for read in good:
        values = read.values
        yield StagedEvent(
            source=order.source,
            import_id=order.import_id,
            line=read.line,
            message=values.get("message_id"),
            at=values["occurred_at"],
            account=read.account,
            person=values.get("person_id"),
            event=values["event"],
            count=values.get("count", 1),
            properties=values["properties"],
        )


def _lacking(table: Table) -> str:
    return " ".join("/".join(group) for group in table.lacking)


def _line(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=False) + "\n"
