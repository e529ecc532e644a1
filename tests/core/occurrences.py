"""Generated occurrences and definitions for the property tests."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from banso.core.conditions import Is, Not
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    DistinctPeople,
    LastOf,
    MeanOf,
    Occurrence,
    PerPerson,
    Ratio,
    Seats,
    Simple,
    SumOf,
    Trend,
)
from banso.core.windows import DAY_KINDS, PERIODS

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

_asked = st.one_of(
    st.builds(Is, st.just("amount"), st.sampled_from(["ge", "lt"]), st.integers(-500, 500)),
    st.builds(Is, st.just("amount"), st.sampled_from(["known", "unknown"])),
    st.builds(Is, st.just("amount"), st.just("contains"), st.sampled_from(["x", "2"])),
)
_where = st.one_of(st.none(), _asked, st.builds(Not, _asked))
_event = st.sampled_from([*EVENTS, None, ("export", "login")])
_days = st.integers(1, 120)
_offset = st.integers(0, 60)
_shared = {"offset": _offset, "where": _where, "on": st.sampled_from(DAY_KINDS)}
_window = st.one_of(_days, st.sampled_from(PERIODS))


def _windowed(kind: type[Count | DistinctPeople | ActiveDays]) -> st.SearchStrategy[Simple]:
    return st.builds(kind, event=_event, window=_window, **_shared)


def _of_property(kind: type[SumOf | MeanOf | LastOf]) -> st.SearchStrategy[Simple]:
    amount = st.just("amount")
    return st.builds(kind, event=_event, property=amount, window=_window, **_shared)


people = _windowed(DistinctPeople)
counted = st.one_of(
    _windowed(Count), _windowed(ActiveDays), _of_property(SumOf), _of_property(MeanOf),
    _of_property(LastOf),
)  # fmt: skip
since = st.builds(DaysSince, event=_event, days=_days, where=_where)
simple: st.SearchStrategy[Simple] = st.one_of(people, counted, since)
_of_person = st.one_of(counted, since)
_middle = st.sampled_from(["mean", "median"])
_bound = st.integers(0, 30)
per_person = st.one_of(
    st.builds(PerPerson, of=_of_person, aggregate=_middle, seen=_days),
    st.builds(PerPerson, of=_of_person, aggregate=st.just("share"), at_least=_bound, seen=_days),
)
definitions = st.one_of(
    simple,
    st.builds(Ratio, numerator=simple, denominator=st.one_of(simple, st.just(Seats()))),
    st.builds(
        Trend, of=st.one_of(people, counted), change=st.sampled_from(["difference", "ratio"])
    ),
    per_person,
)
