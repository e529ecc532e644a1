"""Windows of local days, told by their first and last day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.windows import PERIODS, counted, span

days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
windows = st.one_of(st.integers(1, 400), st.sampled_from(PERIODS))


@pytest.mark.parametrize(
    ("window", "as_of", "before", "first", "last"),
    [
        (28, "2026-03-31", 0, "2026-03-04", "2026-03-31"),
        (28, "2026-03-31", 1, "2026-02-04", "2026-03-03"),
        ("month_to_date", "2026-03-31", 0, "2026-03-01", "2026-03-31"),
        ("month_to_date", "2026-03-31", 1, "2026-02-01", "2026-02-28"),
        ("month_to_date", "2024-03-30", 1, "2024-02-01", "2024-02-29"),
        ("quarter_to_date", "2026-05-31", 0, "2026-04-01", "2026-05-31"),
        ("quarter_to_date", "2026-05-31", 1, "2026-01-01", "2026-02-28"),
        # a Sunday closes its own week, so the last full one is the week before
        ("last_week", "2026-03-29", 0, "2026-03-16", "2026-03-22"),
        ("last_week", "2026-03-30", 0, "2026-03-23", "2026-03-29"),
        ("last_week", "2026-03-30", 1, "2026-03-16", "2026-03-22"),
        ("last_month", "2026-01-15", 0, "2025-12-01", "2025-12-31"),
        ("last_month", "2026-01-15", 1, "2025-11-01", "2025-11-30"),
        ("last_quarter", "2026-01-01", 0, "2025-10-01", "2025-12-31"),
        ("last_quarter", "2026-01-01", 1, "2025-07-01", "2025-09-30"),
    ],
)
def test_where_a_window_lies(window, as_of, before, first, last):
    found = span(window, date.fromisoformat(as_of), before)
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@given(windows, days, st.integers(0, 3))
def test_the_window_before_ends_before_it(window, as_of, before):
    first, last = span(window, as_of, before)
    earlier, ended = span(window, as_of, before + 1)
    assert earlier <= ended < first <= last <= as_of


@given(st.sampled_from([w for w in PERIODS if w.startswith("last")]), days)
def test_full_windows_leave_no_day_between_them(window, as_of):
    assert span(window, as_of, 1)[1] + timedelta(days=1) == span(window, as_of)[0]


@pytest.mark.parametrize(
    ("day", "weekdays", "business"),
    [
        ("2026-05-01", True, True),
        ("2026-05-02", False, False),
        ("2026-05-04", True, False),
        ("2026-05-06", True, False),  # the substitute for a Sunday
        ("2026-09-22", True, False),  # between two holidays
    ],
)
def test_which_days_count(day, weekdays, business):
    there = date.fromisoformat(day)
    assert counted(there, "every_day")
    assert (counted(there, "weekdays"), counted(there, "business_days")) == (weekdays, business)
