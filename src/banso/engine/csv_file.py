"""CSV as it is met in offices: BOM or none, UTF-8, UTF-16 or CP932, comma, semicolon or tab."""

import codecs
import csv
from collections import Counter
from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from banso.engine.cells import MAX_CELL, MAX_COLUMNS, FileProblem, Row, Sheet

_BLOCK = 1 << 20
_LINE = MAX_CELL * MAX_COLUMNS
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NOT_TEXT = {chr(c) for c in (*range(9), 11, *range(14, 32), 127, 128, 160, *range(0xF8F0, 0xF8F4))}


def csv_sheets(path: Path) -> list[Sheet]:
    """The file as its one sheet."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        return [Sheet(path.stem, sum(1 for _ in _lines(stream)))]


def csv_rows(path: Path) -> Generator[Row]:
    """Its records; the line is the one on which a record starts."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        delimiter = _delimiter(stream)
        stream.seek(0)
        reader = csv.reader(_lines(stream), delimiter=delimiter, strict=True)
        line = 1
        try:
            for cells in reader:
                yield Row(line, tuple(cell or None for cell in cells))
                line = reader.line_num + 1
        except csv.Error as error:
            raise _problem(error, line) from error


def _problem(error: csv.Error, line: int) -> FileProblem:
    if "field larger than field limit" in str(error):
        return FileProblem("cell_too_large", line=line, limit=MAX_CELL)
    return FileProblem("bad_quotes", line=line)


def _lines(stream: TextIO) -> Iterator[str]:
    number = 0
    while line := stream.readline(_LINE):
        number += 1
        if len(line) == _LINE:
            raise FileProblem("cell_too_large", line=number, limit=MAX_CELL)
        if "\0" in line:
            raise FileProblem("nul_byte", line=number)
        yield line


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(3)
    for bom, encoding in _BOMS.items():
        if start.startswith(bom):
            _refuse_unless(path, encoding)
            return encoding
    problem = _undecodable(path, "utf-8")
    if problem is None:
        return "utf-8"
    _refuse_cut_utf8(path, problem)
    _refuse_unless(path, "cp932")
    return "cp932"


def _refuse_unless(path: Path, encoding: str) -> None:
    found = _undecodable(path, encoding)
    if found is not None:
        raise FileProblem("not_utf8_or_cp932", byte=found + 1)


def _refuse_cut_utf8(path: Path, offset: int) -> None:
    # a file cut inside its last character would else be taken for CP932 from end to end
    size = path.stat().st_size
    if size - offset > 3:
        return
    with path.open("rb") as stream:
        before = stream.read(offset)
        rest = stream.read()
    if before.isascii() or not 0xC2 <= rest[0] <= 0xF4:
        return
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(rest)
    except UnicodeDecodeError:
        return
    raise FileProblem("truncated")


def _undecodable(path: Path, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    read = 0
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            waiting = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return read - waiting + error.start
            if encoding == "cp932" and not _NOT_TEXT.isdisjoint(text):
                return read
            if not block:
                return None
            read += len(block)


def _delimiter(stream: TextIO) -> str:
    head = list(islice(_lines(stream), 50))
    return max(",;\t", key=lambda delimiter: _agreement(head, delimiter))


def _agreement(head: list[str], delimiter: str) -> tuple[int, int]:
    try:
        widths = Counter(len(cells) for cells in csv.reader(head, delimiter=delimiter))
    except csv.Error:
        return 0, 0
    several = [(count, width) for width, count in widths.items() if width > 1]
    return max(several, default=(0, 0))
