"""Generated customers: steady rhythms with weekends, and what is planted in them."""

import numpy as np

from banso.core.moves import Days, Persons
from banso.core.rhythm import season

LENGTH = 500
WEEKEND = np.where(np.arange(LENGTH) % 7 >= 5, 0.1, 1.0)


def steady(n, *, seed, mean=3.0, length=LENGTH):
    """Poisson person-days of n customers, hardly any at weekends."""
    rng = np.random.default_rng(seed)
    return rng.poisson(mean * WEEKEND[:length], size=(n, length)).astype(np.float64)


def days_of(counts):
    active = (counts > 0).sum(axis=0)
    since = np.where((counts > 0).any(axis=1), (counts > 0).argmax(axis=1), counts.shape[1])
    going = np.ones(counts.shape, dtype=bool)
    return Days(counts, since.astype(np.int64), np.cumsum(season(active)), going)


def nobody(length=LENGTH):
    return Persons(np.zeros((0, length), dtype=bool), np.zeros(0, dtype=np.int64))
