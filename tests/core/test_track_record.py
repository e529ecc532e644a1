"""What counts as a real change, by hand."""

import numpy as np
import pytest

from banso.core.estimate import Estimate, NotEstimable
from banso.core.moves import Found
from banso.core.track_record import Known, Record, judge, naive, records
from tests.core.rhythms import LENGTH, days_of, nobody, steady

SPAN = range(330, 400)
NOTHING = Known({}, {}, {})


@pytest.fixture
def counts():
    return steady(40, seed=21)


def verdict(counts, found, known=NOTHING, **words):
    [one], _ = judge([found], days_of(counts), nobody(), known, span=SPAN, **words)
    return one.days


def test_a_fall_that_lasts_four_weeks_is_real_and_a_dip_is_not(counts):
    alert = Found("new_low", 0, 350, 31)
    assert verdict(counts, alert) is None
    dip = counts.copy()
    dip[0, 351:372] = 0
    assert verdict(dip, alert) is None
    fall = counts.copy()
    fall[0, 351:] = 0
    assert verdict(fall, alert) == 28
    late = counts.copy()
    late[0, 351 + 39 :] = 0
    assert verdict(late, alert) is None


def test_losses_and_contractions_within_sixty_days(counts):
    alert = Found("silent", 3, 350, 31)
    assert verdict(counts, alert, Known({3: [390]}, {}, {})) == 40
    assert verdict(counts, alert, Known({3: [410]}, {}, {})) == 60
    assert verdict(counts, alert, Known({3: [411]}, {}, {})) is None
    assert verdict(counts, alert, Known({3: [350]}, {3: [355]}, {})) == 5
    assert verdict(counts, alert, Known({4: [390]}, {}, {3: [360]})) is None


def test_spikes_and_recoveries(counts):
    spike, back = Found("spike", 2, 350, 31), Found("recovered", 2, 350, 31)
    assert verdict(counts, spike) is None
    assert verdict(counts, spike, Known({}, {}, {2: [380]})) == 30
    more = counts.copy()
    more[2, 351:] *= 3
    assert 28 <= verdict(more, spike) <= 35
    assert 28 <= verdict(more, back) <= 35
    assert verdict(more, back, Known({2: [370]}, {}, {})) is None


def test_health_that_stays_low_is_real(counts):
    health = np.full(counts.shape, 80.0)
    health[1, 352:] = 60.0
    assert verdict(counts, Found("new_low", 1, 350, 31), health=health) is not None
    assert verdict(counts, Found("new_low", 0, 350, 31), health=health) is None


def test_records_count_each_level_and_give_an_interval(counts):
    fall = counts.copy()
    fall[:10, 351:] = 0
    found = [Found("new_low", row, 350, 0b10000 | (row < 5)) for row in range(20)]
    verdicts, chance = judge(found, days_of(fall), nobody(), NOTHING, span=SPAN)
    kept = records(verdicts, chance)
    assert (kept["new_low", 5].alerts, kept["new_low", 5].followed) == (20, 10)
    assert kept["new_low", 1].alerts == 5
    assert isinstance(kept["new_low", 1].share, NotEstimable)
    share = kept["new_low", 5].share
    assert isinstance(share, Estimate)
    assert share.low < 0.5 < share.high
    assert 0 < kept["new_low", 5].chance < 0.5
    assert kept["new_low", 5].beats_chance
    assert not Record(12, 3, 0.3, 10.0).beats_chance
    assert not Record(3, 3, 0.1, 10.0).beats_chance


def test_the_naive_rules(counts):
    counts[5, 337 - 6 : 338] = 0
    counts[6, 340:375] = 0
    found = naive(days_of(counts), SPAN)
    assert [each.day for each in found if each.kind == "halved" and each.row == 5][:1] == [337]
    [thirty] = [each.day for each in found if each.kind == "thirty_days"]
    last = int(np.flatnonzero(counts[6, :340])[-1])
    assert thirty == last + 30
    assert thirty < LENGTH
