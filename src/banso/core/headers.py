"""Which column of somebody's own file is which field: a guess that a person confirms.

Headers are compared without width, case, spaces, units in brackets and punctuation. An exact
name wins over a header that merely ends in one (現契約終了日 is a 契約終了日).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal

from banso.core.synonyms import SYNONYMS

type Kind = Literal["accounts", "people", "contracts", "events", "contacts", "measurements"]
KINDS: tuple[Kind, ...] = (
    "accounts",
    "people",
    "contracts",
    "events",
    "contacts",
    "measurements",
)

# What a file must have to be of a kind: one field of each group.
_NEEDED: Mapping[Kind, Sequence[set[str]]] = {
    "accounts": [{"name", "account_id"}],
    "people": [{"person_id", "name"}, {"account_id", "email"}],
    "contracts": [{"account_id"}, {"start_date", "end_date"}],
    "events": [{"event"}, {"occurred_at"}, {"account_id", "person_id"}],
    "contacts": [{"account_id"}, {"occurred_at"}, {"channel", "summary", "staff", "person"}],
    "measurements": [{"account_id"}, {"metric"}, {"as_of"}, {"value"}],
}
_ID_OF: Mapping[Kind, str] = {"accounts": "account_id", "people": "person_id"}

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>|「[^「」]*」")
_PUNCTUATION = re.compile(r"[\W_]+")
# In front of a known name these make another field of it.
_OTHER_S = (
    "前",
    "旧",
    "次",
    "先方",
    "客先",
    "お客様",
    "貴社",
    "親",
    "仮",
    "parent",
    "previous",
    "old",
)
_AFTER_EXACT = 1000
_TITLE_ROWS = 20
_MONEY_UNITS = {"千": 1000, "万": 10_000, "百万": 1_000_000, "億": 100_000_000}


def guess_fields(kind: Kind, headers: Sequence[object]) -> dict[str, int]:
    """The column index of each field of `kind` that the headers seem to hold.

    When an id column is missing but a name is there, the name's column serves as the id too:
    `names_serve_as_ids` tells. A header that nothing knows is left out (of events it becomes a
    property). Of two columns that fit one field, the better name wins, then the left one.
    """
    found: dict[str, int] = {}
    taken: set[int] = set()
    for _, field, column in sorted(_matches(kind, headers)):
        if field not in found and column not in taken:
            found[field] = column
            taken.add(column)
    id_field = _ID_OF.get(kind)
    if id_field and id_field not in found and "name" in found:
        found[id_field] = found["name"]
    return found


def names_serve_as_ids(kind: Kind, fields: Mapping[str, int]) -> bool:
    """Whether a guess of `kind` uses the name's column as the id, for want of an id column."""
    id_field = _ID_OF.get(kind, "")
    return id_field in fields and fields.get("name") == fields[id_field]


def guess_kind(headers: Sequence[object]) -> Kind | None:
    """The kind whose fields explain the most columns, of those whose needed fields are there;
    None when no kind fits. The more particular kind wins a tie."""
    fitting = [(len(set(guess_fields(kind, headers).values())), rank, kind)
               for rank, kind in enumerate(KINDS) if fits(kind, headers)]  # fmt: skip
    return max(fitting)[2] if fitting else None


def fits(kind: Kind, headers: Sequence[object]) -> bool:
    """Whether the headers hold what a file of `kind` needs; a 顧客台帳 may fit several kinds."""
    found = guess_fields(kind, headers)
    return all(group & set(found) for group in _NEEDED[kind])


def guess_header_row(rows: Sequence[Sequence[object]]) -> int:
    """The index of the row that holds the headers, titles and notes above it skipped: among
    the first twenty the one with the most known headers, else the first whose cells are all
    text and as many as in the widest row, else 0."""
    first = rows[:_TITLE_ROWS]
    known = [_known_headers(row) for row in first]
    if max(known, default=0) >= 2:
        return known.index(max(known))
    widths = [_width(row) for row in first]
    widest = max(widths, default=0)
    full = (i for i, row in enumerate(first) if widths[i] == widest and _is_text(row))
    return next(full, 0)


def money_unit(header: object) -> int:
    """How many major units one in a column stands for, as its header says:
    年額(千円) 1000, 契約金額（万円） 10,000, (百万円) 1,000,000; else 1."""
    text = unicodedata.normalize("NFKC", "" if header is None else str(header))
    found = re.search(r"(百万|千|万|億)円", text)
    return _MONEY_UNITS[found[1]] if found else 1


def normalise(header: object) -> str:
    """The header as it is compared: 月額（円） and 月 額 become 月額, E-Mail becomes email."""
    text = unicodedata.normalize("NFKC", "" if header is None else str(header)).casefold()
    without = _PUNCTUATION.sub("", _BRACKETS.sub("", text))
    return without or _PUNCTUATION.sub("", text)


def _matches(kind: Kind, headers: Sequence[object]) -> list[tuple[int, str, int]]:
    """(rank, field, column) of every fit: exact names by their order in the list, then endings."""
    names = [normalise(header) for header in headers]
    return [
        (rank, field, column)
        for field, synonyms in SYNONYMS[kind].items()
        for column, name in enumerate(names)
        if (rank := _rank(name, synonyms)) is not None
    ]


def _rank(name: str, synonyms: Sequence[str]) -> int | None:
    if name in synonyms:
        return synonyms.index(name)
    if name.startswith(_OTHER_S):
        return None
    endings = (
        place
        for place, synonym in enumerate(synonyms)
        if len(synonym) >= (6 if synonym.isascii() else 3) and name.endswith(synonym)
    )
    place = next(endings, None)
    return None if place is None else _AFTER_EXACT + place


def _known_headers(row: Sequence[object]) -> int:
    names = {normalise(cell) for cell in row if isinstance(cell, str)}
    return len(names & _ALL_NAMES)


def _width(row: Sequence[object]) -> int:
    return sum(1 for cell in row if cell not in (None, ""))


def _is_text(row: Sequence[object]) -> bool:
    return all(isinstance(cell, str) for cell in row if cell is not None)


_ALL_NAMES = {name for fields in SYNONYMS.values() for names in fields.values() for name in names}
