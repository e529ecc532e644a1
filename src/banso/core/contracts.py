"""What an engagement's contracts say on a day: what runs, what is undecided, what comes next.

Only what was known on the day counts: contracts that had started by then, and outcomes from the
day they were known. A contract runs from its start until the day before its end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

type Decision = Literal["", "renewed", "churned"]


@dataclass(frozen=True)
class ContractTerm:
    """One contract; `annual_minor` is its yearly value in `currency`'s minor unit."""

    id: int
    start_on: date
    end_on: date
    notice_on: date | None = None
    seats: int | None = None
    annual_minor: int | None = None
    currency: str = "JPY"
    outcome: Decision = ""
    outcome_known_on: date | None = None


@dataclass(frozen=True)
class NextDate:
    """The day that decides next: the notice deadline, the renewal, or a renewal that is due
    and still open (`on` is then the past end)."""

    on: date
    kind: Literal["notice", "renewal", "open_renewal"]


def running(contracts: Iterable[ContractTerm], day: date) -> list[ContractTerm]:
    """The contracts in force on `day`."""
    return [c for c in contracts if c.start_on <= day < c.end_on]


def live(contracts: Sequence[ContractTerm], day: date) -> list[ContractTerm]:
    """The contracts that carry the engagement on `day`: those in force; where none is, those
    that ended last, unless their loss was known. Empty: nothing carries it."""
    if found := running(contracts, day):
        return found
    started = [c for c in contracts if c.start_on <= day]
    last = max((c.end_on for c in started), default=None)
    return [c for c in started if c.end_on == last and decision(c, day) != "churned"]


def decision(contract: ContractTerm, day: date) -> Decision:
    """The contract's outcome as far as it was known on `day`."""
    known = contract.outcome_known_on
    return contract.outcome if known is not None and known <= day else ""


def next_date(contracts: Sequence[ContractTerm], day: date) -> NextDate | None:
    """The nearest day on which an undecided or lost contract asks for something; the notice
    deadline while it lies ahead, else the end. A renewed contract asks for nothing."""
    asking = (c for c in live(contracts, day) if decision(c, day) != "renewed")
    return min((_next(c, day) for c in asking), key=lambda n: n.on, default=None)


def seats(contracts: Iterable[ContractTerm], day: date) -> int | None:
    """The seats of the contracts in force on `day`, summed; None where none names any."""
    known = [c.seats for c in running(contracts, day) if c.seats is not None]
    return sum(known) if known else None


def decided(contracts: Sequence[ContractTerm], day: date) -> list[tuple[ContractTerm, bool]]:
    """The contracts whose outcome was known on `day`, each with whether the engagement went on.
    A lost one beside another that runs on without a break is no loss and is left out."""
    started = [c for c in contracts if c.start_on <= day]
    found = []
    for contract in started:
        outcome = decision(contract, day)
        if outcome == "renewed" or (outcome == "churned" and not _goes_on(contract, started)):
            found.append((contract, outcome == "renewed"))
    return found


def _next(contract: ContractTerm, day: date) -> NextDate:
    if contract.end_on <= day:
        return NextDate(contract.end_on, "open_renewal")
    notice = contract.notice_on
    if notice is not None and day <= notice < contract.end_on and not decision(contract, day):
        return NextDate(notice, "notice")
    return NextDate(contract.end_on, "renewal")


def _goes_on(lost: ContractTerm, contracts: Iterable[ContractTerm]) -> bool:
    return any(c.start_on <= lost.end_on < c.end_on for c in contracts)
