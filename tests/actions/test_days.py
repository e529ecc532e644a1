"""The days of what comes again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.actions.days import MONTHS, WEEKS, day_after

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("every", "first", "after", "found"),
    [
        ("week", date(2026, 4, 6), date(2026, 4, 6), date(2026, 4, 13)),
        ("week", date(2026, 4, 6), date(2026, 4, 12), date(2026, 4, 13)),
        ("two_weeks", date(2026, 4, 6), date(2026, 4, 21), date(2026, 5, 4)),
        ("month", date(2026, 1, 31), date(2026, 1, 31), date(2026, 2, 28)),
        ("month", date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)),
        ("quarter", date(2025, 11, 30), date(2026, 1, 5), date(2026, 2, 28)),
        ("quarter", date(2025, 11, 30), date(2026, 2, 28), date(2026, 5, 30)),
    ],
)
def test_known_days(every, first, after, found):
    assert day_after(every, first, after) == found


@given(st.sampled_from([*WEEKS, *MONTHS]), DAYS, st.integers(0, 2_000))
def test_it_is_the_first_of_the_series_after_the_day(every, first, days):
    after = first + timedelta(days=days)
    found = day_after(every, first, after)
    assert found > after
    assert found == day_after(every, first, found - timedelta(days=1))
    longest = 7 * WEEKS[every] if every in WEEKS else 31 * MONTHS[every]
    assert (found - after).days <= longest
