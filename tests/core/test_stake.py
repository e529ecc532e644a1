"""The order of the day's list."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.stake import days_left, stake, urgency

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("left", "expected"),
    [(None, 0.25), (-400, 1), (0, 1), (30, 1), (365, 0.25), (4000, 0.25), (31, 1 - 0.75 / 335)],
)
def test_urgency_at_its_corners(left: int | None, expected: float) -> None:
    assert urgency(left) == pytest.approx(expected)


def test_urgency_halfway() -> None:
    assert urgency(30) - urgency(100) == pytest.approx(urgency(200) - urgency(270))
    assert (urgency(197) + urgency(198)) / 2 == pytest.approx(0.625)


@given(st.integers(-1000, 4000), st.integers(0, 1000))
def test_more_time_is_never_more_urgent(left: int, more: int) -> None:
    assert 0.25 <= urgency(left + more) <= urgency(left) <= 1


def test_stake_is_the_product() -> None:
    assert stake(0.5, 1_200_000, 0.25) == 150_000


def test_days_left() -> None:
    assert days_left(None, as_of=TODAY) is None
    assert days_left(date(2026, 4, 30), as_of=TODAY) == 30
    assert days_left(date(2026, 3, 1), as_of=TODAY) == -30
