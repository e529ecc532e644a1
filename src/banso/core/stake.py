"""Stake: how much is at risk here, and how soon; the order of the day's list."""

from datetime import date

SOON_DAYS = 30
FAR_DAYS = 365
FAR_URGENCY = 0.25


def urgency(days_left: int | None) -> float:
    """1 with 30 days or fewer to the critical date (or past it: an open renewal window),
    falling linearly to 0.25 at 365 days, 0.25 beyond and where there is no date."""
    if days_left is None or days_left >= FAR_DAYS:
        return FAR_URGENCY
    if days_left <= SOON_DAYS:
        return 1.0
    elapsed = (days_left - SOON_DAYS) / (FAR_DAYS - SOON_DAYS)
    return 1.0 - (1.0 - FAR_URGENCY) * elapsed


def stake(gap: float, annual_value: float, urgency: float) -> float:
    """gap * annual value * urgency, in the unit of the annual value (money per year)."""
    return gap * annual_value * urgency


def days_left(critical: date | None, *, as_of: date) -> int | None:
    """Days from `as_of` to the next critical date (`contracts.next_date`), negative when it has
    passed."""
    return None if critical is None else (critical - as_of).days
