from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.periods import GRAINS, Period, back, periods, start

DAYS = st.dates(date(1999, 1, 1), date(2101, 1, 1))


@given(st.sampled_from(GRAINS), DAYS, st.integers(0, 400), st.integers(-5, 40))
def test_periods_cover_every_day_once(grain, since, length, away):
    until = since + timedelta(length)
    found = periods(grain, since, until, today=until + timedelta(away))
    days = [
        each.first + timedelta(n)
        for each in found
        for n in range((each.last - each.first).days + 1)
    ]
    assert days == [start(grain, since) + timedelta(n) for n in range(len(days))]
    assert days[-1] == until
    assert all(each.whole for each in found[:-1] if away > 0)


@given(st.sampled_from(GRAINS), DAYS, st.integers(0, 60))
def test_so_many_periods_back_are_so_many_periods(grain, day, number):
    assert len(periods(grain, back(grain, day, number), day, today=day)) == number + 1


@pytest.mark.parametrize(
    ("grain", "last"),
    [
        ("day", Period(date(2026, 11, 30), date(2026, 11, 30), False)),
        ("week", Period(date(2026, 11, 30), date(2026, 11, 30), False)),
        ("month", Period(date(2026, 11, 1), date(2026, 11, 30), False)),
    ],
)
def test_a_period_is_not_over_on_its_last_day(grain, last):
    today = date(2026, 11, 30)
    assert periods(grain, today, today, today=today) == [last]


def test_a_range_that_ends_within_a_week_leaves_some_out():
    found = periods("week", date(2026, 5, 6), date(2026, 5, 13), today=date(2026, 9, 1))
    assert found == [
        Period(date(2026, 5, 4), date(2026, 5, 10)),
        Period(date(2026, 5, 11), date(2026, 5, 13), False),
    ]
