"""Nights over a small lake: who moved, told once, closed by what was done, muted and tuned."""

from datetime import date, timedelta

import numpy as np
import pytest

from banso.actions.actions import NextStep, add_action, record_contact
from banso.alerts.access import alerts, defaults, levels_of
from banso.alerts.actions import close_acted, mute, see, tune, tune_by, tune_for_all, unmute
from banso.alerts.models import Alert, AlertRecord, Kind
from banso.alerts.record import make_records
from banso.alerts.rounds import notice
from banso.base.models import Activity, Notification, Role
from banso.base.workspace import local_today
from banso.core.moves import STANDARD
from banso.engagements.actions import restrict
from banso.engagements.models import Engagement
from banso.parties.models import Party
from tests.engine.events import event
from tests.metrics.lakes import Usage

DAYS = 430
QUIET_FOR = 13


@pytest.fixture
def usage(monkeypatch, tmp_path):
    return Usage(monkeypatch, tmp_path / "usage")


@pytest.fixture
def today(workspace):
    return local_today()


@pytest.fixture
def owner(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def company(usage, owner, today):
    """Five customers with two persons each, the first of whom stopped; standard level for all."""
    for kind in Kind.values:
        tune_for_all(kind=kind, level=STANDARD, by=owner)
    found = [customer(f"顧客{n}", owner) for n in range(5)]
    usage.connect({each.pk: f"c{n}" for n, each in enumerate(found)}, told(today))
    return found


def customer(name, owner):
    party = Party.objects.create(kind="organization", name=name, name_key=name)
    return Engagement.objects.create(party=party, owner=owner)


def told(today):
    rng = np.random.default_rng(5)
    for back in range(DAYS, 0, -1):
        day = today - timedelta(days=back)
        for number in range(5):
            for person in "pq":
                quiet = number == 0 and back <= QUIET_FOR
                if not quiet and rng.random() < 0.6:
                    yield event(f"{day}T03:00", account=f"c{number}", person=f"{person}{number}")


def test_who_fell_silent_is_told_once_to_the_owner(company, owner, today):
    assert notice(today, days=14) >= 1
    silent = Alert.objects.get(kind="silent")
    assert silent.engagement == company[0]
    assert silent.day < today
    assert silent.reason["days"] > silent.reason["longest"]
    assert Activity.objects.get(verb="alert.raised", subject_id=silent.pk).engagement_id
    before = Alert.objects.count()
    assert notice(today, days=14) == 0
    assert notice(today) == 0
    assert Alert.objects.count() == before


def test_only_news_are_notified_and_only_at_the_owners_level(company, owner, today):
    notice(today - timedelta(days=3))
    day = Alert.objects.get(kind="silent").day + timedelta(days=1)
    Alert.objects.all().delete()
    Notification.objects.all().delete()
    tune(kind="silent", level=0, by=owner)
    notice(day)
    assert not Notification.objects.filter(verb="alert.raised", detail__kind="silent").exists()
    Alert.objects.all().delete()
    tune(kind="silent", level=5, by=owner)
    notice(day)
    assert Notification.objects.get(verb="alert.raised", detail__kind="silent").user == owner


def test_a_restricted_customer_is_not_told_to_others(company, owner, staff, today):
    keeper = staff(Role.SUCCESS, name="守 秘")
    company[0].owner = keeper
    company[0].save()
    restrict(engagement=company[0], reason="合併", readers=[], by=keeper)
    notice(today, days=14)
    assert "silent" not in set(alerts(owner, today).values_list("kind", flat=True))
    assert alerts(keeper, today).filter(kind="silent").exists()


def test_muting_and_tuning_hide_at_once_and_can_be_taken_back(company, owner, today):
    notice(today, days=14)
    until = today + timedelta(days=30)

    def mine():
        return alerts(owner, today).filter(kind="silent").count()

    assert mine() == 1
    muted = mute(by=owner, until=until, engagement=company[0])
    assert mine() == 0
    assert alerts(owner, until).filter(kind="silent").count() == 1
    unmute(muted=muted, by=owner)
    assert mine() == 1
    of_kind = mute(by=owner, until=until, kind="silent")
    assert mine() == 0
    unmute(muted=of_kind, by=owner)
    tune(kind="silent", level=0, by=owner)
    assert mine() == 0
    assert tune_by(kind="silent", step=-1, by=owner) == 0
    assert tune_by(kind="silent", step=1, by=owner) == 1
    assert levels_of(owner)["new_low"] == STANDARD


def test_a_contact_or_a_step_afterwards_closes_it(company, owner, today):
    from django.utils import timezone

    notice(today, days=14)
    alert = Alert.objects.get(kind="silent")
    record_contact(
        engagement=company[1], by=owner, channel="call", occurred_at=timezone.now(), summary="別"
    )
    old = timezone.now() - timedelta(days=40)
    record_contact(
        engagement=company[0], by=owner, channel="call", occurred_at=old, summary="昔の接点"
    )
    assert close_acted([company[0].pk], today) == 0
    step = NextStep("電話する", owner, today)
    action = add_action(engagement=company[0], by=owner, step=step)
    assert close_acted(None, today) >= 1
    alert.refresh_from_db()
    assert (alert.closed_as, alert.action, alert.closed_by) == ("acted", action, owner)
    assert Activity.objects.filter(verb="alert.acted", subject_id=alert.pk).count() == 1
    assert close_acted(None, today) == 0


def test_seeing_twice_is_harmless(company, owner, today):
    notice(today, days=14)
    alert = Alert.objects.get(kind="silent")
    see(alert=alert, by=owner)
    see(alert=alert, by=owner)
    assert Activity.objects.filter(verb="alert.seen").count() == 1


def test_without_a_past_no_kind_is_on_and_the_record_says_so(usage, owner, today):
    assert set(defaults().values()) == {0}
    assert make_records(today) == 0
    found = [customer(f"顧客{n}", owner) for n in range(2)]
    usage.connect(
        {each.pk: f"c{n}" for n, each in enumerate(found)},
        [event(f"{today - timedelta(days=n)}T03:00", account="c0") for n in range(1, 20)],
    )
    make_records(today)
    assert set(defaults().values()) == {0}
    assert all(each.alerts == 0 for each in AlertRecord.objects.all())


def test_the_back_test_judges_the_past(company, owner, today):
    make_records(today)
    head = AlertRecord.objects.get(rule="new_low", level=STANDARD)
    assert head.customers == 5
    assert 5 <= head.weeks <= 52
    assert AlertRecord.objects.filter(rule="halved").exists()
    rows = AlertRecord.objects.filter(rule="silent").order_by("level")
    counts = list(rows.values_list("alerts", flat=True))
    assert counts == sorted(counts)
    assert all(each.followed <= each.alerts for each in rows)


def test_an_account_with_a_lost_contract_is_left_alone(company, owner, today):
    from banso.engagements.models import Contract

    Contract.objects.create(
        engagement=company[0],
        start_on=date(2024, 1, 1),
        end_on=today + timedelta(days=20),
        currency="JPY",
        outcome="churned",
        outcome_known_on=today - timedelta(days=30),
    )
    notice(today, days=14)
    assert not Alert.objects.filter(engagement=company[0], kind="silent").exists()
