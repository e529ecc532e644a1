"""Each move is found where it was planted, once, with its numbers; steady customers stay quiet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banso.core.alerts import detect, estimable
from banso.core.moves import COOL_DAYS, STANDARD, Found, Persons, bit, cooled
from tests.core.rhythms import LENGTH, WEEKEND, days_of, nobody, steady

SPAN = range(330, 490)


def at_standard(found, kind):
    return [each for each in found if each.kind == kind and each.levels & bit(STANDARD)]


def test_steady_customers_raise_hardly_anything():
    found = detect(days_of(steady(200, seed=1)), nobody(), SPAN)
    years = 200 * len(SPAN) / 365
    assert len(at_standard(found, "silent")) / years < 0.2
    assert len(at_standard(found, "new_low")) / years < 0.2
    assert len(at_standard(found, "spike")) / years < 0.3


@pytest.mark.parametrize("level", [1, 3, 5])
def test_silence_fires_about_as_often_as_its_level_says(level):
    """Poisson days are what the tail assumes: the false alarms stay near
    twice the nominal and a few for thresholds drawn from short pasts."""
    from banso.core.silence import QUIET

    counts = steady(400, seed=2, mean=0.25)
    found = [each for each in detect(days_of(counts), nobody(), SPAN) if each.kind == "silent"]
    fired = sum(1 for each in found if each.levels & bit(level))
    assert fired <= 2 * QUIET[level] * 400 * len(SPAN) / 365 + 10


def test_a_fall_is_told_once_with_its_numbers_and_its_recovery():
    counts = steady(60, seed=3)
    counts[7, 400:440] = 0.2 * counts[7, 400:440]
    counts[7] = np.floor(counts[7])
    found = detect(days_of(counts), nobody(), range(330, LENGTH))
    mine = [each for each in found if each.row == 7]
    [low] = at_standard(mine, "new_low")
    assert 405 <= low.day <= 428
    reason = low.reason
    assert reason["now"] < reason["low"] <= reason["usual"] <= reason["high"]
    assert reason["weeks"] == 26
    assert reason["now"] == int(counts[7, low.day - 27 : low.day + 1].sum())
    [back] = at_standard(mine, "recovered")
    assert 440 < back.day < 470
    assert back.reason["since"] in {
        back.day - each.day for each in mine if each.kind in ("new_low", "silent")
    }


def test_silence_is_longer_than_this_customers_own_rhythm():
    counts = steady(60, seed=4)
    rare = (np.arange(LENGTH) % 14 == 2).astype(float)
    counts[5], counts[6] = rare, counts[6]
    counts[5, 440:], counts[6, 440:] = 0, 0
    found = detect(days_of(counts), nobody(), range(330, LENGTH))
    [often] = at_standard([each for each in found if each.row == 6], "silent")
    assert often.day <= 450
    assert often.reason["days"] > often.reason["longest"] >= often.reason["usual"]
    rarely = at_standard([each for each in found if each.row == 5], "silent")
    assert all(each.day > often.day + 5 for each in rarely)


def test_nobody_is_silent_over_a_holiday_of_all():
    counts = steady(100, seed=5)
    counts[:, 420:430] = 0
    found = detect(days_of(counts), nobody(), range(400, 440))
    assert len(at_standard(found, "silent")) <= 5  # of 100, all of whom stopped
    assert len(at_standard(found, "new_low")) <= 3


def test_a_spike_is_told_once():
    counts = steady(60, seed=6)
    counts[9, 420:430] *= 4
    found = [each for each in detect(days_of(counts), nobody(), SPAN) if each.row == 9]
    [spike] = at_standard(found, "spike")
    assert 420 < spike.day < 430
    assert spike.reason["now"] > spike.reason["high"]


def test_a_champion_who_stays_away_while_others_come():
    rng = np.random.default_rng(7)
    others = steady(40, seed=8, mean=2.0)
    champion = rng.random((40, LENGTH)) < 0.8 * WEEKEND
    champion[4, 430:] = False
    days = days_of(others + champion)
    persons = Persons(champion, np.arange(40))
    found = at_standard(detect(days, persons, range(330, LENGTH)), "champion_quiet")
    [gone] = [each for each in found if each.row == 4]
    assert gone.person == 4
    assert gone.day >= 430 + 21
    assert gone.reason["others"] == int(others[4, 430 - gone.reason["days"] : 0].sum()) or (
        gone.reason["others"] > 20
    )
    assert 0.2 < gone.reason["share"] < 0.5
    assert len(found) <= 2


def test_health_has_lows_of_its_own():
    counts = steady(30, seed=9)
    health = np.full(counts.shape, 70.0)
    health[3, 450:] = 35.0
    found = detect(days_of(counts), nobody(), range(330, LENGTH), health)
    [low] = [each for each in found if each.row == 3 and each.reason.get("of") == "health"]
    assert (low.day, low.reason["now"], low.reason["usual"]) == (450, 35.0, 70.0)


def test_who_is_no_customer_raises_nothing():
    days = days_of(steady(20, seed=10))
    days.counts[2, 420:] = 0
    days.going[2, 410:] = False
    found = [each for each in detect(days, nobody(), SPAN) if each.row == 2]
    assert all(each.day < 410 for each in found)


def test_too_short_a_past_says_why():
    days = days_of(steady(2, seed=11))
    days.since[0] = 400
    days.counts[1] = 0
    short = estimable(days, 0, 450)
    assert (short.reason, short.params["weeks"]) == ("short_history", 3)
    assert estimable(days, 1, 450).reason == "too_little_use"
    assert estimable(days_of(steady(1, seed=12)), 0, 450) is None


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(360, 480))
def test_nothing_later_is_used(seed, cut):
    """What is found up to a day is the same when everything after it is gone or other."""
    counts = steady(15, seed=seed, mean=1.0)
    counts[:5, 400:430] = 0
    whole = detect(days_of(counts), nobody(), range(330, LENGTH))
    known = detect(days_of(counts[:, :cut]), nobody(cut), range(330, cut))
    assert [each for each in whole if each.day < cut] == known


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_kind_cools_down_at_each_level(seed):
    counts = steady(10, seed=seed, mean=0.6)
    found = detect(days_of(counts), nobody(), SPAN)
    last = {}
    for each in found:
        for level in range(1, 6):
            if each.levels & bit(level):
                key = (each.kind, each.row, level)
                assert each.day - last.get(key, -999) >= COOL_DAYS[each.kind]
                last[key] = each.day


def test_what_was_said_before_counts():
    found = [Found("silent", 0, 400, 0b00111)]
    assert cooled(found, {("silent", 0): [(380, 0b00001)]})[0].levels == 0b00110
    assert cooled(found, {("silent", 0): [(400, 0b11111)]}) == []
    assert cooled(found, {("silent", 1): [(399, 0b11111)]}) == found
