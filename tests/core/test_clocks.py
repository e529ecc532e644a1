"""The rule of clocks, sentence by sentence."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.clocks import OLDEST, NoTime, happened, read_time

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)


@pytest.mark.parametrize(
    ("told", "sent", "expected"),
    [
        (None, None, (NOW, "")),
        (NOW - DAY, None, (NOW - DAY, "")),
        (NOW - DAY, NOW - timedelta(seconds=90), (NOW - DAY, "")),
        (NOW - HOUR, NOW - HOUR, (NOW, "shifted")),
        (NOW + 9 * HOUR, NOW + 9 * HOUR, (NOW, "shifted")),
        (NOW - 25 * YEAR, NOW - 25 * YEAR + HOUR, (NOW - HOUR, "shifted")),
        (NOW + timedelta(seconds=30), None, (NOW, "")),
        (NOW + 5 * YEAR, NOW, (NOW, "ahead")),
        (NOW - OLDEST, NOW, (NOW - OLDEST, "")),
        (datetime(1970, 1, 20, tzinfo=UTC), NOW, (NOW, "too_old")),
        (datetime.max.replace(tzinfo=UTC), NOW - HOUR, (NOW, "ahead")),
    ],
)
def test_when_it_happened(told, sent, expected):
    moment = happened(told=told, sent=sent, received=NOW)
    assert (moment.at, moment.why) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("2026-11-30T09:00:00Z", NOW),
        ("2026-11-30T18:00:00.000+09:00", NOW),
        ("2026-11-30T09:00:00", NOW),
        (" 2026-11-30T09:00:00.000000000Z ", NOW),
        (NOW.timestamp(), NOW),
        (int(NOW.timestamp() * 1000), NOW),
        ("2026-11-30", NOW.replace(hour=0)),
    ],
)
def test_a_time_is_read(value, expected):
    assert read_time(value) == expected


@pytest.mark.parametrize(
    "value", ["yesterday", True, [], {}, float("nan"), float("inf"), 10**30, -(10**20), "0"]
)
def test_what_is_no_time_is_said_so(value):
    with pytest.raises(NoTime):
        read_time(value)


MOMENTS = st.datetimes(timezones=st.sampled_from([UTC, timezone(9 * HOUR)]))


@given(told=st.none() | MOMENTS, sent=st.none() | MOMENTS)
def test_nothing_happens_after_it_was_received_nor_ten_years_before(told, sent):
    moment = happened(told=told, sent=sent, received=NOW)
    assert NOW - OLDEST <= moment.at <= NOW
