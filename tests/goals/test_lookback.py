"""The look-back: places by hand, causes, and nothing known too early."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils.translation import override

from banso.core.estimate import Estimate, NotEstimable
from banso.engagements.models import Contract
from banso.goals.actions import adopt_standard
from banso.goals.lookback import look_back
from banso.goals.past_days import GAP, LARGEST, OURS
from banso.goals.proposals import levels
from banso.goals.standing import ranked, stand
from banso.goals.wording import lookback_text
from banso.metrics.models import Measurement
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import day, draft, make_metric, make_silence, measure, talk

AS_OF = day("2026-06-30")
END = day("2026-04-01")
THEN = END - timedelta(days=90)


@pytest.fixture(autouse=True)
def _nothing_kept(workspace):
    cache.clear()


@pytest.fixture
def metric():
    found = make_metric()
    adopt_standard(by=None, targets=[draft(found)], since=day("2024-01-01"))
    return found


def running(name, annual=1_000_000):
    customer = make_customer(name)
    make_contract(customer, "2025-01-01", "2026-12-31", annual_minor=annual)
    return customer


def lost(name, annual=1_000_000, start="2025-01-01", end=END):
    customer = make_customer(name, started_on=day(start))
    make_contract(
        customer, start, str(end), outcome="churned", outcome_known_on=str(end), annual_minor=annual
    )
    return customer


def test_each_lost_customer_has_its_place_and_the_missed_ones_a_cause(metric):
    caught, small = lost("caught"), lost("small", annual=1_000)
    healthy, unmeasured = lost("healthy"), lost("unmeasured")
    no_value, new = lost("no value", annual=None), lost("new", start="2025-11-20")
    later = lost("later", start="2026-02-01")
    before = str(THEN - timedelta(days=1))
    for customer, value in ((caught, 0), (small, 0), (healthy, 9), (no_value, 0), (new, 6)):
        measure(metric, customer, before, value)
        measure(metric, customer, str(THEN + timedelta(days=1)), 0)
    for number in range(9):
        measure(metric, running(f"fine {number}"), before, 5 + number % 5)

    found = look_back(AS_OF)
    assert [each.n for each in found.losses if each.looked_at == THEN] == [15] * 7
    causes = {
        each.engagement_id: each.missed.cause if each.missed else None for each in found.losses
    }
    assert (
        causes
        == {
            caught.pk: None,
            small.pk: "small_value",
            healthy.pk: "healthy",
            unmeasured.pk: "unmeasured",
            no_value.pk: "no_value",
            new.pk: "new",
            later.pk: "not_listed",
        }
        or causes[new.pk] is None
    )
    assert isinstance(found.ours.share, NotEstimable)
    assert found.part_caught is None
    places = {each.engagement_id: each.place for each in found.losses}
    order = [each.engagement_id for each in ranked(stand(THEN).values())]
    assert places[caught.pk] == 1 + order.index(caught.pk)
    assert places[later.pk] is None


def test_ten_losses_give_a_rate_beside_simple_rules_and_their_value(metric, staff):
    by = staff()
    for number in range(12):
        customer = lost(f"lost {number}", annual=1_000_000 + number)
        measure(metric, customer, str(THEN - timedelta(days=5)), number % 2 * 8)
        if number % 3:
            talk(customer, by, str(THEN - timedelta(days=number)))
    for number in range(48):
        customer = running(f"stays {number}", annual=2_000_000)
        measure(metric, customer, str(THEN - timedelta(days=5)), 9)
        talk(customer, by, str(THEN - timedelta(days=100)))

    found = look_back(AS_OF)
    assert isinstance(found.ours.share, Estimate)
    assert (found.ours.caught, found.ours.share.value) == (12, 1.0)
    assert found.value_caught("banso") == found.value_lost == sum(range(12)) + 12_000_000
    assert found.rules["largest"].caught == 0
    assert found.rules["silent"].caught == 0
    assert found.rules["gap"].caught == 12
    assert found.part_caught == 1


def test_losses_of_another_year_are_left_out(metric):
    lost("long ago", start="2023-01-01", end=day("2025-06-01"))
    lost("yet to come", end=day("2026-07-01"))
    assert look_back(AS_OF).losses == ()


def test_only_what_was_known_then_counts(metric):
    """Whatever happened after the day that is looked at leaves its places alone."""
    for number in range(10):
        customer = lost(f"lost {number}")
        measure(metric, customer, str(THEN - timedelta(days=5)), number)
    for number in range(20):
        measure(metric, running(f"stays {number}"), str(THEN - timedelta(days=5)), number % 10)
    before = [(each.ranks, each.n) for each in look_back(AS_OF).losses]
    for customer in Contract.objects.filter(outcome="").values_list("engagement", flat=True):
        Measurement.objects.create(
            metric=metric, engagement_id=customer, as_of=THEN + timedelta(days=1), value=0
        )
    cache.clear()
    assert [(each.ranks, each.n) for each in look_back(AS_OF).losses] == before


def test_progress_is_told_as_the_days_are_done(metric, monkeypatch):
    monkeypatch.setattr("banso.goals.past_days.MOST_PAIRS", 1)
    lost("a")
    lost("b", end=END + timedelta(days=7))
    told = []
    look_back(AS_OF, lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def lost_early(metric, level=2):
    """A loss known half a year before the contract ends."""
    found = make_customer("early")
    told = {"outcome": "churned", "outcome_known_on": "2026-03-10"}
    make_contract(found, "2025-01-01", "2026-09-30", annual_minor=120_000, **told)
    measure(metric, found, "2025-12-01", level)
    return found


def test_a_small_customer_is_caught_by_the_gap_and_not_by_the_stake(metric):
    small = lost("small", annual=120_000)
    measure(metric, small, str(THEN - timedelta(days=5)), 0)
    for number in range(4):
        large = running(f"large {number}", annual=90_000_000)
        measure(metric, large, str(THEN - timedelta(days=5)), 7)
    found = look_back(AS_OF)
    [loss] = found.losses
    assert (loss.ranks[OURS], loss.ranks[GAP], loss.ranks[LARGEST]) == (5, 1, 5)
    assert loss.missed.cause == "small_value"
    assert (found.after[GAP].places, found.after[GAP].lost) == (1, 1)
    assert (found.after[OURS].lost, found.after[OURS].everywhere) == (0, 0.2)


def test_a_loss_known_early_is_looked_at_from_the_day_before(metric):
    lost_early(metric)
    [loss] = look_back(AS_OF).losses
    assert loss.looked_at == day("2026-03-09")


def test_tech_touch_customers_stand_then_as_they_do_today(staff):
    silence = make_silence()
    adopt_standard(by=None, targets=[draft(silence, 90, 30)], since=day("2024-01-01"))
    gone, by = lost("tech"), staff()
    talk(gone, by, "2025-06-01")
    type(gone).objects.update(touch="tech")
    [loss] = look_back(AS_OF).losses
    assert loss.standing == stand(THEN)[gone.pk]
    assert (loss.standing.gap, loss.standing.targets) == (None, 0)


def test_levels_are_never_measured_after_the_outcome_was_known(metric):
    """The contract ends later; its loss is known now, and so is only what came before."""
    gone = lost_early(metric, level=2)
    measure(metric, gone, "2026-05-01", 9)
    [(pair, found)] = levels(AS_OF).measured.items()
    assert pair == (gone.pk, day("2026-03-09"))
    assert found == {metric.key: 2}


@pytest.mark.parametrize(
    ("numbers", "en", "ja"),
    [
        (
            (14, 4, 10, 0.66),
            "You lost 14 customers last year. Ninety days before, 4 of them, with 66% of the value"
            " lost, were in the top fifth of this list; the other 10 were not.",
            "この1年で14社のお客様を失いました。90日前の時点でこの一覧の上位2割に入っていたのは4社"
            "（失った契約額の66%）で、残りの10社は入っていませんでした。",
        ),
        (
            (3, 1, 2, None),
            "You lost 3 customers last year. Ninety days before, 1 of them was in the top fifth of"
            " this list; the other 2 were not.",
            "この1年で3社のお客様を失いました。90日前の時点でこの一覧の上位2割に入っていたのは1社"
            "で、残りの2社は入っていませんでした。",
        ),
        (
            (2, 0, 2, None),
            "You lost 2 customers last year. Ninety days before, none of them was in the top fifth"
            " of this list.",
            "この1年で2社のお客様を失いました。90日前の時点では、1社もこの一覧の上位2割に"
            "入っていませんでした。",
        ),
        (
            (12, 12, 0, 1.0),
            "You lost 12 customers last year. Ninety days before, all of them were in the top fifth"
            " of this list.",
            "この1年で12社のお客様を失いました。90日前の時点では、いずれもこの一覧の上位2割に"
            "入っていました。",
        ),
    ],
)
def test_the_sentence_leads_with_customers_and_value(numbers, en, ja):
    for language, sentence in (("en", en), ("ja", ja)):
        with override(language):
            assert lookback_text(*numbers) == sentence
