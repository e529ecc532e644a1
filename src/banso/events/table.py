"""Finding the table in a file: which sheet, which row holds the headers, what kind it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from banso.core.cells import Cell
from banso.core.headers import Kind, fits, guess_header_row, normalise
from banso.engine.files import FileProblem, Row, rows, sheets
from banso.events.fields import FIELDS, Columns, guess, lacking, likely_kind

_LOOK = 40
_SHOWN = 8
_IDS = ("account_id", "contract_id", "person_id", "message_id")
_SUMS = frozenset({"合計", "小計", "総計", "総合計", "grandtotal", "subtotal"})
_SUMS_BESIDE_IDS = frozenset({"計", "total", "sum"})


@dataclass(frozen=True)
class Choice:
    """What a person, or the guess, decided about a file; None is left to the guess."""

    kind: Kind | None = None
    sheet: str | None = None
    header_row: int | None = None
    columns: Columns | None = None


@dataclass(frozen=True)
class Table:
    """The table found: its sheet, the line of its headers, and which column is which field."""

    kind: Kind | None
    sheet: str
    header_row: int
    headers: tuple[str, ...]
    columns: Columns
    rows_estimate: int
    others: tuple[str, ...]

    @property
    def lacking(self) -> list[tuple[str, ...]]:
        """Groups of fields of which one must be given a column before the rows can be read."""
        return lacking(self.kind, self.columns) if self.kind else [("kind",)]


def find_table(path: Path, choice: Choice) -> Table:
    """The table that `choice` means, the rest guessed: of several sheets the one that explains
    most. Raises FileProblem, also for no_rows, no_headers and duplicate_headers."""
    offered = sheets(path)
    names = [each.name for each in offered]
    if choice.sheet is not None and choice.sheet in names:
        offered = [each for each in offered if each.name == choice.sheet]
    found = [
        _table(path, each.name, choice, each.rows_estimate, names)
        for each in offered
        if each.rows_estimate or len(offered) == 1
    ]
    if not found:
        raise FileProblem("empty_file")
    best = max(found, key=_fitness)
    _check(best)
    return best


def data_rows(path: Path, table: Table) -> Iterator[Row]:
    """The rows below the headers, without the sums a ledger ends with."""
    below = (row for row in rows(path, table.sheet or None) if row.line > table.header_row)
    return (row for row in below if not sums_up(row, table.columns))


def sums_up(row: Row, columns: Columns) -> bool:
    """A row of totals says so in a word and has no id. Where the file has no ids at all, only
    words that no company is called count."""
    ids = [columns[name] for name in _IDS if name in columns]
    if any(place < len(row.cells) and _text(row.cells[place]).strip() for place in ids):
        return False
    words = _SUMS | _SUMS_BESIDE_IDS if ids else _SUMS
    return any(normalise(cell) in words for cell in row.cells if isinstance(cell, str))


def shown(path: Path, table: Table) -> list[dict[str, Any]]:
    """The first rows of data as text, for a person to look at."""
    first = islice(data_rows(path, table), _SHOWN)
    return [{"line": row.line, "cells": [_text(cell) for cell in row.cells]} for row in first]


def _table(path: Path, sheet: str, choice: Choice, estimate: int, names: Sequence[str]) -> Table:
    head = list(islice(rows(path, sheet or None), _LOOK))
    place = _header_place(head, choice.header_row)
    headers = _headers(head[place])
    kind = choice.kind or likely_kind(headers)
    columns = {} if kind is None else guess(kind, headers)
    if choice.columns is not None and kind is not None:
        columns = _within(choice.columns, kind, len(headers))
    return Table(
        kind=kind,
        sheet=sheet,
        header_row=head[place].line,
        headers=headers,
        columns=columns,
        rows_estimate=max(0, estimate - place - 1),
        others=tuple(name for name in names if name != sheet),
    )


def _header_place(head: Sequence[Row], line: int | None) -> int:
    lines = [row.line for row in head]
    if line in lines:
        return lines.index(line)
    return guess_header_row([row.cells for row in head])


def _headers(row: Row) -> tuple[str, ...]:
    cells = [_text(cell).strip() for cell in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cell[:200] for cell in cells)


def _within(columns: Mapping[str, int], kind: Kind, width: int) -> Columns:
    fields = FIELDS[kind]
    return {f: c for f, c in columns.items() if f in fields and 0 <= c < width}


def _fitness(table: Table) -> tuple[int, int, int]:
    """How well the sheet fits the kind wanted: nothing lacking, then most columns explained."""
    fitting = table.kind is not None and fits(table.kind, table.headers)
    return (int(fitting), len(table.columns), table.rows_estimate)


def _check(table: Table) -> None:
    named = [header for header in table.headers if header]
    if not named:
        raise FileProblem("no_headers")
    folded = [normalise(header) or header for header in named]
    twice = [h for h, f in zip(named, folded, strict=True) if named.count(h) > 1]
    if twice:
        raise FileProblem("duplicate_headers", header=twice[0])
    if not table.rows_estimate:
        raise FileProblem("no_rows")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)[:200]
