"""Numbers and money as people write them: 1,200,000 / １２ / 120万 / △5 / (1,200) / 12.5%."""

import re
from decimal import Decimal, localcontext

from banso.core.cells import Cell, Problem, is_empty, is_error, problem, written
from banso.core.money import CURRENCIES, Money, from_major

# Beyond this a spreadsheet has already lost digits.
LARGEST = 2**53 - 1

_MYRIADS = {"兆": 10**12, "億": 10**8, "万": 10**4}
_SMALL = {"千": 1000, "百": 100}
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_PLAIN = re.compile(rf"({_DIGITS})(?:e([+-]?\d{{1,3}}))?", re.ASCII)
_SCALED = re.compile(rf"({_DIGITS})([千百]?)([兆億万]?)", re.ASCII)
_SPACE_AT_UNIT = re.compile(r"(?<=[\d兆億万千百]) +(?=[兆億万千百])|(?<=[兆億万]) +(?=\d)")
_COUNTER = re.compile(
    r"(?:席|名|人|件|回|社|個|本|台|日|[かヶヵカケ]月|ライセンス|ids?|seats?|users?|licen[cs]es?|"
    r"months?|days?|times)$"
)
# A yen sign saved in a Japanese code page comes back as a backslash.
_CURRENCY_WORDS = {
    **dict.fromkeys(("円", "日本円", "¥", "\\", "yen"), "JPY"),
    **dict.fromkeys(("$", "us$", "ドル", "米ドル"), "USD"),
    **dict.fromkeys(("€", "ユーロ"), "EUR"),
    **dict.fromkeys(("£", "ポンド"), "GBP"),
    **dict.fromkeys(("元", "人民元"), "CNY"),
    **dict.fromkeys(("₩", "ウォン"), "KRW"),
}
_MONEY = re.compile(
    r"金?(?P<sign>[-△▲]?)(?P<open>\()?(?P<before>us\$|[¥\\$€£₩]|[a-z]{3})?\s*"
    r"(?P<inner>[-△▲]?)\s*(?P<number>[\d.,兆億万千百 ]+?)\s*"
    r"(?P<after>[a-z]{3}|円|日本円|米?ドル|ユーロ|ポンド|人民元|元|ウォン|[$€£])?(?P<close>\))?(?:也|-)?"
)


def parse_number(cell: Cell) -> float | Problem | None:
    """A finite number; 12% is 0.12; None for an empty cell. Thousands commas must stand in
    threes (1,5 is refused, not guessed). Problems: not_a_number, spreadsheet_error."""
    found = _decimal(cell)
    if found is None or isinstance(found, Problem):
        return found
    value = float(found)
    return value if abs(value) != float("inf") else problem("not_a_number", cell)


def parse_whole(cell: Cell) -> int | Problem | None:
    """A whole number; 12.0 and 12席 are 12; None for an empty cell. Problems: not_a_number,
    not_whole, too_large (beyond 2^53 - 1), spreadsheet_error."""
    found = _decimal(cell)
    if found is None or isinstance(found, Problem):
        return found
    if abs(found) > LARGEST:
        return problem("too_large", cell)
    if found != found.to_integral_value():
        return problem("not_whole", cell)
    return int(found)


def parse_money(cell: Cell, currency: str) -> Money | Problem | None:
    """An amount in `currency` (ISO 4217), rounded to its minor unit; None for an empty cell.

    A sign of money in the cell (¥, 円, $, USD) must be of that currency. Problems: not_money,
    other_currency, too_large, spreadsheet_error. ValueError for an unknown `currency`.
    """
    if currency not in CURRENCIES:
        raise ValueError(f"unknown currency {currency!r}")
    if is_empty(cell):
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        amount = _decimal(cell)
        return _money(amount, currency, cell) if isinstance(amount, Decimal) else amount
    return _written_money(cell, currency)


def parse_currency(cell: Cell) -> str | Problem | None:
    """The ISO 4217 code that a cell names: jpy, 円, ¥, US$; None for an empty cell.
    Problem: unknown_currency."""
    if is_empty(cell):
        return None
    named = _currency_of(written(cell))
    return named if named is not None else problem("unknown_currency", cell)


def _decimal(cell: Cell) -> Decimal | Problem | None:
    if is_empty(cell):
        return None
    if is_error(cell):
        return problem("spreadsheet_error", cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return problem("not_a_number", cell)
    if isinstance(cell, str):
        found = _signed(written(cell))
        return found if found is not None else problem("not_a_number", cell)
    exact = Decimal(cell) if isinstance(cell, int) else Decimal(repr(cell))
    return exact if exact.is_finite() else problem("not_a_number", cell)


def _signed(text: str) -> Decimal | None:
    if match := re.fullmatch(r"[-△▲]\s*(.+)|\((.+)\)", text):
        found = _unsigned(match[1] or match[2])
        return None if found is None else -found
    return _unsigned(text.removeprefix("+"))


def _unsigned(text: str) -> Decimal | None:
    if text.endswith("%"):
        found = _magnitude(text[:-1].rstrip())
        return None if found is None else found / 100
    return _magnitude(_COUNTER.sub("", text).rstrip())


def _magnitude(text: str) -> Decimal | None:
    """A number without sign or unit: plain, with an exponent, or with 兆 億 万 千 百."""
    if match := _PLAIN.fullmatch(text):
        return Decimal(match[1].replace(",", "")).scaleb(int(match[2] or 0))
    total, ceiling, rest = Decimal(0), 10**16, _SPACE_AT_UNIT.sub("", text)
    while rest:
        match = _SCALED.match(rest)
        if match is None:
            return None
        scale = _SMALL.get(match[2], 1) * _MYRIADS.get(match[3], 1)
        if scale >= ceiling:
            return None
        total += Decimal(match[1].replace(",", "")) * scale
        ceiling, rest = scale, rest[match.end() :]
    return total if text else None


def _written_money(cell: Cell, currency: str) -> Money | Problem | None:
    if is_error(cell):
        return problem("spreadsheet_error", cell)
    match = _MONEY.fullmatch(written(cell)) if isinstance(cell, str) else None
    amount = _magnitude(match["number"]) if match else None
    if match is None or amount is None or bool(match["open"]) != bool(match["close"]):
        return problem("not_money", cell)
    for mark in (match["before"], match["after"]):
        if mark and _currency_of(mark) != currency:
            return problem("other_currency", cell)
    negative = bool(match["sign"] or match["inner"] or match["open"])
    return _money(-amount if negative else amount, currency, cell)


def _money(amount: Decimal, currency: str, cell: Cell) -> Money | Problem:
    if abs(amount) > LARGEST:
        return problem("too_large", cell)
    with localcontext(prec=40):
        money = from_major(amount, currency)
    return money if abs(money.minor) <= LARGEST else problem("too_large", cell)


def _currency_of(mark: str) -> str | None:
    code = _CURRENCY_WORDS.get(mark, mark.upper())
    return code if code in CURRENCIES else None
