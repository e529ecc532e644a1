"""Whole minor units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.money import Money, annualise, exponent, from_major


@pytest.mark.parametrize(("currency", "decimals"), [("JPY", 0), ("USD", 2), ("KWD", 3)])
def test_minor_units_agree_with_iso_4217(currency: str, decimals: int) -> None:
    assert exponent(currency) == decimals


def test_amounts() -> None:
    assert Money(1250, "USD").amount == Decimal("12.50")
    assert Money(1250, "JPY").amount == 1250
    assert from_major(Decimal("12.505"), "USD") == Money(1251, "USD")
    assert from_major(Decimal("-0.5"), "JPY") == Money(-1, "JPY")
    assert Money(1, "JPY") + Money(2, "JPY") == Money(3, "JPY")


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown currency"):
        Money(1, "yen")
    with pytest.raises(ValueError, match="two currencies"):
        Money(1, "JPY") + Money(1, "USD")
    with pytest.raises(ValueError, match="one month"):
        annualise(Money(1, "JPY"), months=0)


@pytest.mark.parametrize(
    ("minor", "months", "annual"),
    [(60_000, 6, 120_000), (10_000, 1, 120_000), (100_000, 36, 33_333), (50, 24, 25), (5, 24, 3)],
)
def test_annualise(minor: int, months: int, annual: int) -> None:
    assert annualise(Money(minor, "JPY"), months=months) == Money(annual, "JPY")


@given(st.integers(-(10**12), 10**12), st.integers(1, 120))
def test_annualising_a_monthly_amount_paid_for_months(monthly: int, months: int) -> None:
    paid = Money(monthly * months, "USD")
    assert annualise(paid, months=months) == Money(monthly * 12, "USD")
