"""Company time, moving windows and one's own past, against plain arithmetic."""

import numpy as np
import pytest

from banso.core.rhythm import season, usual, windows
from banso.core.silence import unlikely_gap
from tests.core.rhythms import days_of, steady


def test_weekends_and_holidays_count_for_little():
    counts = steady(300, seed=1)
    counts[:, 300:305] = 0
    index = season((counts > 0).sum(axis=0))
    weekday, weekend = index[200:280].reshape(-1, 2), index[[201 + 7 * k + 3 for k in range(8)]]
    assert weekday.max() < 2
    assert index[300:305].max() < 0.2
    week = index[203:273].reshape(10, 7)
    assert week.mean() == pytest.approx(1.0, abs=0.05)
    assert len(weekend) == 8


def test_a_small_company_leans_on_its_weekdays():
    counts = steady(3, seed=2)
    index = season((counts > 0).sum(axis=0))
    spread = np.std(index[200:400][np.arange(200) % 7 == 3])
    assert spread < 0.2


def test_windows_sum_what_they_cover():
    counts = steady(4, seed=3)
    days = days_of(counts)
    found = windows(counts, days.since, days.clock, 28)
    assert found.count[2, 100] == counts[2, 73:101].sum()
    assert found.exposure[100] == pytest.approx(days.clock[100] - days.clock[72])
    assert found.rate[2, 100] == pytest.approx(found.count[2, 100] / found.exposure[100])
    late = windows(counts, np.full(4, 90), days.clock, 28)
    assert np.isnan(late.rate[:, 100]).all()
    assert np.isfinite(late.rate[:, 118]).all()


def test_the_usual_is_the_median_of_the_windows_before():
    counts = steady(3, seed=4)
    days = days_of(counts)
    found = windows(counts, days.since, days.clock, 7)
    past = usual(found, range(400, 402), skip=7)
    rates = [found.rate[1, 393 - 7 * back] for back in range(26)]
    assert past.median[1, 0] == pytest.approx(np.median(rates))
    assert (past.least[1, 0], past.largest[1, 0]) == (min(rates), max(rates))
    assert past.low[1, 0] == pytest.approx(np.quantile(rates, 0.25))
    assert past.weeks[1, 0] == 26
    young = windows(counts, np.full(3, 330), days.clock, 7)
    assert np.isnan(usual(young, range(400, 401), skip=7).median).all()


def test_the_tail_of_exponential_gaps():
    gaps = np.random.default_rng(5).exponential(2.0, 4000)
    limit = unlikely_gap(gaps, 365 / 2, false_alarms=0.5)
    exact = 2.0 * np.log(365 / 2 / 0.5)
    assert limit == pytest.approx(exact, rel=0.1)
    rarer = unlikely_gap(gaps, 365 / 2, false_alarms=0.05)
    assert rarer > limit
