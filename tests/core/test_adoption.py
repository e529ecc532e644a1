"""What other targets would have said of known outcomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.adoption import Judged, Record, caught, judge
from banso.core.estimate import NotEstimable


def rows(n: int, *, better: bool) -> list[Judged]:
    """n renewed and n lost; before, gaps say nothing; after, they tell all (or nothing)."""
    return [
        Judged(renewed, 0.5, (0.1 if renewed else 0.9) if better else 0.5)
        for renewed in (True, False)
        for _ in range(n)
    ]


def test_a_record_by_hand() -> None:
    found = judge(rows(20, better=True))
    assert found == Record(20, 20, 0.2, 0.4, 0.5, 1.0)


def test_among_equals_the_worst_fifth_is_chance() -> None:
    assert caught([0.5] * 10, [0.5] * 30) == pytest.approx(0.2)
    assert caught([0.9] * 4, [0.1] * 36) == 1.0
    assert caught([0.1] * 4, [0.9] * 36) == 0.0


@pytest.mark.parametrize("known", [rows(14, better=True), rows(30, better=True)[:40][:30]])
def test_under_thirty_or_one_sided_nothing_is_said(known: list[Judged]) -> None:
    found = judge(known)
    assert isinstance(found, NotEstimable)
    assert found.reason == "too_few_outcomes"


def test_what_cannot_be_judged_both_ways_is_left_out() -> None:
    blind = [Judged(True, None, 0.1), Judged(False, 0.9, None)] * 50
    found = judge([*rows(14, better=True), *blind])
    assert isinstance(found, NotEstimable)
    assert (found.params["renewed"], found.params["lost"]) == (14, 14)


gaps = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(gaps, gaps)
def test_the_fifth_is_shared_out_whole(lost: list[float], renewed: list[float]) -> None:
    """What both groups have in the worst fifth adds up to its room."""
    total = len(lost) + len(renewed)
    filled = caught(lost, renewed) * len(lost) + caught(renewed, lost) * len(renewed)
    assert filled == pytest.approx(-(-total // 5))
