"""What a metric means, in stories and as properties."""

import dataclasses
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.evaluate import evaluate, number, relevant
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Entered,
    Occurrence,
    Ratio,
    Seats,
    SumOf,
)
from tests.core.occurrences import AS_OF, definitions, simple, some, zones


def at(text: str, event: str = "login", **rest: object) -> Occurrence:
    return Occurrence(datetime.fromisoformat(text).astimezone(UTC), event, **rest)  # type: ignore[arg-type]


STORY = [
    at("2026-03-01T09:00+09:00", person="ann", count=3),
    at("2026-03-04T00:00+09:00", person="bob", properties={"minutes": "12.5"}),
    at("2026-03-03T23:59+09:00", person="ann", properties={"minutes": 30}),
    at("2026-03-31T23:59+09:00", "export", person="ann", count=2, properties={"minutes": 4}),
    at("2026-04-01T00:00+09:00", person="cho"),
    at("2026-03-20T12:00+09:00", person=None),
]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (Count("login", 28), 2.0),
        (Count("login", 29), 3.0),
        (Count(None, 31), 8.0),
        (Count("login", 28, offset=3), 6.0),
        (DistinctPeople("login", 28), 1.0),
        (DistinctPeople(None, 31), 2.0),
        (ActiveDays(None, 31), 5.0),
        (DaysSince(None, 90), 0.0),
        (DaysSince("login", 90), 11.0),
        (DaysSince("login", 11), 11.0),
        (DaysSince("invite", 90), 90.0),
        (SumOf(None, "minutes", 31), 50.5),
        (SumOf("login", "minutes", 28), 12.5),
        (SumOf(None, "price", 31), 0.0),
        (Ratio(DistinctPeople(None, 31), Seats()), 0.2),
        (Ratio(Count("login", 31), Count("export", 31)), 3.0),
        (Ratio(Count("login", 31), Count("invite", 31)), None),
    ],
)
def test_stories(definition: Definition, expected: float | None) -> None:
    assert evaluate(definition, STORY, as_of=AS_OF, zone="Asia/Tokyo", seats=10) == expected


@pytest.mark.parametrize("seats", [None, 0])
def test_without_seats_there_is_no_share(seats: int | None) -> None:
    share = Ratio(DistinctPeople(None, 28), Seats())
    assert evaluate(share, STORY, as_of=AS_OF, zone="Asia/Tokyo", seats=seats) is None


def test_entered_values_are_not_evaluated() -> None:
    with pytest.raises(ValueError, match="entered"):
        evaluate(Entered(), [], as_of=AS_OF, zone="UTC", seats=None)
    with pytest.raises(ValueError, match="entered"):
        relevant(Entered(), [], as_of=AS_OF, zone="UTC")


def test_a_ratio_over_two_streams_is_refused() -> None:
    mixed = Ratio(Count("login", 28), Count("contact", 28, stream="contacts"))
    with pytest.raises(ValueError, match="same stream"):
        evaluate(mixed, [], as_of=AS_OF, zone="UTC", seats=None)
    with pytest.raises(ValueError, match="same stream"):
        relevant(mixed, [], as_of=AS_OF, zone="UTC")


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Asia/Tokyo", "2026-03-07T15:00:00+00:00", date(2026, 3, 8)),
        ("Asia/Tokyo", "2026-03-07T14:59:59+00:00", date(2026, 3, 7)),
        ("America/New_York", "2026-03-08T04:59:59+00:00", date(2026, 3, 7)),
        ("America/New_York", "2026-03-08T05:00:00+00:00", date(2026, 3, 8)),
        # The day of the spring change has 23 hours, the day of the autumn change 25.
        ("America/New_York", "2026-03-09T03:59:59+00:00", date(2026, 3, 8)),
        ("America/New_York", "2026-03-09T04:00:00+00:00", date(2026, 3, 9)),
        ("America/New_York", "2026-11-02T04:59:59+00:00", date(2026, 11, 1)),
        ("America/New_York", "2026-11-02T05:00:00+00:00", date(2026, 11, 2)),
    ],
)
def test_a_day_is_the_zone_s_own(zone: str, moment: str, day: date) -> None:
    one = [at(moment)]
    on_day = {
        d: evaluate(Count(None, 1), one, as_of=d, zone=zone, seats=None)
        for d in (day - timedelta(1), day, day + timedelta(1))
    }
    assert on_day == {day - timedelta(1): 0.0, day: 1.0, day + timedelta(1): 0.0}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, None), ("1_000", None), ("１２", None), ("0x1", None), (".5", 0.5), ("5.", 5.0),
     (float("inf"), None), ("1e400", None), (10**400, None), (" 7 ", 7.0), ("7\n", None)],
)  # fmt: skip
def test_what_counts_as_a_number(value: object, expected: float | None) -> None:
    assert number(value) == expected


@given(definitions, some, zones, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    definition: Definition, rows: list[Occurrence], zone: str, chance: random.Random
) -> None:
    shuffled = chance.sample(rows, len(rows))
    assert _value(definition, shuffled, zone) == _value(definition, rows, zone)


@given(definitions, some, zones)
def test_a_row_of_n_is_n_rows(definition: Definition, rows: list[Occurrence], zone: str) -> None:
    split = [dataclasses.replace(row, count=1) for row in rows for _ in range(row.count)]
    assert _value(definition, split, zone) == pytest.approx(_value(definition, rows, zone))


@given(definitions, some, zones)
def test_the_relevant_rows_alone_give_the_value(
    definition: Definition, rows: list[Occurrence], zone: str
) -> None:
    kept = relevant(definition, rows, as_of=AS_OF, zone=zone)
    assert _value(definition, kept, zone) == _value(definition, rows, zone)
    assert [row for row in rows if any(row is k for k in kept)] == kept


@given(simple, some, zones)
def test_relevant_rows_are_all_needed(
    definition: Definition, rows: list[Occurrence], zone: str
) -> None:
    if isinstance(definition, Count):
        kept = relevant(definition, rows, as_of=AS_OF, zone=zone)
        assert sum(row.count for row in kept) == _value(definition, rows, zone)


@given(definitions, some, zones)
def test_what_comes_later_changes_nothing(
    definition: Definition, rows: list[Occurrence], zone: str
) -> None:
    early = [row for row in rows if row.at < datetime(2026, 4, 2, tzinfo=UTC)]
    assert _value(definition, early, zone) == _value(definition, rows, zone)


@given(some, zones, st.integers(1, 60), st.integers(1, 60))
def test_neighbouring_windows_add(
    rows: list[Occurrence], zone: str, recent: int, before: int
) -> None:
    for whole, near, far in (
        (Count(None, recent + before), Count(None, recent), Count(None, before, recent)),
        (ActiveDays(None, recent + before), ActiveDays(None, recent),
         ActiveDays(None, before, recent)),
        (SumOf(None, "amount", recent + before), SumOf(None, "amount", recent),
         SumOf(None, "amount", before, recent)),
    ):  # fmt: skip
        parts = _value(near, rows, zone) + _value(far, rows, zone)
        assert _value(whole, rows, zone) == pytest.approx(parts, abs=1e-6)


@given(some, zones, st.integers(1, 120))
def test_days_since_is_the_gap_before_the_last_active_day(
    rows: list[Occurrence], zone: str, days: int
) -> None:
    since = int(_value(DaysSince(None, days), rows, zone))
    assert _value(Count(None, since), rows, zone) == 0 if since else True
    if since < days:
        assert _value(Count(None, 1, offset=since), rows, zone) > 0


@given(some, zones, st.integers(1, 120))
def test_people_are_at_most_the_rows_and_never_shrink_with_the_window(
    rows: list[Occurrence], zone: str, days: int
) -> None:
    people = _value(DistinctPeople(None, days), rows, zone)
    assert people <= _value(Count(None, days), rows, zone)
    assert people <= _value(DistinctPeople(None, days + 1), rows, zone)


def _value(definition: Definition, rows: list[Occurrence], zone: str) -> float:
    value = evaluate(definition, rows, as_of=AS_OF, zone=zone, seats=8)
    return -1.0 if value is None else value
