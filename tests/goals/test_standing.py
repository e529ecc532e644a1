"""Where engagements stand: numbers by hand, order, reasons, and nothing from the future."""

import random
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from banso.actions.models import Contact
from banso.base.activity import record
from banso.base.workspace import local_today
from banso.engagements.models import Contract
from banso.goals import refresh
from banso.goals.actions import adopt_standard, set_targets, state_purpose
from banso.goals.models import Target
from banso.goals.refresh import refresh_some
from banso.goals.standing import ranked, stand
from banso.metrics.models import Measurement
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import (
    day,
    draft,
    labelled,
    make_metric,
    make_silence,
    measure,
    measure_all,
    noon,
    talk,
)


def test_health_gap_and_stake_by_hand(workspace):
    used, score = make_metric("used"), make_metric("score", unit="points")
    customer = make_customer()
    make_contract(customer, "2026-01-01", "2027-01-01", annual_minor=2_000_000)
    targets = [draft(used, 0, 10, weight=3), draft(score, 20, 60)]
    adopt_standard(by=None, targets=targets, since=day("2026-01-01"))
    measure(used, customer, "2026-03-01", 4)
    measure(score, customer, "2026-03-01", 30)

    value = stand(day("2026-12-15"))[customer.pk]
    # 3/4 of (1 - 4/10) and 1/4 of (1 - 10/40)
    assert value.gap == pytest.approx(0.75 * 0.6 + 0.25 * 0.75)
    assert value.health == pytest.approx(36.25)
    assert [(each.metric, each.share) for each in value.terms] == [
        ("used", pytest.approx(0.45)),
        ("score", pytest.approx(0.1875)),
    ]
    assert (value.urgency, value.stake) == (1.0, 1_275_000)
    assert (value.next_on, value.next_kind) == (day("2027-01-01"), "renewal")
    assert value.reason["code"] == "largest_term"
    assert (value.reason["metric"], value.reason["value"], value.reason["target"]) == (
        "used",
        4,
        10,
    )


def test_under_half_measured_is_no_number(workspace):
    metrics = [make_metric(str(n)) for n in range(3)]
    customer = make_customer()
    make_contract(customer, "2026-01-01", "2027-01-01")
    targets = [draft(each) for each in metrics]
    adopt_standard(by=None, targets=targets, since=day("2026-01-01"))
    measure(metrics[0], customer, "2026-02-01", 1)
    value = stand(day("2026-03-01"))[customer.pk]
    assert (value.gap, value.health, value.stake, value.terms) == (None, None, None, ())
    assert value.reason == {"code": "unmeasured", "measured": 1, "total": 3}
    measure(metrics[1], customer, "2026-02-01", 1)
    assert stand(day("2026-03-01"))[customer.pk].measured == 2


def test_the_day_has_one_order(workspace):
    """By stake; then those without a value by gap; then the unmeasured by value and urgency."""
    metric = make_metric()
    adopt_standard(by=None, targets=[draft(metric)], since=day("2026-01-01"))
    rows = {
        "large gap": (1, 1_000_000),
        "large value": (5, 9_000_000),
        "met": (10, 5_000_000),
        "no value, small gap": (8, None),
        "no value, large gap": (1, None),
        "unmeasured, small": (None, 1_000),
        "unmeasured, large": (None, 9_000_000),
    }
    names = {}
    for name, (value, annual) in reversed(rows.items()):
        customer = make_customer(name)
        make_contract(customer, "2026-01-01", "2027-01-01", annual_minor=annual)
        names[customer.pk] = name
        if value is not None:
            measure(metric, customer, "2026-02-01", value)
    order = [names[each.engagement_id] for each in ranked(stand(day("2026-03-01")).values())]
    assert order == [
        "large value",
        "large gap",
        "met",
        "no value, large gap",
        "no value, small gap",
        "unmeasured, large",
        "unmeasured, small",
    ]


def test_without_any_standard_silence_is_what_counts(workspace, staff):
    make_silence()
    quiet, lately = make_customer("甲"), make_customer("乙")
    for each in (quiet, lately):
        make_contract(each, "2026-01-01", "2027-01-01")
    talk(quiet, staff(), "2026-02-01")
    talk(lately, staff(), "2026-03-20")
    found = stand(day("2026-04-02"))
    assert {each.plan for each in found.values()} == {"built_in"}
    assert found[quiet.pk].gap == pytest.approx(0.5)
    assert found[quiet.pk].reason["code"] == "no_contact"
    assert found[quiet.pk].reason["value"] == 60
    assert found[quiet.pk].last_contact_on == day("2026-02-01")
    assert found[lately.pk].reason["code"] == "all_met"


def test_a_tech_touch_customer_is_never_measured_by_contacts(workspace, staff):
    used, silence = make_metric("used"), make_silence()
    tech, other = make_customer("甲", touch="tech"), make_customer("乙")
    own = make_customer("丙", touch="tech")
    for each in (tech, other, own):
        make_contract(each, "2026-01-01", "2027-01-01")
        talk(each, staff(), "2026-01-05")
        measure(used, each, "2026-02-01", 4)
    assert stand(day("2026-04-02"), [tech.pk])[tech.pk].plan == "none"
    targets = [draft(used, 0, 10), draft(silence, 90, 30)]
    adopt_standard(by=None, targets=targets, since=day("2026-01-01"))
    goal = state_purpose(engagement=own, by=None, words="…")
    set_targets(goal=goal, by=None, targets=targets[1:], since=day("2026-01-01"))

    found = stand(day("2026-04-02"))
    assert {term.metric for term in found[other.pk].terms} == {"used", silence.key}
    assert [term.metric for term in found[tech.pk].terms] == ["used"]
    assert (found[tech.pk].plan, found[tech.pk].gap) == ("standard", pytest.approx(0.6))
    assert (found[own.pk].plan, found[own.pk].gap, found[own.pk].targets) == ("own", None, 0)
    assert found[own.pk].reason["code"] == "unmeasured"


def test_before_any_contact_or_metric_nothing_is_claimed(workspace):
    customer = make_customer()
    make_contract(customer, "2025-01-01", "2026-01-01")
    value = stand(day("2026-02-01"))[customer.pk]
    assert (value.plan, value.gap, value.targets) == ("none", None, 0)
    assert value.reason == {"code": "open_renewal", "on": "2026-01-01"}


def test_a_target_written_down_later_is_marked(workspace):
    metric = make_metric()
    goal = state_purpose(engagement=make_customer(), by=None, words="…")
    set_targets(goal=goal, by=None, targets=[draft(metric)], since=day("2026-01-01"))
    from banso.goals.plans import plan_for

    plan = plan_for([goal.engagement_id], day("2026-02-01"))[goal.engagement_id]
    assert plan.backwards
    Target.objects.update(set_at="2026-01-31T15:00:00Z")
    assert plan_for(None, day("2026-02-01"))[goal.engagement_id].backwards is False


@pytest.fixture
def story(workspace, staff):
    """Sixty customers over two years, some lost, with values, contacts and changing plans."""
    chance = random.Random(7)
    by = staff()
    metric, other, silence = make_metric("used"), make_metric("score"), make_silence()
    values, contacts = [], []
    for number in range(60):
        segment = ("大手", "中小")[number % 2]
        customer = make_customer(f"顧客{number}", segment=segment)
        lost = number % 3 == 0
        start = day("2024-01-01") + timedelta(days=chance.randrange(300))
        end = start + timedelta(days=365)
        make_contract(
            customer,
            start.isoformat(),
            end.isoformat(),
            outcome="churned" if lost else "renewed",
            outcome_known_on=end.isoformat(),
            annual_minor=chance.randrange(1, 9) * 100_000,
        )
        if not lost:
            make_contract(customer, end.isoformat(), (end + timedelta(days=365)).isoformat())
        for month in range(20):
            on = (start + timedelta(days=30 * month)).isoformat()
            values.append((metric, customer, on, chance.gauss(3 if lost else 8, 2)))
            if chance.random() < 0.8:
                values.append((other, customer, on, chance.random() * 10))
            if chance.random() < 0.4:
                contacts.append(Contact(engagement=customer, by=by, occurred_at=noon(on)))
    measure_all(values)
    Contact.objects.bulk_create(contacts)
    large = labelled("大手")
    adopt_standard(segment=large, by=by, targets=[draft(silence, 90, 30)], since=day("2025-02-01"))
    adopt_standard(segment=large, by=by, targets=[draft(other, 2, 8)], since=day("2025-08-01"))
    Target.objects.update(set_at="2024-01-01T00:00:00Z")


def forget_after(as_of):
    """What a workspace would be that ended on that day."""
    after = as_of + timedelta(days=1)
    Contract.objects.filter(start_on__gt=as_of).delete()
    Contract.objects.filter(outcome_known_on__gt=as_of).update(outcome="", outcome_known_on=None)
    Contact.objects.filter(occurred_at__gte=f"{after}T00:00:00+09:00").delete()
    Measurement.objects.filter(as_of__gt=as_of).delete()
    Target.objects.filter(since__gt=as_of).delete()
    Target.objects.filter(ended_at__gte=f"{after}T00:00:00+09:00").update(ended_at=None)
    cache.clear()


@pytest.mark.parametrize("text", ["2025-03-31", "2025-06-30", "2025-11-15"])
def test_deleting_everything_later_changes_nothing(story, text):
    as_of = day(text)
    before = stand(as_of)
    forget_after(as_of)
    after = stand(as_of)
    assert before == after
    assert len(before) > 30
    if text == "2025-11-15":
        assert {each.plan for each in before.values()} == {"standard", "proposed"}


def test_terms_add_up_to_the_gap(story):
    found = [each for each in stand(day("2025-12-01")).values() if each.gap is not None]
    assert len(found) > 20
    for each in found:
        assert abs(sum(term.share for term in each.terms) - each.gap) <= 1e-9
        assert each.health == pytest.approx(100 * (1 - each.gap))


def statements(as_of):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        stand(as_of)
    return len(captured)


def test_statements_do_not_grow_with_customers(story):
    as_of = day("2025-12-01")
    stand(as_of)
    few = statements(as_of)
    for number in range(200):
        customer = make_customer(f"後から{number}", segment="中小")
        make_contract(customer, "2025-06-01", "2026-06-01")
    stand(as_of)
    assert statements(as_of) == few


@pytest.mark.parametrize("many", [False, True])
def test_who_did_something_meanwhile_is_looked_at_again(workspace, monkeypatch, many):
    customer, seen = make_customer(), []

    def slow(today, ids):
        seen.append(set(ids))
        found = stand(today, ids)
        if len(seen) == 1:
            record("goal.stated", actor=None, engagement_id=None if many else customer.pk)
        return found

    refresh_some([customer.pk], local_today())
    monkeypatch.setattr(refresh, "stand", slow)
    refresh_some([customer.pk], local_today())
    assert seen == [{customer.pk}] * 2
    refresh_some([customer.pk], local_today())
    assert len(seen) == 3
