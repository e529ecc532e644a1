"""The planted figures come out in larger companies as they were meant."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from banso.demo import truth, usage
from banso.demo.book import CHURNED, Book, day_number
from banso.demo.calibration import (
    ALPHA,
    BANDS,
    BETA,
    FALL,
    KEY_MONTH_QUANTILES,
    WEEKEND_SHARE,
    hazard,
    stratified,
)
from banso.demo.company import found
from banso.demo.customers import HIGH, TECH, Customers
from banso.demo.tally import UsageTally

TODAY = date(2026, 11, 21)
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def large() -> tuple[Book, Customers]:
    return found(20_000, seed=1, today=TODAY, language="en")


@pytest.fixture(scope="module")
def tallies() -> list[tuple[UsageTally, Book, Customers]]:
    return [_tally(seed) for seed in SEEDS]


def _tally(seed: int) -> tuple[UsageTally, Book, Customers]:
    book, customers = found(3_000, seed=seed, today=TODAY, language="en")
    tally = UsageTally.empty(len(customers), TODAY)
    for run in usage.draw(customers, book, seed=seed, today=TODAY):
        tally.add(run, customers, TODAY)
    return tally, book, customers


def test_retention_by_contract_size(large: tuple[Book, Customers]) -> None:
    """A band of n customers is known to about 0.3 / sqrt(n) of value kept."""
    book, customers = large
    for found_, band in zip(truth.retention(book, len(customers), today=TODAY), BANDS, strict=True):
        within = 3 * 0.35 / found_.customers**0.5
        assert found_.nrr == pytest.approx(band.nrr, abs=within)
        assert found_.grr == pytest.approx(band.grr, abs=within)
        assert found_.customers > 100


def test_retention_of_three_thousand_as_a_whole() -> None:
    """The two largest groups of customers at the size that the issue names."""
    found_ = [
        truth.retention(found(3_000, seed=seed, today=TODAY, language="en")[0], 3_000, today=TODAY)
        for seed in SEEDS
    ]
    small = [each[0] for each in found_]
    assert np.mean([each.nrr for each in small]) == pytest.approx(1.00, abs=0.03)
    assert np.mean([each.grr for each in small]) == pytest.approx(0.90, abs=0.02)


def test_hazard_is_the_closed_form() -> None:
    """First-year churn of the shifted-beta-geometric is alpha / (alpha + beta)."""
    assert hazard(1) == pytest.approx(0.668 / 4.474)
    surviving = np.cumprod(1 - hazard(np.arange(1, 6)))
    by_beta = [np.prod([(BETA + k) / (ALPHA + BETA + k) for k in range(n)]) for n in range(1, 6)]
    assert surviving == pytest.approx(by_beta)


def test_losses_fall_with_tenure_as_expected(large: tuple[Book, Customers]) -> None:
    rows = truth.refused(large[0], today=TODAY)
    for row in rows:
        error = (row.expected * (1 - row.expected) / row.decided) ** 0.5
        assert row.lost / row.decided == pytest.approx(row.expected, abs=4 * error)
    early, late = rows[0], [row for row in rows if row.tenure >= 8]
    assert early.tenure == 1
    assert sum(row.lost for row in late) / sum(row.decided for row in late) < 0.45 * (
        early.lost / early.decided
    )


def test_share_of_losses_without_a_sign(large: tuple[Book, Customers]) -> None:
    book, _ = large
    lost = book.fate == CHURNED
    assert 0.15 <= book.silent[lost].mean() <= 0.20
    small, _ = found(240, seed=5, today=TODAY, language="ja")
    assert 0.13 <= small.silent[small.fate == CHURNED].mean() <= 0.22


def test_contracts_begin_with_the_fiscal_year_and_have_notice(
    large: tuple[Book, Customers],
) -> None:
    book, customers = large
    month = customers.first.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12 + 1
    share = np.bincount(month, minlength=13) / len(month)
    assert set(np.argsort(share)[-2:].tolist()) == {4, 10}
    assert share[4] > 0.2
    assert set(np.unique(book.end - book.notice).tolist()) == {30, 60, 90}
    assert 0.9 < (book.years == 1).mean() < 1


def test_three_levels_of_touch_and_a_growing_company(large: tuple[Book, Customers]) -> None:
    book, customers = large
    share = np.bincount(customers.touch) / len(customers)
    assert share[HIGH] < share[TECH]
    assert (share > 0.08).all()
    grown = truth.growth(book, customers, today=TODAY)
    assert grown.annual_now > grown.annual_before
    assert grown.won > grown.lost


def test_lost_customers_do_not_depend_on_the_number_asked_for() -> None:
    """About six in a hundred of the ledger in a year: fourteen of 240."""
    lost = [
        truth.growth(*found(240, seed=seed, today=TODAY, language="ja"), today=TODAY).lost
        for seed in range(20)
    ]
    assert np.mean(lost) == pytest.approx(14, abs=1.5)


def _figures(tallies: list[tuple[UsageTally, Book, Customers]], name: str) -> float:
    return float(np.mean([tally.figures()[name] for tally, _, _ in tallies]))


def test_key_events_are_heavy_tailed(tallies: list[tuple[UsageTally, Book, Customers]]) -> None:
    half, ninety, ninety_nine = KEY_MONTH_QUANTILES.values()
    assert _figures(tallies, "key_month_median") == half
    assert _figures(tallies, "key_month_p90") == pytest.approx(ninety, rel=0.15)
    assert _figures(tallies, "key_month_p99") == pytest.approx(ninety_nine, rel=0.2)


def test_six_hundred_customers_have_the_same_shape() -> None:
    book, customers = found(600, seed=4, today=TODAY, language="en")
    tally = UsageTally.empty(600, TODAY)
    for run in usage.draw(customers, book, seed=4, today=TODAY):
        tally.add(run, customers, TODAY)
    some = tally.months[:, 1:-1][tally.months[:, 1:-1] > 0]
    assert np.quantile(some, 0.5) == 2
    assert np.quantile(some, 0.9) == pytest.approx(13, abs=4)
    assert np.quantile(some, 0.99) == pytest.approx(81, rel=0.4)


def test_weekends(tallies: list[tuple[UsageTally, Book, Customers]]) -> None:
    assert _figures(tallies, "weekend_share") == pytest.approx(WEEKEND_SHARE, abs=0.004)


def test_usage_falls_before_a_loss(tallies: list[tuple[UsageTally, Book, Customers]]) -> None:
    low = sum(tally.low for tally, _, _ in tallies)
    high = sum(tally.high for tally, _, _ in tallies)
    assert 1 - low / high == pytest.approx(FALL, abs=0.08)


def test_silent_losses_show_no_fall() -> None:
    book, customers = found(6_000, seed=9, today=TODAY, language="en")
    before, after = _around_the_end(book, customers)
    assert after / before == pytest.approx(1, abs=0.35)


def _around_the_end(book: Book, customers: Customers) -> tuple[int, int]:
    """Events of silent losses in the month half a year before their end, and in the last."""
    seen = customers.silent & (customers.loss <= day_number(TODAY))
    seen &= customers.loss > day_number(TODAY) - 510
    before = after = 0
    for run in usage.draw(customers, book, seed=9, today=TODAY):
        left = (customers.loss[run.account] - run.second // 86_400)[seen[run.account]]
        count = run.count[seen[run.account]]
        before += int(count[(left > 182) & (left <= 212)].sum())
        after += int(count[(left > 0) & (left <= 30)].sum())
    return before, after


def test_obon_and_new_year_are_quiet() -> None:
    def level(first: date, days: int) -> float:
        return float(usage.calendar(day_number(first) + np.arange(days)).mean())

    ordinary = level(date(2026, 6, 1), 28)
    assert level(date(2026, 8, 11), 6) < 0.35 * ordinary
    assert level(date(2025, 12, 28), 8) < 0.15 * ordinary
    assert level(date(2026, 8, 17), 28) == pytest.approx(ordinary)


def test_runs_are_bounded_and_in_order() -> None:
    book, customers = found(900, seed=2, today=TODAY, language="en")
    runs: Iterator[usage.Usage] = usage.draw(customers, book, seed=2, today=TODAY)
    numbers = []
    for run in runs:
        assert len(np.unique(run.account)) <= usage.CHUNK
        assert (np.diff(run.second) >= 0).all()
        numbers.append(int(run.account.min()) // usage.CHUNK)
    assert numbers == [0, 1, 2]


def test_no_usage_outside_contracts() -> None:
    book, customers = found(300, seed=3, today=TODAY, language="en")
    gone = customers.loss > 0
    for run in usage.draw(customers, book, seed=3, today=TODAY):
        day = run.second // 86_400
        after = gone[run.account] & (day >= customers.loss[run.account])
        returned = customers.back[run.account] > 0
        assert not (after & ~returned).any()
        assert (day[after] >= customers.back[run.account][after]).all()
        assert not customers.unconnected[run.account].any()


def test_stratified_draws_are_uniform_in_each_run() -> None:
    drawn = stratified(np.random.default_rng(1), 95)
    assert len(drawn) == 95
    for low in range(0, 90, 10):
        assert sorted((drawn[low : low + 10] * 10).astype(int).tolist()) == list(range(10))
