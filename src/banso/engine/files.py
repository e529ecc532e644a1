"""Reading the files that users bring: CSV, XLSX and Parquet, told apart by their content.

Every refusal is a `FileProblem` with one of these codes: empty_file, unknown_format, xls,
encrypted, truncated, corrupt, zip_bomb, too_large, too_many_rows, too_many_columns,
cell_too_large, nul_byte, not_utf8_or_cp932, bad_quotes, no_such_sheet.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from banso.engine.cells import Cell, FileProblem, Row, Sheet, checked, guess_header
from banso.engine.csv_file import csv_rows, csv_sheets
from banso.engine.parquet_file import parquet_rows, parquet_sheets
from banso.engine.xlsx_file import xlsx_rows, xlsx_sheets

__all__ = ["Cell", "FileProblem", "Row", "Sheet", "file_kind", "guess_header", "rows", "sheets"]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"{\\rtf",
)


def sheets(path: Path) -> list[Sheet]:
    """The tables in a file: of XLSX its visible sheets, of the others one.

    Raises FileProblem for a file that cannot be read or is over a limit.
    """
    kind = file_kind(path)
    if kind == "xlsx":
        return xlsx_sheets(path)
    return csv_sheets(path) if kind == "csv" else parquet_sheets(path)


def rows(path: Path, sheet: str | None = None) -> Iterator[Row]:
    """The rows of one sheet (None: the first) that are not blank, titles and header included.

    Read as they are asked for, so FileProblem may be raised after some of them.
    """
    kind = file_kind(path)
    if kind == "xlsx":
        return checked(xlsx_rows(path, sheet if sheet is not None else _first_sheet(path)))
    return checked(csv_rows(path) if kind == "csv" else parquet_rows(path))


def file_kind(path: Path) -> Literal["csv", "xlsx", "parquet"]:
    """What a file is by its content, whatever it is called. Raises FileProblem if none of these."""
    with path.open("rb") as stream:
        start = stream.read(8)
        if not start:
            raise FileProblem("empty_file")
        if start == _OLE:
            raise FileProblem("encrypted" if _is_encrypted(stream.read()) else "xls")
        stream.seek(-min(4, path.stat().st_size), os.SEEK_END)
        end = stream.read()
    if start.startswith(b"PAR1"):
        if end != b"PAR1" or path.stat().st_size < 12:
            raise FileProblem("encrypted" if end == b"PARE" else "truncated")
        return "parquet"
    if start.startswith(b"PARE"):
        raise FileProblem("encrypted")
    if start.startswith(b"PK"):
        return "xlsx"
    if start.startswith(_FOREIGN):
        raise FileProblem("unknown_format")
    return "csv"


def _is_encrypted(content: bytes) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in content


def _first_sheet(path: Path) -> str:
    found = xlsx_sheets(path)
    if not found:
        raise FileProblem("empty_file")
    return found[0].name
