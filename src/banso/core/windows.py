"""Windows of local days: the last so many, or a stretch of the calendar, and the one before."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, get_args

type Period = Literal["month_to_date", "quarter_to_date", "last_week", "last_month", "last_quarter"]
type Window = int | Period
type DayKind = Literal["every_day", "weekdays", "business_days"]

PERIODS: tuple[Period, ...] = get_args(Period.__value__)
DAY_KINDS: tuple[DayKind, ...] = get_args(DayKind.__value__)
WEEK = timedelta(days=7)


def span(window: Window, as_of: date, before: int = 0) -> tuple[date, date]:
    """The first and the last day of a window as of a day, or of the one `before` windows ago.

    The last N days end on the day itself. "last_week", "last_month" and "last_quarter" are the
    full ones before that of the day; weeks begin on Monday. Of a month or quarter to date, the
    one before ends on the same day of its month, or on that month's last day.
    """
    match window:
        case "last_week":
            monday = as_of - timedelta(days=as_of.weekday()) - (before + 1) * WEEK
            return monday, monday + timedelta(days=6)
        case "last_month" | "last_quarter":
            months = 1 if window == "last_month" else 3
            first = _shifted(_start(as_of, months), -(before + 1) * months)
            return first, _shifted(first, months) - timedelta(days=1)
        case "month_to_date" | "quarter_to_date":
            months = 1 if window == "month_to_date" else 3
            last = _shifted(as_of, -before * months)
            return _start(last, months), last
        case int():
            last = as_of - timedelta(days=before * window)
            return last - timedelta(days=window - 1), last


def counted(day: date, on: DayKind) -> bool:
    """Whether a day counts: every day, Monday to Friday, or those that are no holiday of Japan."""
    if on == "every_day":
        return True
    return day.weekday() < 5 and (on == "weekdays" or day not in holidays_of(day.year))


@lru_cache(maxsize=256)
def holidays_of(year: int) -> frozenset[date]:
    """The public holidays of Japan in a year, substitutes included."""
    from holidays import country_holidays

    return frozenset(country_holidays("JP", years=year))


def _start(day: date, months: int) -> date:
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _shifted(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
