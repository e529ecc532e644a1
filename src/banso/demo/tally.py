"""The usage figures of a company, summed while its events are written."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from banso.demo.book import day_number
from banso.demo.calibration import FALL, FALL_DAYS, FALLEN_DAYS, KEY_EVENT, USAGE_DAYS, Ints
from banso.demo.customers import Customers
from banso.demo.usage import EVENTS, Usage, gradual


@dataclass
class UsageTally:
    """Sums over the runs of usage, from which the usage figures follow."""

    months: Ints
    first_month: int
    rows: int = 0
    count: int = 0
    weekend: int = 0
    low: int = 0
    high: int = 0

    @classmethod
    def empty(cls, customers: int, today: date) -> "UsageTally":
        first = _months(np.array([day_number(today) - USAGE_DAYS]))[0]
        last = _months(np.array([day_number(today)]))[0]
        return cls(np.zeros((customers, last - first + 1), dtype=np.int64), int(first))

    def add(self, usage: Usage, customers: Customers, today: date) -> None:
        """Count a run: key events by customer and month, weekends, and the ends of the fall."""
        day = usage.second // 86_400
        key = usage.event == EVENTS.index(KEY_EVENT)
        cell = (usage.account[key], _months(day[key]) - self.first_month)
        np.add.at(self.months, cell, usage.count[key])
        self.rows += len(day)
        self.count += int(usage.count.sum())
        self.weekend += int(usage.count[(day + 3) % 7 >= 5].sum())
        left = customers.refused[usage.account] - day
        seen = watched(customers, today)[usage.account] & (left > 0)
        before = (left > FALL_DAYS) & (left <= FALL_DAYS + FALLEN_DAYS)
        self.low += int(usage.count[seen & (left <= FALLEN_DAYS)].sum())
        self.high += int(usage.count[seen & before].sum())

    def figures(self) -> dict[str, float | int | None]:
        """Quantiles over the whole calendar months in which a customer has a key event."""
        whole = self.months[:, 1:-1]
        some = whole[whole > 0]
        quantiles = np.quantile(some, [0.5, 0.9, 0.99]) if len(some) else [np.nan] * 3
        return {
            "rows": self.rows,
            "key_month_median": rounded(quantiles[0]),
            "key_month_p90": rounded(quantiles[1]),
            "key_month_p99": rounded(quantiles[2]),
            "weekend_share": rounded(self.weekend / self.count if self.count else np.nan),
            "fall": rounded(1 - self.low / self.high if self.high else np.nan),
            "fall_calibrated": FALL,
        }


def watched(customers: Customers, today: date) -> NDArray[np.bool_]:
    """Losses with signs whose whole fall lies within the two years of usage."""
    begin = day_number(today) - USAGE_DAYS + FALL_DAYS + FALLEN_DAYS
    decided = customers.refused
    return np.asarray(gradual(customers) & (decided > begin) & (decided <= day_number(today)))


def _months(days: Ints) -> Ints:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
