"""How large a workbook becomes once it is read: what its archive says is never believed."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from banso.engine.cells import MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED, FileProblem

_BLOCK = 1 << 20
_MAX_AREA = 8_000_000  # cells between the corners of a sheet, all of them held in memory
_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*?(/?)>""")
_TEXTS = "xl/sharedStrings.xml"
_TEXT = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_REFERENCE = re.compile(rb"""\st=["']s["'][^>]*>\s*<(?:\w+:)?v>([0-9]+)<""")


def refuse_bomb(path: Path) -> None:
    """Raise FileProblem for what is no intact workbook, or one too large to be held in memory:
    by its unpacked bytes, by the corners of its sheets, or by a text that very many cells share."""
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_declared(archive)
            sheets = _unpack(archive)
            if _TEXTS in archive.namelist():
                _refuse_shared(archive, sheets)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise FileProblem("truncated") from error
    except (OSError, ValueError) as error:
        raise FileProblem("corrupt") from error


def _refuse_declared(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileProblem("encrypted")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise FileProblem("zip_bomb", limit=MAX_UNPACKED)
    if "xl/workbook.xml" not in archive.namelist():
        raise FileProblem("unknown_format")


def _unpack(archive: zipfile.ZipFile) -> dict[str, "_Area"]:
    total = 0
    sheets: dict[str, _Area] = {}
    for entry in archive.infolist():
        area = _Area()
        if entry.filename.startswith("xl/worksheets/"):
            sheets[entry.filename] = area
        for block in _blocks(archive, entry.filename):
            total += len(block)
            if total > MAX_UNPACKED:
                raise FileProblem("zip_bomb", limit=MAX_UNPACKED)
            if entry.filename in sheets:
                area.add(block)
    return sheets


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as stream:
        while block := stream.read(_BLOCK):
            yield block


class _Area:
    """The corners of the cells of a sheet that hold something, found while it is unpacked."""

    def __init__(self) -> None:
        self.row = self.column = self.cells = 0
        self._tail = b""

    def add(self, block: bytes) -> None:
        text = self._tail + block
        for letters, digits, empty in _CELL.findall(text):
            if not empty:
                self.cells += 1
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


def _refuse_shared(archive: zipfile.ZipFile, sheets: dict[str, _Area]) -> None:
    # a sheet refers to a text by its number, and each reference becomes a copy
    sizes = [len(text) for text in _TEXT.findall(archive.read(_TEXTS))]
    if max(sizes, default=0) * sum(area.cells for area in sheets.values()) <= MAX_UNPACKED:
        return
    for name in sheets:
        numbers = map(int, _REFERENCE.findall(archive.read(name)))
        if sum(sizes[n] for n in numbers if n < len(sizes)) > MAX_UNPACKED:
            raise FileProblem("zip_bomb", limit=MAX_UNPACKED)
