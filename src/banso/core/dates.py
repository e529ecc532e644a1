"""Dates and moments as people and spreadsheets write them, the Japanese eras among them.

What can be read in two ways (03/04/2026, 26/03/31) is refused, never guessed.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import partial
from zoneinfo import ZoneInfo

from banso.core.cells import Cell, Problem, is_empty, is_error, problem, written

# First day and year 0 of each era; Japan counts days as we do since 1873 (明治6年).
_ERAS = {
    "明治": (date(1873, 1, 1), 1867), "大正": (date(1912, 7, 30), 1911),
    "昭和": (date(1926, 12, 25), 1925), "平成": (date(1989, 1, 8), 1988),
    "令和": (date(2019, 5, 1), 2018),
}  # fmt: skip
_INITIALS = {"m": "明治", "t": "大正", "s": "昭和", "h": "平成", "r": "令和"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_FIRST_YEAR = 1868
# Serial numbers count from here after 28 February 1900. Below 3000 (1908) a number is more
# likely a year or an amount; above, the last day that a date can hold.
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(3000, 2_958_466)
_STAMPS = range(18_680_101, 100_000_000)
_EPOCH_SECONDS = range(1_000_000_000, 10_000_000_000)
_EPOCH_MILLISECONDS = range(1_000_000_000_000, 10_000_000_000_000)

_YEAR = r"(?P<year>\d{4})"
_ERA = r"(?P<era>明治|大正|昭和|平成|令和|[mtshr])\.?\s*(?P<era_year>元|\d{1,3})"
_MONTH_DAY = r"(?P<month>\d{1,2})(?:\s*月\s*|\s*[-/.]\s*)(?P<day>\d{1,2})\s*日?"
_MONTH_END = r"(?P<month>\d{1,2})\s*月?\s*末日?"
_SEP = r"(?:\s*年\s*|\s*[-/.]\s*)"
_NAME = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_FORMS = tuple(re.compile(form, re.ASCII) for form in (
    rf"{_YEAR}{_SEP}{_MONTH_DAY}", rf"{_YEAR}{_SEP}{_MONTH_END}",
    rf"{_ERA}{_SEP}{_MONTH_DAY}", rf"{_ERA}{_SEP}{_MONTH_END}",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    rf"{_NAME}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s*{_YEAR}",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-\s]*{_NAME}[-,\s]*{_YEAR}",
))  # fmt: skip
_TWO_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}", re.ASCII)
_NO_DAY = re.compile(rf"(?:\d{{4}}|{_ERA})(?:[-/.]\d{{1,2}}|\s*年\s*(?:\d{{1,2}}\s*月)?)", re.ASCII)
_WEEKDAY = re.compile(
    r"\s*\([月火水木金土日](?:曜日?)?\)|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+"
)

# What machines write; read apart because files hold millions of these.
_MACHINE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?Z?", re.ASCII)
_CLOCK = re.compile(
    r"(?:(?<=\d)t|\s+|(?<=日)|(?=午))(?P<half>午前|午後)?\s*"
    r"(?P<hour>\d{1,2})(?::|時)(?:(?P<minute>\d{1,2})分?)?"
    r"(?::?(?P<second>\d{1,2})秒?(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<ampm>am|pm)?\s*"
    r"(?P<zone>z|utc|gmt|jst|[+-]\d{2}:?\d{2}|[+-]\d{2})?$",
    re.ASCII,
)


def parse_date(cell: Cell) -> date | Problem | None:
    """The calendar day that a cell names, any time of day dropped; None for an empty cell.

    Reads 2026-03-31, 2026/3/31, 20260331, 2026年3月31日(火), 2026年3月末, 令和8年3月31日, R8.3.31,
    31 Mar 2026, 31/03/2026 where only one reading exists, date cells and spreadsheet serials.
    An era's years may run on after its end (平成33年, as in contracts signed before), not start
    early. Problems: not_a_date, no_such_date, ambiguous_date, no_day, spreadsheet_error.
    """
    if is_empty(cell):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _day_of_number(cell)
    if not isinstance(cell, str) or is_error(cell):
        return problem("spreadsheet_error" if is_error(cell) else "not_a_date", cell)
    text = _without_weekday(cell)
    clock = _CLOCK.search(text)
    return _day_of_text(text[: clock.start()].rstrip() if clock else text, cell)


def parse_moment(cell: Cell, zone: str) -> datetime | Problem | None:
    """The moment that a cell names, as aware UTC; None for an empty cell.

    A time without a zone is read in `zone` (an IANA name); a bare day is its local midnight.
    A local time skipped in spring moves forward, one that comes twice in autumn is the first.
    Reads the dates of `parse_date` with 14:05, 14:05:09.123, 午後2時5分, 2:05 pm, Z, JST or
    +09:00; date cells; serials; Unix seconds and milliseconds.
    Problems: those of `parse_date`, no_such_time.
    """
    if isinstance(cell, datetime):
        return _in_utc(cell, zone, cell)
    if isinstance(cell, str) and (exact := _moment_of_machine(cell, zone)) is not None:
        return exact
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _moment_of_number(cell, zone)
    if isinstance(cell, str) and re.fullmatch(r"\d{10}|\d{13}", written(cell), re.ASCII):
        return _moment_of_number(int(written(cell)), zone)
    day = parse_date(cell)
    if day is None or isinstance(day, Problem):
        return day
    clock = _CLOCK.search(_without_weekday(cell)) if isinstance(cell, str) else None
    return _moment_of(day, clock, zone, cell)


def _without_weekday(cell: str) -> str:
    return _WEEKDAY.sub("", written(cell)).strip()


def _day_of_text(text: str, cell: Cell) -> date | Problem:
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _guarded(partial(_day_of_match, match), cell)
    if match := _TWO_FIRST.fullmatch(text):
        return _day_of_two(int(match[1]), int(match[2]), int(match[3]), cell)
    if re.fullmatch(r"\d{5}", text, re.ASCII):
        return _day_of_number(int(text))
    if _SHORT_YEAR.fullmatch(text):
        return problem("ambiguous_date", cell)
    return problem("no_day" if _NO_DAY.fullmatch(text) else "not_a_date", cell)


def _day_of_match(match: re.Match[str]) -> date:
    parts = match.groupdict()
    year = _year(parts)
    month = _MONTHS.index(parts["name"]) + 1 if "name" in parts else int(parts["month"])
    if not 1 <= month <= 12:
        raise ValueError
    day = _day(year, month, int(parts.get("day") or monthrange(year, month)[1]))
    if "era" in parts and day < _ERAS[_era(parts)][0]:
        raise ValueError
    return day


def _year(parts: dict[str, str]) -> int:
    if "era" not in parts:
        return int(parts["year"])
    return _ERAS[_era(parts)][1] + int(parts["era_year"].replace("元", "1"))


def _day(year: int, month: int, day: int) -> date:
    if year < _FIRST_YEAR:
        raise ValueError
    return date(year, month, day)


def _era(parts: dict[str, str]) -> str:
    return _INITIALS.get(parts["era"], parts["era"])


def _day_of_two(first: int, second: int, year: int, cell: Cell) -> date | Problem:
    if first != second and first <= 12 and second <= 12:
        return problem("ambiguous_date", cell)
    month, day = (second, first) if first > 12 else (first, second)
    return _guarded(lambda: _day(year, month, day), cell)


def _day_of_number(cell: float) -> date | Problem:
    whole = int(cell) if abs(cell) < 1e9 else 0
    if whole in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=whole)
    if whole in _STAMPS and whole == cell:
        return _guarded(lambda: _day(whole // 10_000, whole // 100 % 100, whole % 100), cell)
    return problem("not_a_date", cell)


def _guarded(make: Callable[[], date], cell: Cell) -> date | Problem:
    try:
        return make()
    except ValueError:
        return problem("no_such_date", cell)


def _moment_of(day: date, clock: re.Match[str] | None, zone: str, cell: Cell) -> datetime | Problem:
    if clock is None:
        return _in_utc(datetime.combine(day, time()), zone, cell)
    try:
        local = _at_clock(day, clock)
    except (ValueError, OverflowError):
        return problem("no_such_time", cell)
    return _in_utc(local, zone, cell)


def _at_clock(day: date, match: re.Match[str]) -> datetime:
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    half = {"午前": "am", "午後": "pm"}.get(match["half"], match["ampm"])
    if half:
        if not 0 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half == "pm" else 0)
    fraction = int((match["fraction"] or "0").ljust(6, "0")[:6])
    extra = timedelta(days=1) if (hour, minute, second, fraction) == (24, 0, 0, 0) else timedelta()
    clock = time(hour % 24 if extra else hour, minute, second, fraction, _offset(match["zone"]))
    return datetime.combine(day, clock) + extra


def _offset(zone: str | None) -> timezone | None:
    if zone is None:
        return None
    if zone in ("z", "utc", "gmt"):
        return UTC
    digits = "+0900" if zone == "jst" else zone.replace(":", "").ljust(5, "0")
    if int(digits[1:3]) > 15 or int(digits[3:5]) > 59:
        raise ValueError
    length = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return timezone(-length if digits[0] == "-" else length)


def _moment_of_machine(text: str, zone: str) -> datetime | None:
    if not _MACHINE.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _moment_of_number(cell: float, zone: str) -> datetime | Problem:
    whole = int(cell) if abs(cell) < 1e15 else 0
    if whole in _EPOCH_MILLISECONDS:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=cell)
    if whole in _EPOCH_SECONDS:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=cell)
    day = _day_of_number(cell)
    if isinstance(day, Problem):
        return day
    seconds = round((cell - whole) * 86_400) if whole in _SERIALS else 0
    return _in_utc(datetime.combine(day, time()) + timedelta(seconds=seconds), zone, cell)


def _in_utc(moment: datetime, zone: str, cell: Cell) -> datetime | Problem:
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    try:
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return problem("no_such_time", cell)
