"""Numbers, money and days as the reader's language writes them."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from babel.dates import format_date, format_interval
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
)
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from banso.core.money import Money

type DayStyle = Literal["full", "medium", "short", "numeric", "month"]

NOTHING = "–"
DAY_PATTERNS: dict[str, dict[DayStyle, str]] = {
    "ja": {
        "full": "y年M月d日(E)",
        "medium": "y年M月d日",
        "short": "M月d日",
        "numeric": "y/MM/dd",
        "month": "y年M月",
    },
    "en": {
        "full": "EEE, MMM d, y",
        "medium": "MMM d, y",
        "short": "MMM d",
        "numeric": "y-MM-dd",
        "month": "MMM y",
    },
}


def language() -> str:
    """The language of the page: "ja", else "en"."""
    return "ja" if (get_language() or "").startswith("ja") else "en"


def local_day(value: date) -> date:
    """The day of a moment in the current zone; a day is itself."""
    if not isinstance(value, datetime):
        return value
    return (timezone.localtime(value) if timezone.is_aware(value) else value).date()


def day_text(value: date | None, style: DayStyle = "full") -> str:
    """2026年3月31日(火) or Tue, Mar 31, 2026, by style."""
    if value is None:
        return NOTHING
    return written_day(local_day(value), style, language())


@lru_cache(4096)
def written_day(day: date, style: DayStyle, spoken: str) -> str:
    return str(format_date(day, DAY_PATTERNS[spoken][style], locale=spoken))


def days_text(first: date, last: date) -> str:
    """Several days in a row with their year: Nov 23 – 29, 2026 or 2026年11月23日～29日."""
    if first == last:
        return day_text(first, "medium")
    return str(format_interval(first, last, "yMMMd", locale=language()))


def moment_text(value: datetime | None, style: DayStyle = "full") -> str:
    """A day and the time of day in the current zone."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day_text(value, style)} {local:%H:%M}"


def ago_text(value: date | None, today: date) -> str:
    """How far a day is from today, in days up to two months, else in months or years."""
    if value is None:
        return NOTHING
    days = (local_day(value) - today).days
    if abs(days) <= 1:
        return {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}[days]
    return past(-days) if days < 0 else ahead(days)


def past(days: int) -> str:
    if days < 60:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    if days < 730:
        months = round(days / 30.44)
        return ngettext("%(n)s month ago", "%(n)s months ago", months) % {"n": months}
    years = days // 365
    return ngettext("%(n)s year ago", "%(n)s years ago", years) % {"n": years}


def ahead(days: int) -> str:
    if days < 60:
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    if days < 730:
        months = round(days / 30.44)
        return ngettext("in %(n)s month", "in %(n)s months", months) % {"n": months}
    years = days // 365
    return ngettext("in %(n)s year", "in %(n)s years", years) % {"n": years}


def number_text(value: float | Decimal | None, digits: int | None = None) -> str:
    """1,234.5; `digits` fixes the decimals, else there are at most two."""
    if value is None:
        return NOTHING
    return written_number(unsigned_zero(value, digits), digits, language())


@lru_cache(4096)
def written_number(value: float | Decimal, digits: int | None, spoken: str) -> str:
    pattern = "#,##0.##" if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, pattern, locale=spoken))


def compact_text(value: float | Decimal | None) -> str:
    """12K or 1.2万: where room is short and the exact number is one click away."""
    if value is None:
        return NOTHING
    return str(format_compact_decimal(value, locale=language(), fraction_digits=1))


def percent_text(value: float | None, digits: int = 0) -> str:
    """A share as per cent: 0.123 is 12%."""
    if value is None:
        return NOTHING
    hundredths = round(Decimal(str(unsigned_zero(value, digits + 2))), digits + 2)
    return written_percent(hundredths, digits, language())


@lru_cache(4096)
def written_percent(value: Decimal, digits: int, spoken: str) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return str(format_percent(value, pattern, locale=spoken))


def unsigned_zero(value: float | Decimal, digits: int | None) -> float | Decimal:
    """Nobody reads "-0": what rounds to nothing loses its sign."""
    rounded = round(value, 2 if digits is None else digits)
    return abs(rounded) if rounded == 0 else value


def money_text(minor: int | None, currency: str, *, compact: bool = False) -> str:
    """Integer minor units as an amount: ¥1,200,000; compact: ¥120万, ¥1,222万 or ¥1.2M."""
    if minor is None:
        return NOTHING
    amount = Money(minor, currency).amount
    if compact and abs(amount) >= 1000:
        return compact_money(amount, currency)
    return yen(format_currency(amount, currency, locale=language()))


def compact_money(amount: Decimal, currency: str) -> str:
    """With a decimal only where it tells: 1.2M, 774K, 1,222万."""
    unit, before, after = scale(amount.adjusted(), currency, language())
    units = abs(amount) / unit
    tenths = round(units, 1)
    text = f"{tenths if tenths < 100 and tenths % 1 else round(units):,}"
    return f"{'-' if amount < 0 else ''}{before}{text}{after}"


@cache
def scale(digits: int, currency: str, spoken: str) -> tuple[int, str, str]:
    """What amounts of so many digits are counted in, and what stands before and after the count.

    Asked of Babel once: it reads its patterns anew for each amount, and lists hold hundreds.
    """
    smallest = 10**digits
    text = yen(format_compact_currency(Decimal(smallest), currency, locale=spoken))
    before, count, after = re.split(r"(\d+)", text)
    return smallest // int(count), before, after


def yen(text: object) -> str:
    """The sign half as wide, as it is beside Latin digits."""
    return str(text).replace("￥", "¥")
