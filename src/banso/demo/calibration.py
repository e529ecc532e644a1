"""The figures the demo company is calibrated to, and where each comes from.

docs/methods/demo-company.md tells the whole story.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

YEN_PER_DOLLAR = 150
ALPHA, BETA = 0.668, 3.806
"""Shifted-beta-geometric churn (Fader and Hardie 2007), one period = one year of tenure."""

YEARS = 15
"""The product has been sold for this long; the ledger begins LEDGER_YEARS ago."""
LEDGER_YEARS = 4
GROWTH = 1.04
"""New customers a year, relative to the year before."""
USAGE_DAYS = 730

SILENT_SHARE = 0.175
FALL = 0.68
FALL_DAYS = 182
FALLEN_DAYS = 30
"""Usage falls over FALL_DAYS until the loss is known, reaches its low this many days before, and
stays there until the contract ends."""

WEEKEND_SHARE = 0.07
KEY_EVENT = "report_created"
KEY_MONTH_QUANTILES = {0.5: 2.0, 0.9: 13.0, 0.99: 81.0}
"""Key events of an account in a calendar month in which it has any."""


@dataclass(frozen=True)
class Band:
    """Contract-size band: yearly NRR and GRR to reach, and the value-weighted share of a year's
    opening value that the hazard model takes away in it (measured on 100,000 customers)."""

    code: str
    below: float
    nrr: float
    grr: float
    churned: float

    @property
    def cut(self) -> float:
        """Mean contraction among renewals, so that kept value is GRR."""
        return 1 - self.grr / (1 - self.churned)

    @property
    def rise(self) -> float:
        """Mean expansion among renewals, so that kept and added value is NRR."""
        return (self.nrr - self.grr) / (1 - self.churned)


BANDS = (
    Band("under_12k", 12e3, 1.00, 0.90, 0.094),
    Band("12k_25k", 25e3, 1.02, 0.90, 0.072),
    Band("25k_50k", 50e3, 1.03, 0.92, 0.0625),
    Band("50k_100k", 100e3, 1.05, 0.93, 0.0535),
    Band("100k_250k", 250e3, 1.07, 0.93, 0.046),
    Band("over_250k", np.inf, 1.10, 0.93, 0.032),
)
EDGES = np.array([band.below * YEN_PER_DOLLAR for band in BANDS[:-1]])

SIZE_EXPONENT, SIZE_PIVOT, PIVOT_GROWTH = -0.15, 0.657e6, 0.103
"""Small customers leave more often. The pivot, a size in yen that rises with tenure, keeps the
mean over the customers of each age at the hazard."""


def band_of(annual: Floats) -> Ints:
    """Index into BANDS of yearly values in yen."""
    return np.searchsorted(EDGES, annual, side="right").astype(np.int64)


def hazard(tenure: Ints | int) -> Floats:
    """Probability that the renewal after `tenure` years (1, 2, ...) is the one refused."""
    return np.asarray(ALPHA / (ALPHA + BETA + np.asarray(tenure) - 1))


def refusal(tenure: Ints | int, annual: Floats, years: Ints) -> Floats:
    """Probability that a term of `years` years that ends at `tenure` is not renewed."""
    last, before = hazard(tenure), hazard(np.maximum(np.asarray(tenure) - 1, 1))
    yearly = 1 - (1 - last) * np.where(years > 1, 1 - before, 1.0)
    pivot = SIZE_PIVOT * np.exp(PIVOT_GROWTH * (np.asarray(tenure) - 1))
    scaled = yearly * (annual / pivot) ** SIZE_EXPONENT
    return np.minimum(scaled, 0.9)


def stratified(rng: np.random.Generator, n: int, block: int = 10) -> Floats:
    """n uniforms in (0, 1), evenly spread within each run of `block` neighbours, so that small
    companies too come out near the calibrated shares."""
    runs = -(-n // block)
    order = rng.permuted(np.tile(np.arange(block), (runs, 1)), axis=1)
    uniform = (order + rng.random((runs, block))) / block
    return np.asarray(uniform.ravel()[:n])
