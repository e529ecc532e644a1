"""Would the list have caught the customers who were lost?"""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.estimate import Estimate, NotEstimable
from banso.core.intervals import wilson
from banso.core.lookback import Loss, followed, look_back, top_fifth

DAY = date(2026, 1, 1)
KEYS = [f"c{i}" for i in range(50)]


def test_a_story_of_twelve_losses() -> None:
    losses = [Loss(f"c{i}", DAY) for i in range(8)]
    losses += [
        Loss("c10", DAY),
        Loss("c49", DAY),
        Loss("gone", DAY),
        Loss("c0", DAY - timedelta(7)),
    ]
    found = look_back(losses, {"stake": {DAY: KEYS}})["stake"]
    assert [p.rank for p in found.places] == [1, 2, 3, 4, 5, 6, 7, 8, 11, 50, None, None]
    assert [p.n for p in found.places] == [50] * 11 + [0]
    assert [p.in_top_fifth for p in found.places] == [True] * 8 + [False] * 4
    assert found.caught == 8
    assert found.share == Estimate(8 / 12, 12, *wilson(8, 12))
    assert found.by_chance == pytest.approx(0.2 * 10 / 12)


def test_under_ten_losses_there_is_no_rate_but_every_place() -> None:
    losses = [Loss(f"c{i}", DAY) for i in range(9)]
    found = look_back(losses, {"stake": {DAY: KEYS}})["stake"]
    assert found.share == NotEstimable("too_few_losses", {"losses": 9, "needed": 10})
    assert len(found.places) == 9
    assert found.caught == 9


def test_no_losses_at_all() -> None:
    found = look_back([], {"stake": {}})["stake"]
    assert (found.places, found.caught, found.by_chance) == ((), 0, 0.0)
    assert isinstance(found.share, NotEstimable)


def test_rules_are_told_apart_and_dates_too() -> None:
    later = DAY + timedelta(30)
    losses = [Loss("c0", DAY), Loss("c0", later)]
    rules = {
        "stake": {DAY: KEYS, later: KEYS[::-1]},
        "largest": {DAY: KEYS[::-1], later: KEYS},
    }
    found = look_back(losses, rules)
    assert [p.rank for p in found["stake"].places] == [1, 50]
    assert [p.rank for p in found["largest"].places] == [50, 1]


def test_a_ranking_holds_each_key_once() -> None:
    with pytest.raises(ValueError, match="once"):
        look_back([Loss("a", DAY)], {"stake": {DAY: ["a", "a"]}})


@pytest.mark.parametrize(("n", "places"), [(0, 0), (1, 1), (5, 1), (6, 2), (240, 48), (241, 49)])
def test_top_fifth_is_rounded_up(n: int, places: int) -> None:
    assert top_fifth(n) == places


@given(st.permutations(KEYS), st.lists(st.sampled_from(KEYS), min_size=1, unique=True))
def test_all_keys_together_are_caught_as_by_chance(order: list[str], lost: list[str]) -> None:
    everyone = look_back([Loss(k, DAY) for k in KEYS], {"any": {DAY: order}})["any"]
    assert everyone.caught == 10
    assert everyone.by_chance == pytest.approx(everyone.caught / len(KEYS))
    some = look_back([Loss(k, DAY) for k in lost], {"any": {DAY: order}})["any"]
    assert some.caught == len(set(order[:10]) & set(lost))


def test_calibration_a_random_order_catches_a_fifth_and_the_interval_holds_it() -> None:
    """400 random orders of 100, 20 lost: the 95 % interval holds the true share in 93 to 98 %."""
    chance = random.Random(20260331)
    keys = [f"c{i}" for i in range(100)]
    held, caught = 0, 0
    for _ in range(400):
        lost = [Loss(k, DAY + timedelta(i)) for i, k in enumerate(chance.sample(keys, 20))]
        rankings = {loss.looked_at: chance.sample(keys, len(keys)) for loss in lost}
        found = look_back(lost, {"random": rankings})["random"]
        assert isinstance(found.share, Estimate)
        held += found.share.low <= 0.2 <= found.share.high  # type: ignore[operator]
        caught += found.caught
    assert 0.93 <= held / 400 <= 0.98
    assert caught / 8000 == pytest.approx(0.2, abs=0.012)


def test_calibration_a_known_separation_is_recovered() -> None:
    """The lost stand one deviation higher; 20 in 500 are lost, so the top fifth begins near the
    0.8 quantile of all and about Phi(1 - 0.87) = 55 % of the lost are in it."""
    chance = random.Random(5)
    lost_total, caught = 0, 0
    for round_ in range(60):
        scores = {f"c{i}": chance.gauss(1.0 if i < 20 else 0.0, 1) for i in range(500)}
        ranking = sorted(scores, key=lambda k: -scores[k])
        losses = [Loss(f"c{i}", DAY + timedelta(round_)) for i in range(20)]
        found = look_back(losses, {"score": {DAY + timedelta(round_): ranking}})["score"]
        lost_total, caught = lost_total + 20, caught + found.caught
    assert caught / lost_total == pytest.approx(0.55, abs=0.04)


def test_what_came_after_the_top_fifth() -> None:
    """Ten places a day; c3 left after 90 days, c12 was not near the top, c4 left before."""
    later = DAY + timedelta(60)
    ends = [("c3", DAY + timedelta(90)), ("c12", DAY + timedelta(5)), ("c4", DAY)]
    found = followed({DAY: KEYS, later: KEYS}, [*ends, ("c9", DAY + timedelta(91))])
    assert (found.places, found.lost) == (20, 3)  # c3 on both days, c9 from the later one
    assert found.share == 3 / 20
    assert found.everywhere == 4 / 100
    assert followed({}, ends).share is None
