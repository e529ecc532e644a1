"""Rows of cells as they stand in a file, the limits they keep, and what a refusal looks like."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

type Cell = str | int | float | bool | datetime | date | None

MAX_ROWS = 1_000_000
MAX_COLUMNS = 200
MAX_CELL = 32 * 1024  # bytes of UTF-8
MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARQUET = 100 * 1024 * 1024


class FileProblem(Exception):
    """A file that cannot be read. `code` is stable, `params` fill the sentence made of it."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Sheet:
    """One table of a file. `rows_estimate` includes titles, the header and blank rows."""

    name: str
    rows_estimate: int


class Row(NamedTuple):
    """One row that is not blank. `line` counts from 1 as the user's own program shows it; an
    empty cell is None, text is untouched, an instant with a zone is aware UTC."""

    line: int
    cells: tuple[Cell, ...]

    def fits(self, width: int) -> bool:
        """Whether it has a cell for each of `width` columns and nothing beyond them."""
        return len(self.cells) >= width and not any(c is not None for c in self.cells[width:])


def checked(rows: Generator[Row]) -> Iterator[Row]:
    """The rows that are not blank. Raises FileProblem where one breaks a limit, or if none is.

    Whoever stops early, or is refused, leaves no file open behind.
    """
    count = 0
    with closing(rows):
        for row in rows:
            if all(cell is None for cell in row.cells):
                _check_width(row)
                continue
            count += 1
            _check(row, count)
            yield row
    if not count:
        raise FileProblem("empty_file")


def _check(row: Row, count: int) -> None:
    _check_width(row)
    if count > MAX_ROWS + 1:  # the header is no row of data
        raise FileProblem("too_many_rows", limit=MAX_ROWS)
    for column, cell in enumerate(row.cells, start=1):
        if isinstance(cell, str):
            _check_text(cell, row.line, column)


def _check_width(row: Row) -> None:
    if len(row.cells) > MAX_COLUMNS and not row.fits(MAX_COLUMNS):
        raise FileProblem("too_many_columns", line=row.line, limit=MAX_COLUMNS)


def guess_header(rows: Iterable[Row], look: int = 20) -> int | None:
    """The place, from 0, of the row that most likely names the columns: below titles, the first
    of words that is nearly as wide as the widest of the first `look` rows. None without rows."""
    head = [row for row, _ in zip(rows, range(look), strict=False)]
    filled = [sum(cell is not None for cell in row.cells) for row in head]
    wide = [i for i, n in enumerate(filled) if n * 10 >= max(filled) * 6]
    named = [i for i in wide if all(_is_word(cell) for cell in head[i].cells)]
    return next(iter(named or wide), None)


def _is_word(cell: Cell) -> bool:
    if cell is None:
        return True
    return isinstance(cell, str) and len(cell) <= 64 and not cell.strip()[:1].isdigit()


def _check_text(text: str, line: int, column: int) -> None:
    if len(text) * 4 > MAX_CELL and len(text.encode("utf-8", "surrogatepass")) > MAX_CELL:
        raise FileProblem("cell_too_large", line=line, column=column, limit=MAX_CELL)
    if "\0" in text:
        raise FileProblem("nul_byte", line=line)
