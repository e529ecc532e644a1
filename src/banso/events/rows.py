"""From a row of cells to what it says: plain values, or the problems of its cells.

Knows no database and no clock, so that a child process without either can run it.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from banso.core.cells import Cell, Problem
from banso.core.headers import money_unit
from banso.core.parsing import (
    parse_currency,
    parse_date,
    parse_moment,
    parse_number,
    parse_text,
    parse_whole,
)
from banso.core.text import key
from banso.engine.files import Row
from banso.events.fields import CONTRACT
from banso.events.terms import contract_of
from banso.events.words import CHANNEL, PARTY, STATUS, TOUCH, read_word

type Values = dict[str, Any]

ID_LIMIT = 200
SHORT = 120
NAME = 300
SUMMARY = 8000
LARGEST_COUNT = 2**31 - 1
LARGEST_VALUE = 1e12
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Setting:
    """What a row is read against: the workspace's zone and currency, and the moment now."""

    zone: str
    currency: str
    now: datetime


@dataclass(frozen=True)
class CellProblem:
    """What is wrong in a row: its line, the column's header ("" for the whole row), a code."""

    line: int
    column: str
    code: str
    found: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(slots=True)
class Read:
    """A good row: its own id, the account it is about (as the source calls them), its values."""

    line: int
    id: str
    account: str
    values: Values

    @property
    def digest(self) -> str:
        """Equal for rows that say the same, whatever line they stand on."""
        content = json.dumps([self.id, self.account, self.values], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:32]


type Reading = Read | list[CellProblem]
type Parser = Callable[[Cell, Setting], object]


def read_row(
    kind: str, row: Row, headers: Sequence[str], columns: Mapping[str, int], setting: Setting
) -> Reading:
    """What a row of a file of `kind` says; `columns` maps fields to columns.

    Problems: those of the parsers, ragged, missing, unknown_word, ends_before_start, negative,
    in_future, too_old.
    """
    if not row.fits(len(headers)):
        return [CellProblem(row.line, "", "ragged", params=_widths(row, headers))]
    values: Values = {}
    problems: list[CellProblem] = []
    for name, column in columns.items():
        value = _parsed(name, row.cells[column], headers[column], setting)
        if isinstance(value, Problem):
            problems.append(CellProblem(row.line, headers[column], value.code, value.found))
        elif value is not None:
            values[name] = value
    if problems:
        return problems
    return _SHAPES[kind](Draft(row, headers, columns, setting, values))


class Draft(NamedTuple):
    """A row whose cells were all read, not yet looked at as a whole."""

    row: Row
    headers: Sequence[str]
    columns: Mapping[str, int]
    setting: Setting
    values: Values

    def problem(self, name: str, code: str, **params: str | int) -> list[CellProblem]:
        column = self.headers[self.columns[name]] if name in self.columns else name
        found = str(self.row.cells[self.columns[name]] or "") if name in self.columns else ""
        return [CellProblem(self.row.line, column, code, found[:80], params)]

    def read(self, own: str, account: str, values: Values) -> Read:
        return Read(self.row.line, bounded(own), account, _plain(values))


def bounded(value: str) -> str:
    """An id as it is, or its digest where it is longer than a column of ids holds."""
    return value if len(value) <= ID_LIMIT else hashlib.sha256(value.encode()).hexdigest()


def _parsed(name: str, cell: Cell, header: str, setting: Setting) -> object:
    plain = name.removeprefix(CONTRACT)
    if plain in ("mrr", "annual_amount"):
        return None if cell is None else (cell, money_unit(header))
    return _read_cell(plain, cell, setting)


# Files say the same few days, names and numbers again and again.
@lru_cache(maxsize=1 << 16, typed=True)
def _read_cell(name: str, cell: Cell, setting: Setting) -> object:
    return _PARSERS[name](cell, setting)


def _text(limit: int) -> Parser:
    def parse(cell: Cell, _setting: Setting) -> object:
        value = parse_text(cell)
        if isinstance(value, str) and len(value) > limit:
            return Problem("too_long", value[:79] + "…")
        return value

    return parse


def _word(words: Mapping[str, str]) -> Parser:
    return lambda cell, _setting: read_word(cell, words)


def _plainly(parse: Callable[[Cell], object]) -> Parser:
    return lambda cell, _setting: parse(cell)


_PARSERS: Mapping[str, Parser] = {
    **dict.fromkeys(("account_id", "person_id", "contract_id"), _text(ID_LIMIT)),
    **dict.fromkeys(("previous_contract_id", "message_id", "event"), _text(ID_LIMIT)),
    **dict.fromkeys(("name", "name_kana", "address"), _text(NAME)),
    "domain": _text(253),
    "postal_code": _text(12),
    **dict.fromkeys(("segment", "region", "industry", "owner"), _text(SHORT)),
    **dict.fromkeys(("title", "plan", "staff"), _text(SHORT)),
    "phone": _text(60),
    "email": _text(254),
    "person": _text(NAME),
    "summary": _text(SUMMARY),
    "metric": _text(SHORT),
    "as_of": _plainly(parse_date),
    "value": _plainly(parse_number),
    **dict.fromkeys(("created_at", "last_contact_on", "first_seen"), _plainly(parse_date)),
    **dict.fromkeys(("start_date", "end_date", "notice_date"), _plainly(parse_date)),
    "outcome_known_on": _plainly(parse_date),
    "occurred_at": lambda cell, setting: parse_moment(cell, setting.zone),
    **dict.fromkeys(("term_months", "seats", "count"), _plainly(parse_whole)),
    "currency": _plainly(parse_currency),
    "touch": _word(TOUCH),
    "status": _word(STATUS),
    "channel": _word(CHANNEL),
    "kind": _word(PARTY),
}


def _account(draft: Draft) -> Reading:
    values = dict(draft.values)
    own = values.pop("account_id", None) or values.get("name")
    if not own:
        return draft.problem("account_id" if "account_id" in draft.columns else "name", "missing")
    values.setdefault("name", own)
    if _in_future(values.get("last_contact_on"), draft.setting):
        return draft.problem("last_contact_on", "in_future")
    contract = {n.removeprefix(CONTRACT): values.pop(n) for n in list(values) if CONTRACT in n}
    if contract and ("end_date" in contract or "start_date" in contract):
        terms = contract_of(contract, draft.setting.currency)
        if isinstance(terms, Problem):
            return _contract_problem(draft, terms, CONTRACT)
        values["contract"] = terms | {"id": bounded(contract_id(contract, own, terms))}
    return draft.read(own, own, values)


def _person(draft: Draft) -> Reading:
    values = dict(draft.values)
    account = values.pop("account_id", None)
    if not account:
        return draft.problem("account_id", "missing")
    own = values.pop("person_id", None)
    name = values.setdefault("name", values.get("email") or own)
    if not name:
        return draft.problem("name", "missing")
    own = own or values.get("email", "").casefold() or f"{account}/{key(name)}"
    return draft.read(own, account, values)


def _contract(draft: Draft) -> Reading:
    account = draft.values.get("account_id")
    if not account:
        return draft.problem("account_id", "missing")
    terms = contract_of(draft.values, draft.setting.currency)
    if isinstance(terms, Problem):
        return _contract_problem(draft, terms, "")
    if previous := draft.values.get("previous_contract_id"):
        terms["previous"] = previous
    return draft.read(contract_id(draft.values, account, terms), account, terms)


def contract_id(values: Values, account: str, terms: Values) -> str:
    """A contract's own id; for want of one, its account and the day it ends."""
    own: str | None = values.get("contract_id")
    return own or f"{account}@{terms['end_on']}"


def _contract_problem(draft: Draft, found: Problem, prefix: str) -> list[CellProblem]:
    name, _, code = found.code.partition(":")
    return draft.problem(prefix + name, code)


def _contact(draft: Draft) -> Reading:
    values = dict(draft.values)
    account, at = values.pop("account_id", None), values.get("occurred_at")
    if not account or not at:
        return draft.problem("account_id" if not account else "occurred_at", "missing")
    if at > draft.setting.now + timedelta(days=1):
        return draft.problem("occurred_at", "in_future")
    rest = json.dumps([str(values.get(n, "")) for n in ("channel", "staff", "summary")])
    short = hashlib.sha256(rest.encode()).hexdigest()[:16]
    return draft.read(f"{account}@{at.isoformat()}/{short}", account, values)


def _measurement(draft: Draft) -> Reading:
    values = dict(draft.values)
    for name in ("account_id", "metric", "as_of", "value"):
        if values.get(name) is None:
            return draft.problem(name, "missing")
    if _in_future(values["as_of"], draft.setting):
        return draft.problem("as_of", "in_future")
    if abs(values["value"]) > LARGEST_VALUE:
        return draft.problem("value", "too_large")
    cell = draft.row.cells[draft.columns["value"]]
    # of a share, a typed 45 is 45%; a spreadsheet's own number is already a share
    values["per_cent"] = isinstance(cell, str) and not cell.strip().endswith(("%", "％"))
    account = values.pop("account_id")
    return draft.read(f"{account}@{values['metric']}@{values['as_of']}", account, values)


def _event(draft: Draft) -> Reading:
    values = draft.values
    for name in ("occurred_at", "account_id", "event"):
        if not values.get(name):
            return draft.problem(name, "missing")
    at = values["occurred_at"]
    if at < EARLIEST:
        return draft.problem("occurred_at", "too_old")
    if at > draft.setting.now + timedelta(days=1):
        return draft.problem("occurred_at", "in_future")
    if not 0 <= values.get("count", 1) <= LARGEST_COUNT:
        return draft.problem("count", "negative" if values["count"] < 0 else "too_large")
    used = set(draft.columns.values())
    values["properties"] = {
        header: typed
        for column, header in enumerate(draft.headers)
        if column not in used and header and (typed := property_of(draft.row.cells[column])) != ""
    }
    return Read(draft.row.line, values.get("message_id", ""), values["account_id"], values)


@lru_cache(maxsize=1 << 16, typed=True)
def property_of(cell: Cell) -> str | float | int | bool:
    """A property's value: numbers stay numbers, also those a text file wrote ("" for none).

    Text becomes a number only where writing that number gives the text back: 007 and 1.10 are
    names of something.
    """
    if isinstance(cell, bool | int | float):
        return cell
    text = parse_text(cell)
    if not isinstance(text, str):
        return "" if text is None else text.found
    if len(text) > 17 or not text.lstrip("-")[:1].isdecimal():
        return text
    number = parse_number(text) if text.isascii() else None
    if not isinstance(number, float):
        return text
    return next((each for each in (int(number), number) if str(each) == text), text)


def _in_future(day: object, setting: Setting) -> bool:
    return isinstance(day, date) and day > setting.now.date() + timedelta(days=1)


def _widths(row: Row, headers: Sequence[str]) -> dict[str, str | int]:
    return {"expected": len(headers), "given": len(row.cells)}


def _plain(values: Values) -> Values:
    return {name: _json(value) for name, value in values.items()}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


_SHAPES: Mapping[str, Callable[[Draft], Reading]] = {
    "accounts": _account,
    "people": _person,
    "contracts": _contract,
    "contacts": _contact,
    "events": _event,
    "measurements": _measurement,
}
