"""Windows as SQL over rows that carry their `age`, the whole days from their `day` to the
subject's day `as_of`; stretches of the calendar as comparisons of dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from banso.core.metrics import Simple
from banso.core.windows import DayKind, Period, Window

_MONDAY = "date '0001-01-01'"
_MONTHS = {"month_to_date": 1, "last_month": 1, "quarter_to_date": 3, "last_quarter": 3}
_UNITS = {1: "month", 3: "quarter"}
_LONGEST: dict[Period, int] = {
    "last_week": 14,
    "month_to_date": 31,
    "last_month": 62,
    "quarter_to_date": 92,
    "last_quarter": 184,
}
_STEP: dict[Period, int] = {
    "last_week": 7,
    "month_to_date": 31,
    "last_month": 31,
    "quarter_to_date": 92,
    "last_quarter": 92,
}


@dataclass(frozen=True)
class Frame:
    """Where a window lies: `inside` holds for its rows, `place` counts its days from 0 up to
    below `days`, from either end. `age` is the first and last age of a rolling window."""

    inside: str
    place: str
    days: int
    age: tuple[int, int] | None = None


def frame(metric: Simple, before: int = 0) -> Frame:
    """The window of a metric, or the one `before` windows ago."""
    if isinstance(metric.window, int):
        return _rolling(metric.window, metric.offset + before * metric.window)
    first, last = _stretch(metric.window, _less("as_of", metric.offset, "day"), before)
    place = f"date_diff('day', {first}, day)"
    return Frame(f"day between {first} and {last}", place, _STEP[metric.window])


def back(window: Window, offset: int, before: int) -> int:
    """How many days a window, or the one `before` windows ago, may look back."""
    if isinstance(window, int):
        return offset + window * (before + 1)
    return offset + _LONGEST[window] + before * _STEP[window]


def on(kind: DayKind, holidays: Sequence[date]) -> str | None:
    """The condition that a row's day counts; None where every day does."""
    if kind == "every_day":
        return None
    weekday = f"date_diff('day', {_MONDAY}, day) % 7 < 5"
    if kind == "weekdays" or not holidays:
        return weekday
    listed = ", ".join(f"date '{day}'" for day in holidays)
    return f"{weekday} and day not in ({listed})"


def _rolling(days: int, low: int) -> Frame:
    inside = f"age < {low + days}" + (f" and age >= {low}" if low else "")
    return Frame(inside, f"(age - {low})" if low else "age", days, (low, low + days - 1))


def _stretch(period: Period, day: str, before: int) -> tuple[str, str]:
    if period == "last_week":
        monday = f"cast(date_trunc('week', {day}) as date)"
        return _less(monday, 7 * (before + 1), "day"), _less(monday, 7 * before + 1, "day")
    months = _MONTHS[period]
    if period in ("month_to_date", "quarter_to_date"):
        last = _less(day, before * months, "month")
        return f"cast(date_trunc('{_UNITS[months]}', {last}) as date)", last
    start = f"cast(date_trunc('{_UNITS[months]}', {day}) as date)"
    end = _less(start, before * months, "month")
    return _less(start, (before + 1) * months, "month"), _less(end, 1, "day")


def _less(day: str, number: int, unit: str) -> str:
    return f"cast({day} - interval '{number}' {unit} as date)" if number else day
