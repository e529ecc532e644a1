"""The condition grammar: as data and back, and what holds."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.conditions import (
    OPS,
    All,
    AnyOf,
    Condition,
    Is,
    Not,
    Value,
    comparisons,
    dump,
    fields_of,
    holds,
    load,
)
from tests.core.conditions import DAY, NAMES, conditions, everyone

THEM: dict[str, Value] = {
    "touch": "high",
    "gap": 0.4,
    "seats": 50,
    "start": date(2026, 4, 1),
    "plans": frozenset({"Basic", "Add-on"}),
    "restricted": False,
    "region": None,
    "note": "",
}


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (Is("touch", "is", "high"), True),
        (Is("touch", "is", "High"), False),
        (Is("touch", "is_not", "low"), True),
        (Is("touch", "one_of", ("low", "high")), True),
        (Is("touch", "contains", "IG"), True),
        (Is("touch", "lt", "z"), False),
        (Is("gap", "lt", 0.4), False),
        (Is("gap", "le", 0.4), True),
        (Is("gap", "gt", "0.1"), False),
        (Is("seats", "is", 50.0), True),
        (Is("seats", "between", (50, 60)), True),
        (Is("seats", "between", (51, 60)), False),
        (Is("start", "is", "2026-04-01"), True),
        (Is("start", "ge", "2026-04-01"), True),
        (Is("start", "between", ("2026-04-01", "2026-04-30")), True),
        (Is("start", "lt", "soon"), False),
        (Is("start", "within_days", -10), True),
        (Is("start", "within_days", -9), False),
        (Is("start", "within_days", 10), False),
        (Is("gap", "within_days", 10), False),
        (Is("plans", "is", "Add-on"), True),
        (Is("plans", "is_not", "Add-on"), False),
        (Is("plans", "contains", "basic"), True),
        (Is("restricted", "is", False), True),
        (Is("restricted", "is_not", True), True),
        (Is("restricted", "lt", 1), False),
        (Is("seats", "is", True), False),
        (Is("region", "unknown"), True),
        (Is("note", "unknown"), True),
        (Is("nowhere", "known"), False),
        (Is("region", "is_not", "Kanto"), True),
        (Is("region", "lt", 3), False),
        (Not(Is("region", "lt", 3)), True),
        (All(), True),
        (All((Is("touch", "is", "high"), Is("seats", "gt", 50))), False),
        (AnyOf((Is("touch", "is", "low"), Is("seats", "ge", 50))), True),
    ],
)
def test_what_holds(asked: Condition, answer: bool) -> None:
    assert holds(asked, THEM, as_of=date(2026, 4, 11)) is answer


def test_days_are_counted_from_a_day() -> None:
    with pytest.raises(ValueError, match="from a day"):
        holds(Is("start", "within_days", 3), THEM)


def test_as_written() -> None:
    condition = All(
        (
            Is("touch", "one_of", ("high", "low")),
            AnyOf((Is("gap", "gt", 0.5), Is("contact", "unknown"))),
            Not(Is("contact", "within_days", -30)),
        )
    )
    silent = {"field": "contact", "op": "unknown"}
    assert dump(condition) == {
        "all": [
            {"field": "touch", "op": "one_of", "value": ["high", "low"]},
            {"any": [{"field": "gap", "op": "gt", "value": 0.5}, silent]},
            {"not": {"field": "contact", "op": "within_days", "value": -30}},
        ]
    }
    assert fields_of(condition) == {"touch", "gap", "contact"}


@given(conditions)
def test_conditions_come_back(condition: Condition) -> None:
    assert load(json.loads(json.dumps(dump(condition)))) == condition


@given(conditions, everyone)
def test_not_is_the_other_answer(condition: Condition, values: dict[str, Value]) -> None:
    assert holds(Not(condition), values, as_of=DAY) is not holds(condition, values, as_of=DAY)


@given(st.lists(conditions, min_size=1, max_size=3), everyone)
def test_all_any_and_none_hang_together(of: list[Condition], values: dict[str, Value]) -> None:
    each = [holds(one, values, as_of=DAY) for one in of]
    assert holds(All(tuple(of)), values, as_of=DAY) is all(each)
    assert holds(AnyOf(tuple(of)), values, as_of=DAY) is any(each)
    denied = AnyOf(tuple(Not(one) for one in of))
    assert holds(denied, values, as_of=DAY) is holds(Not(All(tuple(of))), values, as_of=DAY)


@given(conditions, everyone)
def test_only_the_fields_asked_for_count(condition: Condition, values: dict[str, Value]) -> None:
    asked = {name: values[name] for name in fields_of(condition) if name in values}
    assert holds(condition, asked, as_of=DAY) is holds(condition, values, as_of=DAY)


@given(st.sampled_from(NAMES), st.dates(), st.dates(), st.integers(-400, 400))
def test_the_days_around_a_day(name: str, day: date, as_of: date, days: int) -> None:
    try:
        other = as_of + timedelta(days=days)
    except OverflowError:
        return
    inside = min(as_of, other) <= day <= max(as_of, other)
    assert holds(Is(name, "within_days", days), {name: day}, as_of=as_of) is inside


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        {},
        {"all": {}},
        {"any": []},
        {"all": [], "any": [{"field": "a", "op": "known"}]},
        {"all": [], "value": 1},
        {"not": []},
        {"field": "", "op": "known"},
        {"field": 3, "op": "known"},
        {"field": "a", "op": "like", "value": "b"},
        {"field": "a", "op": "is"},
        {"field": "a", "op": "is", "value": ""},
        {"field": "a", "op": "is", "value": float("nan")},
        {"field": "a", "op": "is", "value": {"b": 1}},
        {"field": "a", "op": "is", "value": 1, "by": "me"},
        {"field": "a", "op": "known", "value": 1},
        {"field": "a", "op": "one_of", "value": []},
        {"field": "a", "op": "one_of", "value": "b"},
        {"field": "a", "op": "between", "value": [1]},
        {"field": "a", "op": "between", "value": [True, False]},
        {"field": "a", "op": "lt", "value": True},
        {"field": "a", "op": "contains", "value": 1},
        {"field": "a", "op": "within_days", "value": 1.5},
        {"field": "a", "op": "within_days", "value": 100_000},
        {"all": [{"field": "a", "op": "known"}] * 51},
        {"not": {"not": {"not": {"not": {"not": {"not": {"field": "a", "op": "known"}}}}}}},
    ],
)
def test_nonsense_is_refused(nonsense: Any) -> None:
    with pytest.raises(ValueError):
        load(nonsense)


def test_every_op_is_told_apart() -> None:
    assert len(OPS) == 12
    assert [each.op for each in comparisons(Not(All((Is("a", "known"), Is("b", "unknown")))))] == [
        "known",
        "unknown",
    ]
