import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel.numbers import format_compact_currency
from django.utils import timezone, translation
from hypothesis import assume, given
from hypothesis import strategies as st

from banso.core.money import Money
from banso.web import formats

MARCH = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("style", "ja", "en"),
    [
        ("full", "2026年3月31日(火)", "Tue, Mar 31, 2026"),
        ("medium", "2026年3月31日", "Mar 31, 2026"),
        ("short", "3月31日", "Mar 31"),
        ("numeric", "2026/03/31", "2026-03-31"),
        ("month", "2026年3月", "Mar 2026"),
    ],
)
def test_a_day_in_both_languages(style, ja, en):
    assert formats.day_text(MARCH, style) == en
    with translation.override("ja"):
        assert formats.day_text(MARCH, style) == ja


def test_a_moment_is_told_on_the_clock_of_the_workspace():
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        late = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
        assert formats.moment_text(late, "numeric") == "2026-04-01 00:30"
        assert formats.day_text(late, "numeric") == "2026-04-01"


@pytest.mark.parametrize(
    ("day", "en", "ja"),
    [
        (date(2026, 3, 31), "today", "今日"),
        (date(2026, 3, 30), "yesterday", "昨日"),
        (date(2026, 4, 1), "tomorrow", "明日"),
        (date(2026, 3, 29), "2 days ago", "2日前"),
        (date(2026, 5, 29), "in 59 days", "59日後"),
        (date(2026, 5, 30), "in 2 months", "約2か月後"),
        (date(2025, 10, 1), "6 months ago", "約6か月前"),
        (date(2023, 3, 31), "3 years ago", "約3年前"),
        (date(2028, 4, 30), "in 2 years", "約2年後"),
    ],
)
def test_how_far_a_day_is(day, en, ja):
    assert formats.ago_text(day, MARCH) == en
    with translation.override("ja"):
        assert formats.ago_text(day, MARCH) == ja


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1_200_000, "JPY", "¥1,200,000"),
        (-5, "JPY", "-¥5"),
        (123_456, "USD", "$1,234.56"),
        (0, "EUR", "€0.00"),
    ],
)
def test_money_is_minor_units_with_its_currency(minor, currency, text):
    assert formats.money_text(minor, currency) == text


def test_yen_is_half_width_in_japanese_and_short_where_asked():
    with translation.override("ja"):
        assert formats.money_text(1_200_000, "JPY") == "¥1,200,000"
        assert formats.money_text(1_200_000, "JPY", compact=True) == "¥120万"
        assert formats.money_text(12_219_000, "JPY", compact=True) == "¥1,222万"
    assert formats.money_text(1_200_000, "JPY", compact=True) == "¥1.2M"
    assert formats.money_text(774_300, "JPY", compact=True) == "¥774K"
    assert formats.money_text(999, "JPY", compact=True) == "¥999"


@pytest.mark.parametrize("spoken", ["ja", "en"])
@pytest.mark.parametrize("currency", ["JPY", "USD", "KWD"])
@given(minor=st.integers(-(10**17), 10**17))
def test_a_short_amount_is_what_babel_writes(spoken, currency, minor):
    amount = Money(minor, currency).amount
    assume(abs(amount) >= 10_000)
    written = format_compact_currency(amount, currency, locale=spoken, fraction_digits=1)
    if re.search(r"\d{3}\.", written):
        written = format_compact_currency(amount, currency, locale=spoken, fraction_digits=0)
    with translation.override(spoken):
        short = formats.money_text(minor, currency, compact=True)
    assert short.replace(",", "") == written.replace("￥", "¥")


def test_a_short_amount_too_small_to_shorten_has_no_cents():
    with translation.override("ja"):
        assert formats.money_text(275_430, "USD", compact=True) == "$2,754"
        assert formats.money_text(-275_430, "USD", compact=True) == "-$2,754"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1234.5, None, "1,234.5"),
        (2 / 3, None, "0.67"),
        (2, 1, "2.0"),
        (-0.001, None, "0"),
        (-0.04, 1, "0.0"),
        (-0.06, 1, "-0.1"),
        (Decimal("7.25"), 0, "7"),
    ],
)
def test_numbers(value, digits, text):
    assert formats.number_text(value, digits) == text


def test_shares_are_per_cent_and_keep_their_sign_beyond_the_ends():
    assert formats.percent_text(0.123) == "12%"
    assert formats.percent_text(0.1234, 1) == "12.3%"
    assert formats.percent_text(-0.2) == "-20%"
    assert formats.percent_text(1.2) == "120%"
    assert formats.percent_text(-0.001) == "0%"
    assert formats.percent_text(-0.005) == "0%"


def test_nothing_is_a_dash_and_never_a_zero():
    nothing = [
        formats.day_text(None),
        formats.moment_text(None),
        formats.ago_text(None, MARCH),
        formats.number_text(None),
        formats.percent_text(None),
        formats.money_text(None, "JPY"),
        formats.compact_text(None),
    ]
    assert set(nothing) == {"–"}


def test_compact_counts():
    assert formats.compact_text(12_300) == "12.3K"
    with translation.override("ja"):
        assert formats.compact_text(12_300) == "1.2万"
