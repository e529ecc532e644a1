"""What contracts say on a day, in stories."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from banso.core.contracts import (
    ContractTerm,
    NextDate,
    decided,
    live,
    next_date,
    running,
    seats,
)

FIRST, LAST = date(2025, 4, 1), date(2026, 4, 1)


def term(id: int = 1, **fields: object) -> ContractTerm:
    return ContractTerm(**({"id": id, "start_on": FIRST, "end_on": LAST} | fields))


def lost(id: int = 1, *, known: date = LAST, **fields: object) -> ContractTerm:
    return term(id, outcome="churned", outcome_known_on=known, **fields)


def days_around(day: date) -> tuple[date, date]:
    return day - timedelta(1), day


def test_a_contract_runs_from_its_start_until_the_day_before_its_end():
    before, first = days_around(FIRST)
    last, end = days_around(LAST)
    runs = [bool(running([term()], day)) for day in (before, first, last, end)]
    assert runs == [False, True, True, False]


def test_an_open_contract_past_its_end_is_still_live_and_a_lost_one_is_not():
    assert live([term()], LAST) == [term()]
    assert live([lost()], LAST) == []


def test_a_loss_that_was_not_yet_known_does_not_count():
    told_late = lost(known=date(2026, 5, 1))
    assert live([told_late], date(2026, 4, 30)) == [told_late]
    assert live([told_late], date(2026, 5, 1)) == []


def test_a_contract_that_had_not_started_is_unknown():
    assert live([term()], FIRST - timedelta(1)) == []
    assert next_date([term()], FIRST - timedelta(1)) is None


def test_the_notice_deadline_decides_until_it_has_passed():
    notice = date(2026, 1, 31)
    contract = term(notice_on=notice)
    assert next_date([contract], notice) == NextDate(notice, "notice")
    assert next_date([contract], notice + timedelta(1)) == NextDate(LAST, "renewal")
    assert next_date([contract], LAST) == NextDate(LAST, "open_renewal")


def test_a_contract_known_to_be_renewed_asks_for_nothing():
    renewed = term(outcome="renewed", outcome_known_on=date(2026, 2, 1))
    assert next_date([renewed], date(2026, 1, 31)) == NextDate(LAST, "renewal")
    assert next_date([renewed], date(2026, 2, 1)) is None


def test_the_nearest_of_several_dates_comes_first():
    other = term(2, end_on=date(2026, 1, 1))
    assert next_date([term(), other], FIRST) == NextDate(date(2026, 1, 1), "renewal")


def test_seats_of_running_contracts_add_up_and_unknown_ones_are_no_number():
    assert seats([term(seats=5), term(2, seats=7), term(3)], FIRST) == 12
    assert seats([term()], FIRST) is None
    assert seats([term(seats=5)], LAST) is None


def test_a_lost_contract_beside_one_that_runs_on_is_no_loss():
    on = term(2, start_on=LAST, end_on=date(2027, 4, 1))
    assert decided([lost()], LAST) == [(lost(), False)]
    assert decided([lost(), on], LAST) == []


def test_coming_back_after_a_break_does_not_undo_the_loss():
    back = term(2, start_on=LAST + timedelta(30), end_on=date(2027, 4, 1))
    assert decided([lost(), back], date(2026, 12, 1)) == [(lost(), False)]


def test_an_outcome_counts_from_the_day_it_was_known():
    renewed = term(outcome="renewed", outcome_known_on=date(2026, 2, 1))
    assert decided([renewed], date(2026, 1, 31)) == []
    assert decided([renewed], date(2026, 2, 1)) == [(renewed, True)]


day = st.dates(date(2025, 1, 1), date(2025, 3, 1))


@st.composite
def terms(draw: st.DrawFn) -> list[ContractTerm]:
    found = []
    for number in range(draw(st.integers(0, 5))):
        start, length = draw(day), draw(st.integers(1, 40))
        outcome = draw(st.sampled_from(["", "renewed", "churned"]))
        known = draw(day) if outcome else None
        ends = start + timedelta(length)
        found.append(
            ContractTerm(number, start, ends, seats=number, outcome=outcome, outcome_known_on=known)
        )
    return found


def forget(contracts: list[ContractTerm], as_of: date) -> list[ContractTerm]:
    """The same contracts as they were written down on `as_of`."""
    return [
        c
        if c.outcome_known_on is None or c.outcome_known_on <= as_of
        else ContractTerm(c.id, c.start_on, c.end_on, seats=c.seats)
        for c in contracts
        if c.start_on <= as_of
    ]


@given(terms(), day)
def test_what_was_learned_later_changes_nothing(contracts, as_of):
    then = forget(contracts, as_of)
    assert [c.id for c in live(contracts, as_of)] == [c.id for c in live(then, as_of)]
    assert next_date(contracts, as_of) == next_date(then, as_of)
    assert seats(contracts, as_of) == seats(then, as_of)
    ends = [(c.id, renewed) for c, renewed in decided(contracts, as_of)]
    assert ends == [(c.id, renewed) for c, renewed in decided(then, as_of)]
