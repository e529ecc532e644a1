"""Progress, gap and the terms that add up."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.estimate import NotEstimable
from banso.core.targets import Reading, Score, gap, progress, score

# Published in percent: okr-tracker, tests/unit/getKeyResultProgressDetails.test.js (commit
# 66d697a), the cases with a value and a target that differs from the start.
PUBLISHED = [
    (0, 100, 0, 0), (0, 100, 20, 20), (0, 100, 100, 100), (0, 100, 150, 150),
    (20, 100, 20, 0), (20, 100, 100, 100), (20, 100, 0, -25), (20, 100, -20, -50),
    (100, 0, 100, 0), (100, 0, 80, 20), (100, 0, 0, 100),
    (100, 20, 100, 0), (100, 20, 80, 25), (100, 20, 20, 100), (100, 20, 0, 125),
]  # fmt: skip

finite = st.floats(-1e9, 1e9, allow_nan=False)
steps = st.floats(1e-3, 1e9)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    floor = draw(st.floats(-1e6, 1e6))
    sign = draw(st.sampled_from([-1, 1]))
    return Reading(
        key=draw(st.text(max_size=3)),
        weight=draw(st.floats(0.01, 100)),
        value=draw(st.one_of(st.none(), st.floats(-1e6, 1e6))),
        floor=floor,
        target=floor + sign * draw(st.floats(0.1, 1e6)),
    )


@pytest.mark.parametrize(("start", "target", "value", "percent"), PUBLISHED)
def test_published_progress(start: float, target: float, value: float, percent: float) -> None:
    assert 100 * progress(value, start=start, target=target) == pytest.approx(percent, abs=1e-9)


def test_a_target_equal_to_its_start_or_floor_is_refused() -> None:
    with pytest.raises(ValueError, match="differs"):
        progress(0, start=0, target=0)
    with pytest.raises(ValueError, match="differs"):
        gap(0, floor=5, target=5)
    with pytest.raises(ValueError, match="differs"):
        Reading("a", 1, None, floor=5, target=5)


@pytest.mark.parametrize("weight", [0, -1, math.nan, math.inf])
def test_a_weight_is_positive(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        Reading("a", weight, 1, floor=0, target=1)


@pytest.mark.parametrize(
    ("value", "floor", "target", "expected"),
    [(5, 0, 10, 0.5), (-3, 0, 10, 1), (12, 0, 10, 0), (3, 10, 0, 0.3), (11, 10, 0, 1)],
)
def test_gap_has_one_formula_for_up_and_down(
    value: float, floor: float, target: float, expected: float
) -> None:
    assert gap(value, floor=floor, target=target) == pytest.approx(expected)


def test_a_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        gap(math.nan, floor=0, target=1)


@given(finite, finite, steps, st.sampled_from([-1, 1]))
def test_gap_is_what_progress_from_the_floor_leaves(
    value: float, floor: float, step: float, sign: int
) -> None:
    target = floor + sign * step
    reached = progress(value, start=floor, target=target)
    assert gap(value, floor=floor, target=target) == pytest.approx(1 - min(max(reached, 0), 1))


def test_health_in_one_example() -> None:
    whole = score([
        Reading("logins", 3, 5, floor=0, target=10),
        Reading("tickets", 1, 20, floor=10, target=0),
        Reading("nps", 2, None, floor=0, target=50),
    ])  # fmt: skip
    assert isinstance(whole, Score)
    assert (whole.measured, whole.total) == (2, 3)
    assert [(t.key, t.share) for t in whole.terms] == [("logins", 0.375), ("tickets", 0.25)]
    assert whole.gap == 0.625
    assert whole.health == 37.5


def test_silence_is_never_green() -> None:
    silent = [Reading(str(i), 1, None, floor=0, target=1) for i in range(3)]
    one = Reading("x", 1, 1, floor=0, target=1)
    assert score([]) == NotEstimable("nothing_measured", {"measured": 0, "total": 0})
    assert score(silent) == NotEstimable("nothing_measured", {"measured": 0, "total": 3})
    assert score([one, *silent[:2]]) == NotEstimable(
        "under_half_measured", {"measured": 1, "total": 3}
    )
    assert isinstance(score([one, silent[0]]), Score)


@given(st.lists(readings(), min_size=1, max_size=12))
def test_terms_add_up_to_the_gap(given_readings: list[Reading]) -> None:
    whole = score(given_readings)
    if isinstance(whole, NotEstimable):
        assert 2 * sum(r.value is not None for r in given_readings) < len(given_readings) or all(
            r.value is None for r in given_readings
        )
        return
    assert sum(term.share for term in whole.terms) == pytest.approx(whole.gap, abs=1e-9)
    assert whole.health == pytest.approx(100 * (1 - whole.gap), abs=1e-9)
    assert 0 <= whole.gap <= 1
    assert [t.key for t in whole.terms] == [r.key for r in given_readings if r.value is not None]


@given(st.lists(readings(), min_size=1, max_size=6), st.floats(0.1, 50))
def test_only_the_proportions_of_weights_matter(rows: list[Reading], factor: float) -> None:
    scaled = [Reading(r.key, r.weight * factor, r.value, r.floor, r.target) for r in rows]
    one, other = score(rows), score(scaled)
    if isinstance(one, Score):
        assert isinstance(other, Score)
        assert other.gap == pytest.approx(one.gap, abs=1e-9)
    else:
        assert other == one
