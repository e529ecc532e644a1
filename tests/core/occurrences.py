"""Generated occurrences and definitions for the property tests."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    DistinctPeople,
    Occurrence,
    Ratio,
    Seats,
    Simple,
    SumOf,
)

AS_OF = date(2026, 3, 31)
ZONES = ("Asia/Tokyo", "America/New_York", "UTC", "Pacific/Apia", "Asia/Kathmandu")
EVENTS = ("login", "export", "report")

_start = datetime(2025, 10, 1, tzinfo=UTC)
_amounts = st.one_of(
    st.integers(-1000, 1000),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from(["12.5", " 7 ", "1e2", "x", "", None, True, "nan", "inf"]),
)

zones = st.sampled_from(ZONES)
occurrences = st.builds(
    Occurrence,
    at=st.integers(0, 220 * 1440).map(lambda minutes: _start + timedelta(minutes=minutes)),
    event=st.sampled_from(EVENTS),
    person=st.sampled_from(["ann", "bob", "cho", None]),
    count=st.integers(1, 5),
    properties=st.one_of(st.just({}), st.builds(lambda v: {"amount": v}, _amounts)),
)
some = st.lists(occurrences, max_size=40)

_event = st.sampled_from([*EVENTS, None])
_days = st.integers(1, 120)
_offset = st.integers(0, 60)


def _windowed(kind: type[Count | DistinctPeople | ActiveDays]) -> st.SearchStrategy[Simple]:
    return st.builds(kind, event=_event, window=_days, offset=_offset)


simple: st.SearchStrategy[Simple] = st.one_of(
    _windowed(Count),
    _windowed(DistinctPeople),
    _windowed(ActiveDays),
    st.builds(DaysSince, event=_event, days=_days),
    st.builds(SumOf, event=_event, property=st.just("amount"), window=_days, offset=_offset),
)
definitions = st.one_of(
    simple, st.builds(Ratio, numerator=simple, denominator=st.one_of(simple, st.just(Seats())))
)
