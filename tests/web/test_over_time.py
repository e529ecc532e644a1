import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.web.over_time import Step, over_time, small_over_time, ticks_of

STEPS = [Step("week 1", 3.0), Step("week 2", None), Step("week 3", 12.0), Step("now", 2.0, False)]


def test_it_says_its_numbers_and_marks_what_is_not_over():
    drawn = over_time(STEPS, label="Logins")
    assert "From 3 to 12; lowest 3, highest 12. 1 of 3 not measured. now, not over: 2." in drawn
    assert drawn.count("dot open") == 1
    assert 'class="line open"' in drawn


def test_a_small_one_has_a_name_and_no_axis_texts():
    drawn = small_over_time(STEPS, label="High touch", low=0, high=20)
    assert 'aria-label="High touch: From 3 to 12' in drawn
    assert "<text" not in drawn


def test_nothing_measured_is_drawn_as_nothing():
    assert "Nothing measured." in over_time([Step("a", None), Step("b", None)], label="x")
    assert "Nothing measured." in over_time([], label="x")


@given(st.floats(-1e9, 0), st.floats(1e-3, 1e9))
def test_ticks_hold_the_values_and_are_few(low, high):
    ticks = ticks_of(low, high)
    assert ticks[0] <= low + 1e-9 * (high - low)
    assert ticks[-1] >= high - 1e-9 * (high - low)
    assert 2 <= len(ticks) <= 7


@pytest.mark.parametrize(
    ("high", "ticks"),
    [(1683.0, [0, 500, 1000, 1500, 2000]), (1.0, [0, 0.5, 1]), (7.0, [0, 2, 4, 6, 8])],
)
def test_ticks_are_round(high, ticks):
    assert ticks_of(0.0, high) == ticks
