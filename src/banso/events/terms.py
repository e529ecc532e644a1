"""What a contract row says once its cells are read: from when until when, worth how much."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from banso.core.cells import Cell, Problem
from banso.core.money import Money
from banso.core.parsing import parse_money

YEAR = 12
LONGEST = 1200


def contract_of(values: Mapping[str, Any], currency: str) -> dict[str, Any] | Problem:
    """The contract's columns as plain values, dates in ISO form.

    Where one end of the term is not given it follows from the other and the months (twelve when
    none are given). A renewed or churned contract's outcome was known on its last day unless
    the file says when. The code of a problem is "<field>:<code>".
    """
    span = _span(values)
    if isinstance(span, Problem):
        return span
    currency = values.get("currency", currency)
    annual = _annual(values, currency)
    if isinstance(annual, Problem):
        return annual
    if not 0 <= values.get("seats", 0) < 2**31:
        return Problem("seats:negative" if values["seats"] < 0 else "seats:too_large", "")
    start, end = span
    outcome = values.get("status", "open")
    known = values.get("outcome_known_on", end)
    settled = {"outcome": outcome, "outcome_known_on": known.isoformat()}
    return {
        "start_on": start.isoformat(),
        "end_on": end.isoformat(),
        "currency": currency,
        **_given("annual_minor", annual),
        **_given("plan", values.get("plan")),
        **_given("seats", values.get("seats")),
        **_given("reference", values.get("contract_id")),
        **_given("notice_on", _iso(values.get("notice_date"))),
        **(settled if outcome != "open" else {}),
    }


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last."""
    place = day.year * YEAR + day.month - 1 + months
    year, month = divmod(place, YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _span(values: Mapping[str, Any]) -> tuple[date, date] | Problem:
    months: int | None = values.get("term_months")
    if months is not None and not 0 < months <= LONGEST:
        return Problem("term_months:no_such_term", "")
    try:
        start, end = _ends(values.get("start_date"), values.get("end_date"), months)
    except LookupError:
        return Problem("end_date:missing", "")
    except ValueError:
        return Problem("term_months:no_such_term", "")
    return (start, end) if start < end else Problem("end_date:ends_before_start", "")


def _ends(start: date | None, end: date | None, months: int | None) -> tuple[date, date]:
    if end is None:
        if start is None or months is None:
            raise LookupError
        return start, add_months(start, months)
    return start or add_months(end, -(months or YEAR)), end


def _annual(values: Mapping[str, Any], currency: str) -> int | Problem | None:
    for name, times in (("annual_amount", 1), ("mrr", YEAR)):
        if name not in values:
            continue
        cell, unit = values[name]
        amount = _amount(cell, currency)
        if isinstance(amount, Problem):
            return Problem(f"{name}:{amount.code}", amount.found)
        if amount is not None:
            minor = amount.minor * unit * times
            return minor if abs(minor) < 2**53 else Problem(f"{name}:too_large", "")
    return None


def _amount(cell: Cell, currency: str) -> Money | Problem | None:
    amount = parse_money(cell, currency)
    if isinstance(amount, Money) and amount.minor < 0:
        return Problem("negative", "")
    return amount


def _given(name: str, value: object) -> dict[str, object]:
    return {} if value is None else {name: value}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
