"""Dates and moments as they stand in real files."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.cells import Cell
from banso.core.parsing import Problem, parse_date, parse_moment

TOKYO = "Asia/Tokyo"
DAY = date(2026, 3, 31)
EARLY, LATE = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01")


@pytest.mark.parametrize(
    "cell",
    ["2026-03-31", "2026/3/31", "2026.3.31", "20260331", 20260331, "2026年3月31日",
     "２０２６／３／３１",
     "2026年3月末", "2026年3月末日", "2026/03末", "令和8年3月31日", "R8.3.31", "r8/3/31",
     "令和8年3月末",
     "㋿8年3月31日", "2026年3月31日(火)", "2026年 3月 31日", "2026-03-31 00:00:00",
     "2026-03-31T14:05:09Z",
     "31/03/2026", "3/31/2026", "31 Mar 2026", "31-Mar-2026", "March 31, 2026", "Mar. 31st, 2026",
     "Tue, 31 Mar 2026 10:00:00 GMT", 46112, 46112.75, "46112", DAY,
     datetime.fromisoformat("2026-03-31T23:59"),
     " 2026-03-31 ", "2026‐03‐31"],
)  # fmt: skip
def test_one_day_written_in_many_ways(cell: Cell) -> None:
    assert parse_date(cell) == DAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("明治45年7月29日", date(1912, 7, 29)),
        ("大正元年7月30日", date(1912, 7, 30)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("平成25年10月1日", date(2013, 10, 1)),
        ("H25.10.1", date(2013, 10, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R6.4.1", date(2024, 4, 1)),
        ("平成33年3月31日", date(2021, 3, 31)),
        ("2024年2月末", date(2024, 2, 29)),
        ("令和5年2月末", date(2023, 2, 28)),
        ("04/04/2026", date(2026, 4, 4)),
    ],
)
def test_eras_and_ends_of_months(text: str, expected: date) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize("cell", [None, "", " ", "　", "-", "－", "ー", "未定", "なし", "N/A"])
def test_an_empty_cell_is_no_date(cell: Cell) -> None:
    assert parse_date(cell) is None
    assert parse_moment(cell, TOKYO) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026/02/30", "no_such_date"),
        ("2026-02-30T10:00:00Z", "no_such_date"),
        ("2026-13-01", "no_such_date"),
        ("令和元年4月30日", "no_such_date"),
        ("平成元年1月7日", "no_such_date"),
        ("明治5年1月1日", "no_such_date"),
        ("2026-00-10", "no_such_date"),
        ("0026-03-31", "no_such_date"),
        ("31/04/2026", "no_such_date"),
        ("13/13/2026", "no_such_date"),
        (20261301, "no_such_date"),
        ("03/04/2026", "ambiguous_date"),
        ("26/03/31", "ambiguous_date"),
        ("2026年3月", "no_day"),
        ("2026/03", "no_day"),
        ("令和8年3月", "no_day"),
        ("2026年度", "not_a_date"),
        ("自動更新", "not_a_date"),
        (2026, "not_a_date"),
        (True, "not_a_date"),
        (-5, "not_a_date"),
        (float("nan"), "not_a_date"),
        (float("inf"), "not_a_date"),
        (timedelta(days=1), "not_a_date"),
        ("#N/A", "spreadsheet_error"),
        ("9" * 40, "not_a_date"),
    ],
)
def test_what_is_no_date(cell: Cell, code: str) -> None:
    found = parse_date(cell)
    assert isinstance(found, Problem)
    assert found == parse_moment(cell, TOKYO)
    assert found.code == code
    assert found.found == str(cell)


@pytest.mark.parametrize(
    "cell",
    ["2026-03-31 14:05:00", "2026-03-31T14:05", "2026/3/31 14:05", "2026年3月31日 14時05分",
     "2026年3月31日14時5分", "2026年3月31日(火) 午後2時5分", "3/31/2026 2:05 PM",
     "2026-03-31T05:05:00Z",
     "2026-03-31T05:05:00.000000Z", "2026-03-31T14:05:00+09:00", "2026-03-31 14:05:00 +0900",
     "2026-03-31 00:05:00-05", "2026-03-31 14:05:00 JST",
     datetime.fromisoformat("2026-03-31T14:05"),
     datetime(2026, 3, 31, 5, 5, tzinfo=UTC), 1774933500, "1774933500", 1774933500000,
     "1774933500000", 46112 + (14 * 60 + 5) / 1440, "２０２６－０３－３１　１４：０５"],
)  # fmt: skip
def test_one_moment_written_in_many_ways(cell: Cell) -> None:
    assert parse_moment(cell, TOKYO) == datetime(2026, 3, 31, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-31 12:30 am", datetime(2026, 3, 30, 15, 30, tzinfo=UTC)),
        ("2026-03-31 午前12時30分", datetime(2026, 3, 30, 15, 30, tzinfo=UTC)),
        ("2026-03-31 12:30 pm", datetime(2026, 3, 31, 3, 30, tzinfo=UTC)),
        ("2026-03-31 24:00", datetime(2026, 3, 31, 15, 0, tzinfo=UTC)),
        ("2026-03-31T05:05:09.123456789Z", datetime(2026, 3, 31, 5, 5, 9, 123456, tzinfo=UTC)),
        ("2026-03-31T05:05:09.5Z", datetime(2026, 3, 31, 5, 5, 9, 500000, tzinfo=UTC)),
    ],
)
def test_clocks(text: str, expected: datetime) -> None:
    assert parse_moment(text, TOKYO) == expected


@pytest.mark.parametrize(
    "text",
    ["2026-03-31 25:00", "2026-03-31 24:01", "2026-03-31 10:61", "2026-03-31 13:00 pm",
     "2026-03-31 10:00:60", "2026-03-31 10:00+16:00"],
)  # fmt: skip
def test_no_such_time(text: str) -> None:
    assert parse_moment(text, TOKYO) == Problem("no_such_time", text)
    assert parse_date(text) == DAY


def test_the_last_moment_of_all_is_refused_where_utc_has_no_such_year() -> None:
    text = "9999-12-31 23:00"
    assert parse_moment(text, "America/New_York") == Problem("no_such_time", text)


def test_local_times_at_the_changes_of_the_clock() -> None:
    spring = parse_moment("2026-03-08 02:30", "America/New_York")
    autumn = parse_moment("2026-11-01 01:30", "America/New_York")
    assert spring == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert autumn == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@given(st.dates(date(1873, 1, 1), date(2200, 1, 1)))
def test_dates_come_back(day: date) -> None:
    forms = [f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日",
             f"{day:%Y%m%d}", f"{day:%d %b %Y}", f"{day:%B} {day.day}, {day.year}"]  # fmt: skip
    assert {parse_date(form) for form in forms} == {day}


@given(st.dates(date(2019, 5, 1), date(2117, 12, 31)))
def test_reiwa_comes_back(day: date) -> None:
    year = day.year - 2018
    assert parse_date(f"令和{year}年{day.month}月{day.day}日") == day
    assert parse_date(f"R{year}.{day.month}.{day.day}") == day


@given(st.dates(date(1909, 1, 1), date(9000, 1, 1)))
def test_serials_count_days(day: date) -> None:
    assert parse_date((day - date(1899, 12, 30)).days) == day


@given(
    st.datetimes(EARLY, LATE),
    st.sampled_from(["Asia/Tokyo", "America/New_York", "UTC", "Australia/Lord_Howe"]),
)
def test_moments_come_back(local: datetime, zone: str) -> None:
    moment = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert parse_moment(moment.isoformat(), "Asia/Tokyo") == moment
    assert parse_moment(moment.astimezone(ZoneInfo(zone)).isoformat(), "UTC") == moment
    assert parse_moment(f"{local:%Y-%m-%d %H:%M:%S.%f}", zone) == moment
    assert parse_moment(local, zone) == moment


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans()))
def test_nothing_makes_the_parsers_fail(cell: Cell) -> None:
    for found in (parse_date(cell), parse_moment(cell, TOKYO)):
        assert found is None or isinstance(found, date | Problem)


@given(st.text(alphabet="0123456789年月日末-/.: 令和RH午後時分tz+()", max_size=24))
def test_nothing_that_resembles_a_date_makes_them_fail(text: str) -> None:
    day, moment = parse_date(text), parse_moment(text, "America/New_York")
    if isinstance(moment, datetime):
        assert isinstance(day, date) or text.strip().isdigit()
