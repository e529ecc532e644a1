"""XLSX through calamine, which reads a sheet whole: so its true size is known before."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from banso.engine.cells import MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED, Cell, FileProblem, Row, Sheet

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_BLOCK = 1 << 20
_MAX_AREA = 8_000_000  # cells between the corners of a sheet, all of them held in memory
_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*?(/?)>""")


def xlsx_sheets(path: Path) -> list[Sheet]:
    """Its visible work sheets, in their order."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    book = _open(path)
    names = [
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
    ]
    ends = [_sheet(book, name).end for name in names]
    return [Sheet(name, end[0] + 1 if end else 0) for name, end in zip(names, ends, strict=True)]


def xlsx_rows(path: Path, name: str) -> Iterator[Row]:
    """The rows of one sheet, values as last computed by the program that wrote them."""
    sheet = _sheet(_open(path), name)
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        yield Row(line, tuple(map(_cell, cells)))


def _open(path: Path) -> "CalamineWorkbook":
    from python_calamine import CalamineError, PasswordError, load_workbook

    _refuse_bomb(path)
    try:
        return load_workbook(path)
    except PasswordError as error:
        raise FileProblem("encrypted") from error
    except CalamineError as error:
        raise FileProblem("corrupt") from error


def _sheet(book: "CalamineWorkbook", name: str) -> "CalamineSheet":
    from python_calamine import CalamineError, WorksheetNotFound

    try:
        return book.get_sheet_by_name(name)
    except WorksheetNotFound as error:
        raise FileProblem("no_such_sheet", sheet=name) from error
    except CalamineError as error:
        raise FileProblem("corrupt") from error


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise FileProblem("encrypted")
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise FileProblem("zip_bomb", limit=MAX_UNPACKED)
            if "xl/workbook.xml" not in archive.namelist():
                raise FileProblem("unknown_format")
            _unpack(archive, entries)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise FileProblem("truncated") from error
    except (OSError, ValueError) as error:
        raise FileProblem("corrupt") from error


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    total = 0
    for entry in entries:
        area = _Area()
        with archive.open(entry) as stream:
            while block := stream.read(_BLOCK):
                total += len(block)
                if total > MAX_UNPACKED:
                    raise FileProblem("zip_bomb", limit=MAX_UNPACKED)
                if entry.filename.startswith("xl/worksheets/"):
                    area.add(block)


class _Area:
    """The corners of the cells of a sheet that hold something, found while it is unpacked."""

    def __init__(self) -> None:
        self.row = self.column = 0
        self._tail = b""

    def add(self, block: bytes) -> None:
        text = self._tail + block
        for letters, digits, empty in _CELL.findall(text):
            if not empty:
                self.row = max(self.row, int(digits))
                self.column = max(self.column, _number(letters))
        self._tail = text[text.rfind(b"<") :][-512:]
        self._refuse()

    def _refuse(self) -> None:
        if self.column > MAX_COLUMNS:
            raise FileProblem("too_many_columns", limit=MAX_COLUMNS)
        if self.row > MAX_ROWS + 1 or self.row * self.column > _MAX_AREA:
            raise FileProblem("too_many_rows", limit=MAX_ROWS)


def _number(letters: bytes) -> int:
    total = 0
    for letter in letters:
        total = total * 26 + letter - 64
    return total


def _cell(value: object) -> Cell:
    match value:
        case "":
            return None
        case float() if value.is_integer() and abs(value) < 2**53:
            return int(value)
        case bool() | int() | float() | str() | datetime() | date():
            return value
        case _:
            return str(value)
