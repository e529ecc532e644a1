"""Numbers, amounts and texts as they stand in real files."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.cells import Cell
from banso.core.money import CURRENCIES, Money, exponent
from banso.core.parsing import (
    Problem,
    parse_currency,
    parse_date,
    parse_money,
    parse_number,
    parse_text,
    parse_whole,
)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("12", 12), ("１２．５", 12.5), ("1,200,000", 1_200_000), ("1,200.50", 1200.5), ("-5", -5),
     ("△5", -5), ("▲ 1,200", -1200), ("−5", -5), ("(1,200)", -1200), ("+3", 3), (".5", 0.5),
     ("5.", 5), ("12.5%", 0.125), ("８５％", 0.85), ("120万", 1_200_000), ("1.5億", 150_000_000),
     ("1億2,000万", 120_000_000), ("3千万", 30_000_000), ("2千5百", 2500), ("1e3", 1000),
     ("1.2E+05", 120_000), ("12席", 12), ("10 名", 10), ("3 users", 3), (7, 7), (7.25, 7.25)],
)  # fmt: skip
def test_numbers(cell: Cell, expected: float) -> None:
    assert parse_number(cell) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("cell", "code"),
    [("1,5", "not_a_number"), ("1,2000", "not_a_number"), ("twelve", "not_a_number"),
     ("1_000", "not_a_number"), ("nan", "not_a_number"), ("inf", "not_a_number"),
     (float("nan"), "not_a_number"), (float("-inf"), "not_a_number"), ("1e999", "not_a_number"),
     (True, "not_a_number"), (date(2026, 1, 1), "not_a_number"), ("--5", "not_a_number"),
     ("△-5", "not_a_number"), ("(5", "not_a_number"), ("1.2.3", "not_a_number"),
     ("1万2億", "not_a_number"), ("万", "not_a_number"), ("%", "not_a_number"),
     ("3年", "not_a_number"), ("٣", "not_a_number"), ("#DIV/0!", "spreadsheet_error")],
)  # fmt: skip
def test_what_is_no_number(cell: Cell, code: str) -> None:
    found = parse_number(cell)
    assert isinstance(found, Problem)
    assert found.code == code


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("12席", 12), (12.0, 12), ("12.0", 12), ("12ヶ月", 12), ("12か月", 12), ("１２カ月", 12),
     ("△3", -3), ("1,200名", 1200), ("2万", 20_000), (str(2**53 - 1), 2**53 - 1)],
)  # fmt: skip
def test_whole_numbers(cell: Cell, expected: int) -> None:
    found = parse_whole(cell)
    assert found == expected
    assert isinstance(found, int)


@pytest.mark.parametrize(
    ("cell", "code"),
    [(12.5, "not_whole"), ("12.5", "not_whole"), ("50%", "not_whole"), (2**53, "too_large"),
     ("1e999", "too_large"), ("9" * 100, "too_large"),
     ("9" * 5000, "not_a_number"), (10**4000, "too_large"),
     ("1e-999", "not_whole"), ("many", "not_a_number")],
)  # fmt: skip
def test_what_is_not_whole(cell: Cell, code: str) -> None:
    found = parse_whole(cell)
    assert isinstance(found, Problem)
    assert found.code == code
    assert len(found.found) <= 80


@pytest.mark.parametrize(
    ("cell", "minor"),
    [("¥1,200,000", 1_200_000), ("￥１，２００，０００", 1_200_000), ("\\1,200,000", 1_200_000),
     ("1,200,000円", 1_200_000), ("120万円", 1_200_000), ("120 万円", 1_200_000),
     ("1,200千円", 1_200_000), ("1億2,000万円", 120_000_000), ("金1,200,000円也", 1_200_000),
     ("¥1,200,000-", 1_200_000), ("△1,200円", -1200), ("-¥5", -5), ("¥-5", -5),
     ("(¥1,200)", -1200),
     ("JPY 1200", 1200), ("1200 jpy", 1200), (1200, 1200), (83_333.3333, 83_333), ("100.5", 101),
     ("0", 0)],
)  # fmt: skip
def test_yen(cell: Cell, minor: int) -> None:
    assert parse_money(cell, "JPY") == Money(minor, "JPY")


@pytest.mark.parametrize(
    ("cell", "currency", "minor"),
    [("$1,200.55", "USD", 120_055), ("US$ 0.5", "USD", 50), ("12.345 KWD", "KWD", 12_345),
     ("€9,99".replace(",", "."), "EUR", 999), (0.1 + 0.2, "USD", 30), (1.005, "USD", 101)],
)  # fmt: skip
def test_other_currencies(cell: Cell, currency: str, minor: int) -> None:
    assert parse_money(cell, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("cell", "code"),
    [("$100", "other_currency"), ("100ドル", "other_currency"), ("EUR 5", "other_currency"),
     ("abc", "not_money"), ("1,5円", "not_money"), ("(100", "not_money"),
     ("100円/月", "not_money"),
     ("-", None), ("", None), (None, None), ("#REF!", "spreadsheet_error"), (True, "not_money"),
     (date(2026, 1, 1), "not_money"), ("9" * 17, "too_large"), (1e300, "too_large"),
     (float("nan"), "not_a_number")],
)  # fmt: skip
def test_what_is_no_money(cell: Cell, code: str | None) -> None:
    found = parse_money(cell, "JPY")
    assert found is None if code is None else isinstance(found, Problem) and found.code == code


def test_an_unknown_currency_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="unknown currency"):
        parse_money("1", "YEN")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("jpy", "JPY"), ("円", "JPY"), ("￥", "JPY"), ("US$", "USD"), ("ユーロ", "EUR"), ("", None),
     ("XYZ", Problem("unknown_currency", "XYZ"))],
)  # fmt: skip
def test_currencies(cell: Cell, expected: object) -> None:
    assert parse_currency(cell) == expected


@given(st.integers(-(10**15), 10**15), st.sampled_from(sorted(CURRENCIES)))
def test_amounts_come_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    decimals = exponent(currency)
    assert parse_money(f"{money.amount:,.{decimals}f}", currency) == money
    assert parse_money(f"{currency} {money.amount:,.{decimals}f}", currency) == money
    assert parse_money(f"{money.amount:.{decimals}f} {currency}", currency) == money


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_whole_numbers_come_back(number: int) -> None:
    wide = str(number).translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    triangle = f"{number:,}".replace("-", "△")
    assert {parse_whole(c) for c in (number, str(number), f"{number:,}", wide, triangle)} == {
        number
    }


@given(st.floats(-1e15, 1e15).filter(lambda x: x == 0 or abs(x) > 1e-50))
def test_numbers_come_back(number: float) -> None:
    assert parse_number(repr(number)) == number
    assert parse_number(number) == number
    assert parse_number(f"{Decimal(repr(number)):f}") == number


@given(st.one_of(st.text(), st.text("0123456789.,万億千円¥△()-%eE ", max_size=16), st.floats(),
                 st.integers(), st.booleans()))  # fmt: skip
def test_nothing_makes_the_parsers_fail(cell: Cell) -> None:
    assert isinstance(parse_number(cell), float | Problem | None)
    assert isinstance(parse_whole(cell), int | Problem | None)
    assert isinstance(parse_money(cell, "USD"), Money | Problem | None)
    assert isinstance(parse_text(cell), str | Problem | None)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(" 髙﨑 ① ㈱　", "髙﨑 ① ㈱"), (12.0, "12"), (12, "12"), (0.5, "0.5"), ("", None),
     ("　", None),
     (None, None), ("-", "-"), (True, "True"), ("a\tb\nc", "a\tb\nc"),
     (date(2026, 3, 1), "2026-03-01"),
     (datetime.fromisoformat("2026-03-01T09:00"), "2026-03-01T09:00:00"),
     (timedelta(hours=1), "1:00:00"),
     ("=1+1", "=1+1")],
)  # fmt: skip
def test_text_is_kept_as_typed(cell: Cell, expected: str | None) -> None:
    assert parse_text(cell) == expected


@pytest.mark.parametrize(
    ("cell", "code"),
    [("a\0b", "control_character"), ("a\x1bb", "control_character"),
     ("\ud800", "control_character"),
     ("#REF!", "spreadsheet_error"), ("あ" * 11_000, "too_long")],
)  # fmt: skip
def test_text_that_is_refused(cell: Cell, code: str) -> None:
    found = parse_text(cell)
    assert isinstance(found, Problem)
    assert found.code == code
    assert found.found.isprintable()
    assert len(found.found) <= 80


@pytest.mark.parametrize("cell", ["1" + " " * 5_000_000 + "x", " " * 199 + "x", "1," * 99 + "x"])
def test_an_enormous_cell_is_refused_without_ado(cell: str) -> None:
    assert isinstance(parse_money(cell, "JPY"), Problem)
    assert isinstance(parse_number(cell), Problem)
    assert isinstance(parse_date(cell), Problem)


def test_the_limit_counts_bytes() -> None:
    assert parse_text("あ" * 3, limit=9) == "あああ"
    assert isinstance(parse_text("あ" * 3, limit=8), Problem)
