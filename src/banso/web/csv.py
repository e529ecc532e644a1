"""Tables as CSV that a spreadsheet opens in the right encoding and never runs."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
BOM = "\ufeff"


class Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def csv_response(
    name: str, header: Sequence[object], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """A download `name`.csv in UTF-8 with BOM, streamed row by row; texts safe from formulas."""
    response = StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8")
    filename = get_valid_filename(f"{name}.csv")
    response.headers["Content-Disposition"] = content_disposition_header(True, filename) or ""
    response.headers["Cache-Control"] = "no-store"
    return response


def lines(header: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield BOM + writer.writerow([safe_cell(cell) for cell in header])
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def safe_cell(cell: object) -> str:
    """The text of a cell; one that a spreadsheet would take for a formula gets an apostrophe.

    Numbers stay numbers: only text can carry a formula.
    """
    if cell is None:
        return ""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return str(cell)
    text = str(cell)
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA_STARTS) else text
