"""The typical time until something shows."""

import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.effect_times import FEWEST, enclosing, typical_time
from banso.core.estimate import Estimate, NotEstimable

DAYS = st.lists(st.one_of(st.none(), st.integers(0, 400)), max_size=60)


@given(DAYS)
def test_the_interval_holds_the_median_and_is_of_days_that_were(days):
    result = typical_time(days)
    if isinstance(result, NotEstimable):
        shown = sum(each is not None for each in days)
        assert len(days) < FEWEST or shown <= len(days) / 2
        return
    assert result.n == len(days) >= FEWEST
    assert result.low in days
    assert result.high is None or result.high in days
    assert result.low <= result.value <= (math.inf if result.high is None else result.high)


@given(st.lists(st.integers(0, 400), min_size=FEWEST, max_size=40))
def test_it_is_the_median_where_everything_showed(days):
    assert typical_time(days).value == statistics.median(days)


@given(DAYS)
def test_what_never_showed_is_later_than_anything(days):
    late = [1_000_000 if each is None else each for each in days]
    one, other = typical_time(days), typical_time(late)
    if isinstance(one, Estimate):
        assert (one.value, one.low) == (other.value, other.low)
        assert one.high == (None if other.high == 1_000_000 else other.high)


def test_the_ranks_are_those_of_the_tables():
    """Conover, Practical Nonparametric Statistics: 95 % for the median."""
    assert [enclosing(n) for n in (6, 8, 9, 10, 15, 20, 25, 30)] == [1, 1, 2, 2, 4, 6, 8, 10]


def test_too_few_and_too_seldom_are_no_number():
    assert typical_time([7] * 5) == NotEstimable("too_few", {"n": 5, "needed": 6})
    seldom = typical_time([7, 7, 7, None, None, None])
    assert seldom == NotEstimable("under_half", {"n": 6, "shown": 3})
    assert typical_time([7, 7, 7, 14, None, None]) == Estimate(10.5, 6, 7, None)


@pytest.mark.parametrize("n", [6, 11, 24])
def test_the_interval_holds_the_true_median_as_often_as_it_says(n):
    draw = random.Random(20261130)
    held = 0
    for _ in range(2_000):
        found = typical_time([draw.expovariate(1 / 30) for _ in range(n)])
        held += found.low <= 30 * math.log(2) <= found.high
    assert held / 2_000 > 0.94
