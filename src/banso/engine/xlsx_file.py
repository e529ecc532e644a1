"""XLSX through calamine, which reads a sheet whole: so its true size is known before."""

from collections.abc import Generator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from banso.engine.cells import Cell, FileProblem, Row, Sheet
from banso.engine.xlsx_size import refuse_bomb

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


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


def xlsx_rows(path: Path, name: str) -> Generator[Row]:
    """The rows of one sheet, values as last computed by the program that wrote them."""
    sheet = _sheet(_open(path), name)
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        yield Row(line, tuple(map(_cell, cells)))


def _open(path: Path) -> "CalamineWorkbook":
    from python_calamine import CalamineError, PasswordError, load_workbook

    refuse_bomb(path)
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
