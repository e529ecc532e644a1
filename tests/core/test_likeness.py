"""Likeness of two situations known in part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.estimate import Estimate, NotEstimable
from banso.core.likeness import Near, Same, likeness

SCALES = {
    "industry": Same(),
    "touch": Same(weight=2),
    "gap": Near(0.5, weight=2),
    "seats": Near(10, times=True),
}
TRAITS = st.fixed_dictionaries(
    {
        "industry": st.sampled_from(["", "SaaS", "saas", "金融", None]),
        "touch": st.sampled_from(["high", "low", None]),
        "gap": st.one_of(st.none(), st.floats(0, 1)),
        "seats": st.one_of(st.none(), st.integers(0, 100_000)),
    }
)


@given(TRAITS, TRAITS)
def test_it_is_the_same_both_ways_and_a_share(one, other):
    there, back = likeness(one, other, SCALES), likeness(other, one, SCALES)
    assert there == back or there.value == pytest.approx(back.value)
    if isinstance(there, Estimate):
        assert 0 <= there.value <= 1
        assert 1 <= there.n <= len(SCALES)


@given(TRAITS)
def test_nothing_is_more_like_it_than_itself(one):
    result = likeness(one, one, SCALES)
    assert isinstance(result, NotEstimable) or result.value == pytest.approx(1)


@given(TRAITS, TRAITS, st.sampled_from(sorted(SCALES)))
def test_what_is_not_known_of_one_is_left_out(one, other, name):
    blank = {name: None}
    kept = {key: scale for key, scale in SCALES.items() if key != name}
    assert likeness(one | blank, other, SCALES) == likeness(one, other, kept)


@given(TRAITS, TRAITS, st.floats(0.1, 10))
def test_only_the_proportion_of_weights_counts(one, other, times):
    heavier = {
        "industry": Same(times),
        "touch": Same(2 * times),
        "gap": Near(0.5, 2 * times),
        "seats": Near(10, times, times=True),
    }
    first, second = likeness(one, other, SCALES), likeness(one, other, heavier)
    assert isinstance(first, NotEstimable) or first.value == pytest.approx(second.value)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_who_stands_nearer_is_not_less_alike(mine, one, other):
    near, far = sorted((one, other), key=lambda each: abs(each - mine))
    scales = {"gap": SCALES["gap"]}
    nearer = likeness({"gap": mine}, {"gap": near}, scales)
    assert nearer.value >= likeness({"gap": mine}, {"gap": far}, scales).value - 1e-12


def test_numbers_by_hand():
    mine = {"industry": "SaaS", "touch": "high", "gap": 0.5, "seats": 10}
    other = {"industry": "saas", "touch": "low", "gap": 0.25, "seats": 100}
    found = likeness(mine, other, SCALES)  # (1·1 + 2·0 + 2·0.5 + 1·0) / 6
    assert found == Estimate(pytest.approx(2 / 6), 4)
    nothing = likeness({"industry": ""}, other, SCALES)
    assert nothing == NotEstimable("nothing_in_common")
