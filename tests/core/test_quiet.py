"""Working days, quiet hours and the moment of the daily mail, across the year and its clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.quiet import (
    Times,
    digest_due,
    digest_moment,
    is_quiet,
    may_disturb,
    next_allowed,
    next_digest,
    works_on,
)

WEEK = frozenset({1, 2, 3, 4, 5})
NIGHT = (time(20), time(8))
YEARS = (datetime(2025, 1, 1), datetime(2028, 1, 1))  # noqa: DTZ001 (hypothesis adds the zone)
TOKYO = Times("Asia/Tokyo", 8, WEEK, NIGHT)


def at(text: str, zone: str = "Asia/Tokyo") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_quiet_hours_over_midnight():
    quiet = [is_quiet(at(f"2026-11-25T{hour:02}:00"), TOKYO) for hour in (19, 20, 23, 0, 7, 8)]
    assert quiet == [False, True, True, True, True, False]


def test_quiet_hours_within_a_day_and_none():
    lunch = Times("Asia/Tokyo", 8, WEEK, (time(12), time(13)))
    assert is_quiet(at("2026-11-25T12:59"), lunch)
    assert not is_quiet(at("2026-11-25T13:00"), lunch)
    assert not is_quiet(at("2026-11-25T03:00"), Times("Asia/Tokyo", 8, WEEK, None))
    assert not is_quiet(at("2026-11-25T03:00"), Times("Asia/Tokyo", 8, WEEK, (time(8), time(8))))


def test_quiet_hours_are_those_of_the_readers_own_zone():
    london = Times("Europe/London", 8, WEEK, NIGHT)
    noon_in_tokyo = at("2026-11-25T12:00")
    assert is_quiet(noon_in_tokyo, london)
    assert not is_quiet(noon_in_tokyo, TOKYO)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-04-29", False),  # Showa Day
        ("2026-04-30", True),
        ("2026-05-01", True),
        ("2026-05-04", False),  # Greenery Day
        ("2026-05-06", False),  # substitute for Constitution Day on a Sunday
        ("2026-05-07", True),
        ("2026-09-22", False),  # a day between two holidays
        ("2026-01-01", False),
        ("2026-11-21", False),  # a Saturday
    ],
)
def test_days_of_japan(day, works):
    assert works_on(date.fromisoformat(day), TOKYO) == works


def test_after_golden_week_the_next_mail_comes_on_the_seventh():
    assert next_digest(at("2026-05-01T09:00"), TOKYO) == at("2026-05-07T08:00")


def test_across_new_year():
    assert next_digest(at("2026-12-31T09:00"), TOKYO) == at("2027-01-04T08:00")
    assert digest_due(at("2027-01-01T09:00"), TOKYO) is None


def test_who_works_on_saturdays_is_mailed_on_saturdays():
    own = Times("Asia/Tokyo", 8, frozenset({6}), NIGHT)
    assert digest_due(at("2026-11-21T08:00"), own) == date(2026, 11, 21)
    assert next_digest(at("2026-11-21T08:00"), own) == at("2026-11-28T08:00")
    assert next_digest(at("2026-11-21T08:00"), Times("Asia/Tokyo", 8, frozenset())) is None


def test_an_hour_within_quiet_hours_waits_for_their_end():
    late = Times("Asia/Tokyo", 22, WEEK, NIGHT)
    assert digest_moment(date(2026, 11, 25), late) == at("2026-11-25T08:00")
    assert digest_due(at("2026-11-25T22:30"), late) is None
    early = Times("Asia/Tokyo", 6, WEEK, NIGHT)
    assert digest_due(at("2026-11-25T07:59"), early) is None
    assert digest_due(at("2026-11-25T08:00"), early) == date(2026, 11, 25)


def test_a_worker_that_comes_late_still_mails_that_day():
    assert digest_due(at("2026-11-25T15:00"), TOKYO) == date(2026, 11, 25)
    assert digest_due(at("2026-11-25T20:30"), TOKYO) is None


def test_a_local_hour_that_the_clocks_skip():
    """In New York 2026-03-08 has no 2:30; the mail of 2:00 comes at 3:00, once."""
    night = Times("America/New_York", 2, frozenset({7}), None)
    moment = digest_moment(date(2026, 3, 8), night)
    assert moment == datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert moment.astimezone(ZoneInfo("America/New_York")).hour == 3
    assert digest_due(moment - timedelta(minutes=1), night) is None
    assert digest_due(moment, night) == date(2026, 3, 8)


def test_a_local_hour_that_comes_twice_is_one_day():
    """In New York 2026-11-01 has 1:00 twice: due from the first on, for the same day."""
    night = Times("America/New_York", 1, frozenset({7}), None)
    first = digest_moment(date(2026, 11, 1), night)
    assert first == datetime(2026, 11, 1, 5, tzinfo=UTC)
    again = first + timedelta(hours=1)
    assert digest_due(first, night) == digest_due(again, night) == date(2026, 11, 1)


@given(
    now=st.datetimes(*YEARS, timezones=st.just(UTC)),
    zone=st.sampled_from(["Asia/Tokyo", "America/New_York", "Europe/London", "Asia/Kolkata"]),
    hour=st.integers(0, 23),
    ends=st.tuples(st.integers(0, 23), st.integers(0, 23)),
)
def test_the_next_mail_is_never_quiet_and_always_on_a_working_day(now, zone, hour, ends):
    times = Times(zone, hour, WEEK, (time(ends[0]), time(ends[1])))
    moment = next_digest(now, times)
    assert moment is not None
    assert moment > now
    assert works_on(moment.astimezone(ZoneInfo(zone)).date(), times)
    assert digest_due(moment, times) is not None


@given(st.datetimes(*YEARS, timezones=st.just(ZoneInfo("Asia/Tokyo"))))
def test_the_next_allowed_moment_is_allowed_and_the_first(now):
    found = next_allowed(now, TOKYO)
    assert may_disturb(found, TOKYO) and found >= now
    assert found == now or not may_disturb(found - timedelta(seconds=1), TOKYO)
    assert found == now or not may_disturb(now, TOKYO)


def test_where_no_day_is_theirs_nothing_waits_for_ever():
    nobody = Times("Asia/Tokyo", 8, frozenset())
    assert next_allowed(at("2026-11-25T10:00"), nobody) == at("2026-11-25T10:00")
