"""Definitions as JSON and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.conditions import Is
from banso.core.definitions import dump, kind_of, load
from banso.core.metrics import (
    Count,
    DaysSince,
    Definition,
    Entered,
    PerPerson,
    Ratio,
    Seats,
    SumOf,
)
from tests.core.occurrences import definitions

COUNT = {"kind": "count", "event": "login", "days": 28, "offset": 7, "stream": "events"}
SEATS = {"kind": "seats"}


def test_as_written() -> None:
    assert dump(Count("login", 28, 7)) == COUNT
    assert dump(Ratio(Count("login", 28, 7), Seats())) == {
        "kind": "ratio",
        "numerator": COUNT,
        "denominator": SEATS,
    }
    assert dump(DaysSince("contact", 90, "contacts")) == {
        "kind": "days_since",
        "event": "contact",
        "days": 90,
        "stream": "contacts",
    }
    assert dump(Entered()) == {"kind": "entered"}


def test_a_filter_a_calendar_window_and_people() -> None:
    admins = Count(("a", "b"), "last_month", where=Is("role", "is", "admin"), on="weekdays")
    assert dump(PerPerson(admins, "share", 2)) == {
        "kind": "per_person",
        "of": {
            "kind": "count",
            "event": ["a", "b"],
            "period": "last_month",
            "offset": 0,
            "stream": "events",
            "on": "weekdays",
            "where": {"field": "role", "op": "is", "value": "admin"},
        },
        "aggregate": "share",
        "at_least": 2,
        "seen": 90,
    }


def test_events_have_one_order_and_one_is_one() -> None:
    count = {"kind": "count", "days": 7}
    assert load({**count, "event": ["b", "a", "b"]}) == Count(("a", "b"), 7)
    assert load({**count, "event": ["a"]}) == Count("a", 7)


def test_what_is_left_out_has_its_usual_value() -> None:
    assert load({"kind": "sum", "property": "minutes", "days": 7}) == SumOf(None, "minutes", 7)


@given(st.one_of(definitions, st.just(Entered())))
def test_definitions_come_back(definition: Definition) -> None:
    written = json.loads(json.dumps(dump(definition)))
    assert load(written) == definition
    assert written["kind"] == kind_of(definition)


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        "count",
        {},
        {"kind": "median", "days": 7},
        {"kind": ["count"], "days": 7},
        {"kind": "count"},
        {"kind": "count", "days": 0},
        {"kind": "count", "days": 4000},
        {"kind": "count", "days": True},
        {"kind": "count", "days": 7.0},
        {"kind": "count", "days": "7"},
        {"kind": "count", "days": 7, "offset": -1},
        {"kind": "count", "days": 7, "event": ""},
        {"kind": "count", "days": 7, "event": 3},
        {"kind": "count", "days": 7, "event": "e" * 201},
        {"kind": "count", "days": 7, "stream": "tickets"},
        {"kind": "count", "days": 7, "property": "minutes"},
        {"kind": "days_since", "days": 7, "offset": 1},
        {"kind": "sum", "days": 7},
        SEATS,
        {"kind": "entered", "days": 7},
        {"kind": "ratio", "numerator": COUNT},
        {"kind": "ratio", "numerator": SEATS, "denominator": COUNT},
        {"kind": "ratio", "numerator": COUNT, "denominator": {"kind": "entered"}},
        {"kind": "ratio", "numerator": COUNT, "denominator": {**COUNT, "stream": "contacts"}},
        {"kind": "ratio", "numerator": COUNT, "denominator": SEATS, "days": 7},
        {"kind": "count", "days": 7, "period": "last_month"},
        {"kind": "count", "period": "last_year"},
        {"kind": "count", "days": 7, "on": "sundays"},
        {"kind": "count", "days": 7, "event": []},
        {"kind": "count", "days": 7, "where": {"field": "plan", "op": "like", "value": "x"}},
        {"kind": "count", "days": 7, "where": {"field": "d", "op": "within_days", "value": 7}},
        {"kind": "days_since", "period": "last_month"},
        {"kind": "trend", "of": {"kind": "days_since", "days": 7}},
        {"kind": "trend", "of": COUNT, "change": "sideways"},
        {"kind": "trend", "of": SEATS},
        {"kind": "per_person", "of": COUNT, "aggregate": "share"},
        {"kind": "per_person", "of": COUNT, "aggregate": "mean", "at_least": 3},
        {"kind": "per_person", "of": COUNT, "aggregate": "share", "at_least": float("nan")},
        {"kind": "per_person", "of": {"kind": "distinct_people", "days": 7}, "aggregate": "mean"},
        {"kind": "ratio", "numerator": {"kind": "trend", "of": COUNT}, "denominator": SEATS},
    ],
)
def test_nonsense_is_refused(nonsense: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        load(nonsense)
