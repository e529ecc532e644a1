"""From the gap to the events: sums that add up, values that come back from what is listed."""

import pytest
from django.core.cache import cache

from banso.core.evaluate import evaluate
from banso.core.metrics import Count, Ratio
from banso.goals.actions import adopt_standard
from banso.goals.why import why
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import day, draft, make_metric, make_silence, measure, talk

AS_OF = day("2026-04-10")


@pytest.fixture
def told(workspace, staff):
    """A customer with a typed metric, silence, a share of recent contacts, and one unmeasured."""
    cache.clear()
    by, customer = staff(), make_customer()
    make_contract(customer, "2026-01-01", "2027-01-01")
    for on in ("2026-02-01", "2026-03-05", "2026-03-06", "2026-04-30"):
        talk(customer, by, on)
    typed, unknown = make_metric("typed"), make_metric("unknown")
    share = Ratio(Count(None, 60, 0, "contacts"), Count(None, 90, 0, "contacts"))
    ratio = make_metric("ratio", share, unit="percent")
    measure(typed, customer, "2026-03-01", 4)
    targets = [
        draft(typed, weight=2),
        draft(make_silence(), 90, 30, weight=3),
        draft(ratio, 0, 1),
        draft(unknown),
    ]
    adopt_standard(by=None, targets=targets, since=day("2026-01-01"))
    return customer


def test_terms_add_up_largest_first(told):
    found = why(told, AS_OF)
    shares = [term.share for term in found.terms]
    assert abs(sum(shares) - found.gap) <= 1e-9
    assert shares == sorted(shares, reverse=True)
    # typed: 2/6 of 0.6; silence: 35 days, 3/6 of 5/60; ratio: 2 of 3, 1/6 of 1/3
    assert found.gap == pytest.approx(0.2 + 3 / 6 * 5 / 60 + 1 / 6 / 3)
    assert [each.key for each in found.unmeasured] == ["unknown"]
    assert (found.standing.measured, found.standing.targets) == (3, 4)


def test_the_listed_events_give_the_value_back(told):
    terms = {term.target.key: term for term in why(told, AS_OF).terms}
    silence = terms["days-since-contact"]
    assert silence.value == silence.recomputed == 35
    assert [each.at.date().isoformat() for each in silence.occurrences][-1] == "2026-03-06"
    for key in ("days-since-contact", "ratio"):
        term = terms[key]
        again = evaluate(
            term.definition, term.occurrences, as_of=AS_OF, zone="Asia/Tokyo", seats=term.seats
        )
        assert again == term.value
    assert len(terms["ratio"].occurrences) == 3


def test_a_typed_value_names_its_row(told):
    [typed] = [term for term in why(told, AS_OF).terms if term.target.key == "typed"]
    assert (typed.entered.as_of, typed.value, typed.recomputed) == (day("2026-03-01"), 4, 4)


def test_without_a_number_there_are_no_terms(told):
    found = why(told, day("2026-01-05"))
    assert (found.gap, found.terms) == (None, ())
    assert len(found.unmeasured) == 4
