"""What stands in a file's cell before it has a meaning, and what can be wrong with it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

type Cell = str | int | float | bool | datetime | date | time | timedelta | None

_SHOWN = 80
# No date, number or amount is longer; nothing longer is worth the search.
_LONGEST_VALUE = 100
_ERRORS = {"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!", "#spill!", "#calc!"}
_EMPTY = {"", "-", "--", "---", "ー", "―", "/", "n/a", "na", "null", "none", "nil", "なし", "無し",
          "無", "未定", "不明", "該当なし"}  # fmt: skip
_HYPHENS = str.maketrans("‐‑‒–—―−", "-------")


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be read. `code` is turned into a sentence elsewhere; `found` is what
    stood there, shortened to 80 characters."""

    code: str
    found: str


def problem(code: str, cell: Cell) -> Problem:
    """The problem with `cell`, showing only what can safely be shown."""
    text = "".join(c if c.isprintable() else "\ufffd" for c in str(cell))
    return Problem(code, text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def written(cell: Cell) -> str:
    """The cell's text in one width and case, dashes made one, no space twice; of a text longer
    than any value, its beginning and "…", which no form of a value holds."""
    text = str(cell)
    kept = unicodedata.normalize("NFKC", text[:_LONGEST_VALUE]).translate(_HYPHENS)
    return " ".join(kept.casefold().split()) + ("…" if len(text) > _LONGEST_VALUE else "")


def is_empty(cell: Cell) -> bool:
    """Nothing, spaces, or one of the ways people write "nothing" (-, n/a, なし, 未定)."""
    return cell is None or (isinstance(cell, str) and written(cell) in _EMPTY)


def is_error(cell: Cell) -> bool:
    """A spreadsheet's error value such as #REF!"""
    return isinstance(cell, str) and written(cell) in _ERRORS


def parse_text(cell: Cell, *, limit: int = 32_768) -> str | Problem | None:
    """The text as typed without outer spaces; None for an empty cell. Whole numbers that a
    spreadsheet stored as decimals (12.0) come back as "12".

    Problems: spreadsheet_error, control_character (NUL, broken surrogates, ...), too_long
    (more than `limit` bytes of UTF-8).
    """
    if cell is None:
        return None
    if is_error(cell):
        return problem("spreadsheet_error", cell)
    text = _as_text(cell).strip()
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", text):
        return problem("control_character", cell)
    if len(text) > limit or len(text.encode()) > limit:
        return problem("too_long", cell)
    return text or None


def _as_text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
