"""Targets proposed from those who renewed and those who left."""

import math
import random
from datetime import date, timedelta
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.estimate import NotEstimable
from banso.core.proposal import Outcome, Proposal, known, propose

END = date(2026, 3, 31)
levels = st.lists(st.integers(-20, 20).map(float), min_size=1, max_size=60)


def test_one_example() -> None:
    renewed = [float(x) for x in range(10, 30)]
    lost = [float(x) for x in range(5, 15)]
    found = propose(renewed, lost, higher_is_better=True)
    assert isinstance(found, Proposal)
    assert (found.target, found.floor) == (20, 10)
    assert (found.n_renewed, found.n_lost) == (20, 10)
    # Of 200 pairs the one who left is better in 4+3+2+1 = 10 and level in 5.
    assert found.separation == pytest.approx((200 - 10 - 2.5) / 200)
    assert (found.renewed_at_target, found.lost_at_target) == (0.5, 0)


def test_where_lower_is_better_the_signs_turn() -> None:
    renewed = [-float(x) for x in range(10, 30)]
    lost = [-float(x) for x in range(5, 15)]
    found = propose(renewed, lost, higher_is_better=False)
    assert isinstance(found, Proposal)
    assert (found.target, found.floor) == (-20, -10)
    assert isinstance(propose(renewed, lost, higher_is_better=True), NotEstimable)


@pytest.mark.parametrize(("renewed", "lost"), [(28, 1), (0, 0), (100, 0), (0, 100)])
def test_too_few_outcomes(renewed: int, lost: int) -> None:
    found = propose([2.0] * renewed, [1.0] * lost, higher_is_better=True)
    assert found == NotEstimable(
        "too_few_outcomes", {"renewed": renewed, "lost": lost, "needed": 30}
    )


def test_without_spread() -> None:
    assert propose([3.0] * 40, [3.0] * 20, higher_is_better=True) == NotEstimable("no_spread")
    mostly_none = [0.0] * 80 + [1.0] * 20
    assert propose(mostly_none, [0.0] * 100, higher_is_better=True) == NotEstimable("no_spread")


def test_where_the_middles_do_not_differ_the_upper_quarter_is_the_target() -> None:
    found = propose([0.0] * 60 + [5.0] * 40, [0.0] * 90 + [5.0] * 10, higher_is_better=True)
    assert isinstance(found, Proposal)
    assert (found.target, found.floor) == (5, 0)
    assert (found.renewed_at_target, found.lost_at_target) == (0.4, 0.1)


def test_without_signal() -> None:
    same = [float(x) for x in range(40)]
    found = propose(same, same, higher_is_better=True)
    assert found == NotEstimable("no_signal", {"separation": 0.5})


def test_a_level_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        propose([math.nan] * 20, [1.0] * 20, higher_is_better=True)


def test_calibration_a_known_separation_is_recovered() -> None:
    """Two normals 1 apart: separation Phi(1/sqrt 2) = 0.7602, middles 1 and 0."""
    chance = random.Random(20260331)
    found = [_propose_normals(chance, shift=1.0, n=400, m=200) for _ in range(60)]
    proposals = [p for p in found if isinstance(p, Proposal)]
    assert len(proposals) == 60
    expected = NormalDist().cdf(1 / math.sqrt(2))
    assert _mean(p.separation for p in proposals) == pytest.approx(expected, abs=0.01)
    assert _mean(p.target for p in proposals) == pytest.approx(1.0, abs=0.03)
    assert _mean(p.floor for p in proposals) == pytest.approx(0.0, abs=0.04)
    assert all(abs(p.separation - expected) < 0.1 for p in proposals)


@pytest.mark.parametrize(("n", "m"), [(20, 10), (40, 40), (200, 30)])
def test_calibration_noise_is_seldom_taken_for_signal(n: int, m: int) -> None:
    chance = random.Random(7)
    found = [_propose_normals(chance, shift=0.0, n=n, m=m) for _ in range(600)]
    taken = sum(isinstance(p, Proposal) for p in found) / len(found)
    assert taken < 0.08


@given(levels, levels, st.booleans())
def test_a_proposal_is_usable_as_a_target(
    renewed: list[float], lost: list[float], higher: bool
) -> None:
    found = propose(renewed, lost, higher_is_better=higher)
    if isinstance(found, NotEstimable):
        assert found.reason in {"too_few_outcomes", "no_spread", "no_signal"}
        return
    assert (found.target > found.floor) is higher
    assert found.target in renewed
    assert found.floor in lost
    assert 0.55 < found.separation <= 1
    pairs = [(r - x) * (1 if higher else -1) for r in renewed for x in lost]
    wins = sum(1.0 if d > 0 else 0.5 if d == 0 else 0.0 for d in pairs)
    assert found.separation == pytest.approx(wins / len(pairs))


@given(levels, levels, st.randoms(use_true_random=False))
def test_order_and_unit_do_not_matter(
    renewed: list[float], lost: list[float], chance: random.Random
) -> None:
    found = propose(renewed, lost, higher_is_better=True)
    assert propose(chance.sample(renewed, len(renewed)), lost, higher_is_better=True) == found
    doubled = propose([2 * x for x in renewed], [2 * x for x in lost], higher_is_better=True)
    if isinstance(found, Proposal):
        assert isinstance(doubled, Proposal)
        assert (doubled.target, doubled.separation) == (2 * found.target, found.separation)


def test_an_outcome_counts_from_the_day_it_was_known() -> None:
    early = Outcome("a", END - timedelta(365), END - timedelta(360), renewed=True)
    late = Outcome("a", END, END + timedelta(10), renewed=False)
    other = Outcome("b", END, END - timedelta(30), renewed=False)
    assert known([late, early, other], as_of=END) == [early, other]
    assert known([late, early, other], as_of=END - timedelta(31)) == [early]
    assert known([late, early, other], as_of=END + timedelta(10)) == [late, other]
    assert known([], as_of=END) == []


def _propose_normals(
    chance: random.Random, *, shift: float, n: int, m: int
) -> Proposal | NotEstimable:
    renewed = [chance.gauss(shift, 1) for _ in range(n)]
    lost = [chance.gauss(0, 1) for _ in range(m)]
    return propose(renewed, lost, higher_is_better=True)


def _mean(values: object) -> float:
    numbers = list(values)  # type: ignore[call-overload]
    return float(sum(numbers) / len(numbers))
