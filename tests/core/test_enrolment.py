"""The rule of who gets a play, by hand and on anything."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from banso.core.enrolment import (
    Candidate,
    Recipe,
    Scene,
    Tally,
    decide,
    decision,
    rank,
    rehearse,
)

DAY = date(2026, 6, 1)
RECIPE = Recipe(frozenset({"high", "low"}), capacity=3, most=2, apart_days=30, closes=(7,), lasts=7)


def before(*days_ago):
    return tuple(DAY - timedelta(days=each) for each in days_ago)


@pytest.mark.parametrize(
    ("candidate", "load", "expected"),
    [
        (Candidate(1, "high", 5), 0, ("enrol", "", 1)),
        (Candidate(1, "high", 5), 2, ("enrol", "", 1)),
        (Candidate(1, "high", 5), 3, ("wait", "capacity", 0)),
        (Candidate(1, "tech", 5), 0, ("not", "touch", 0)),
        (Candidate(1, "low", None), 0, ("not", "no_owner", 0)),
        (Candidate(1, "low", 5, before(40), going_on=True), 0, ("not", "going_on", 0)),
        (Candidate(1, "low", 5, before(30)), 0, ("enrol", "", 2)),
        (Candidate(1, "low", 5, before(29)), 0, ("not", "apart", 0)),
        (Candidate(1, "low", 5, before(0)), 0, ("not", "apart", 0)),
        (Candidate(1, "low", 5, before(90, 60)), 9, ("not", "times", 0)),
    ],
)
def test_the_rule(candidate, load, expected):
    made = decision(candidate, RECIPE, load, DAY)
    assert (made.verdict, made.why, made.occasion) == expected


def test_nobody_is_asked_more_than_they_can_do_and_the_first_in_order_come_first():
    people = [Candidate(each, "high", 5 if each % 2 else 6) for each in range(1, 11)]
    made, after = decide(people, RECIPE, {5: 1}, DAY)
    assert [each.engagement for each in made if each.verdict == "enrol"] == [1, 2, 3, 4, 6]
    assert {each.why for each in made if each.verdict == "wait"} == {"capacity"}
    assert after == {5: 3, 6: 3}


def test_what_asks_nobody_waits_for_nobody():
    recipe = Recipe(frozenset({"tech"}), capacity=0, most=1, apart_days=1)
    made, after = decide([Candidate(1, "tech", None)], recipe, {}, DAY)
    assert (made[0].verdict, after) == ("enrol", {})


def test_deciding_in_pieces_is_deciding_at_once():
    people = [Candidate(each, "high", each % 3) for each in range(1, 30)]
    whole, loads = decide(people, RECIPE, {1: 1}, DAY)
    first, between = decide(people[:11], RECIPE, {1: 1}, DAY)
    second, after = decide(people[11:], RECIPE, between, DAY)
    assert ([*first, *second], after) == (whole, loads)


def test_a_rehearsal_gives_again_only_after_its_pause_and_its_work_is_done():
    people = [Candidate(1, "high", 5), Candidate(2, "high", 5)]
    recipe = Recipe(frozenset({"high"}), capacity=1, most=2, apart_days=10, closes=(4,), lasts=4)
    days = [Scene(DAY + timedelta(days=n), people, {}) for n in range(20)]
    given = [
        (on - DAY).days * 10 + each.engagement
        for on, made in rehearse(days, recipe)
        for each in made
        if each.verdict == "enrol"
    ]
    assert given == [1, 42, 101, 142]


def test_refusals_lower_a_play_most_where_they_were_said():
    assert rank(Tally()) == 0.5
    assert rank(Tally(refused=1)) < rank(Tally(refused_elsewhere=1)) < 0.5
    assert rank(Tally(taken=3, refused=1)) > 0.5
    assert rank(Tally(refused=50)) > 0


RECIPES = some.builds(
    Recipe,
    touches=some.frozensets(some.sampled_from(["high", "low", "tech"])),
    capacity=some.integers(0, 6),
    most=some.integers(1, 3),
    apart_days=some.integers(1, 4),
    closes=some.lists(some.integers(1, 4), max_size=3).map(tuple),
    lasts=some.just(4),
)
PEOPLE = some.lists(
    some.tuples(some.sampled_from(["high", "low", "tech"]), some.sampled_from([None, 1, 2])),
    max_size=8,
)


@given(RECIPES, PEOPLE, some.dictionaries(some.sampled_from([1, 2]), some.integers(0, 6)))
def test_whatever_comes_nobody_gets_too_much_too_often_or_twice(recipe, people, loads):
    candidates = [Candidate(n, *each) for n, each in enumerate(people, start=1)]
    scenes = [Scene(DAY + timedelta(days=n), candidates, loads) for n in range(12)]
    times: dict[int, list[date]] = {}
    for on, made in rehearse(scenes, recipe):
        assert [each.engagement for each in made] == [each.engagement for each in candidates]
        for each in made:
            if each.verdict == "enrol":
                times.setdefault(each.engagement, []).append(on)
                assert each.occasion == len(times[each.engagement])
        for owner in (1, 2):
            mine = [n for n, (_, whose) in enumerate(people, start=1) if whose == owner]
            asked = sum(
                on < day + timedelta(days=closes)
                for n in mine
                for day in times.get(n, ())
                for closes in recipe.closes
            )
            assert asked == 0 or asked + loads.get(owner, 0) <= recipe.capacity
    for days in times.values():
        assert len(days) <= recipe.most
        apart = [(b - a).days for a, b in pairwise(days)]
        assert all(each >= max(recipe.apart_days, recipe.lasts) for each in apart)
