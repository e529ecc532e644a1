"""The pages of alerts: what they show, to whom, and each button in one post."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from banso.alerts.actions import tune_for_all
from banso.alerts.models import Alert, AlertLevel, AlertMute, AlertRecord, Kind
from banso.base.models import Role
from banso.base.workspace import local_today
from tests.world import build

REASONS = {
    "new_low": {"of": "use", "days": 28, "now": 9, "usual": 40, "low": 33, "high": 52, "weeks": 26},
    "silent": {"days": 19, "usual": 2, "longest": 9, "gaps": 80},
    "champion_quiet": {
        "days": 30, "usual": 2, "longest": 8, "gaps": 70, "share": 0.42, "others": 31
    },
    "spike": {"of": "use", "days": 7, "now": 90, "usual": 30, "low": 25, "high": 40, "weeks": 26},
    "recovered": {
        "of": "use", "days": 14, "now": 40, "usual": 41, "after": "silent", "since": 20
    },
}  # fmt: skip


@pytest.fixture
def me(staff):
    return staff(Role.SUCCESS, name="佐藤 花子", language="en")


@pytest.fixture
def client(me, sign_in):
    return sign_in(me)


@pytest.fixture
def world(me):
    found = build(6, me)
    for kind in Kind.values:
        tune_for_all(kind=kind, level=3, by=me)
    for rule in [*Kind.values, "halved", "thirty_days"]:
        for level in range(1, 6):
            AlertRecord.objects.create(
                rule=rule, level=level, as_of=local_today(), weeks=52, customers=6,
                alerts=20 * level, followed=8 * level, chance=0.2, lead_days=30,
            )  # fmt: skip
    raise_for(found.engagements)
    return found


def raise_for(engagements):
    day = local_today() - timedelta(days=1)
    Alert.objects.bulk_create(
        Alert(engagement=each, kind=kind, day=day, levels=31, reason=REASONS[kind])
        for each in engagements
        for kind in Kind.values
    )


def test_each_kind_says_its_numbers_and_its_false_alarms(world, client):
    page = client.get(reverse("alerts")).text
    for words in (
        "Use fell to 9 person-days in 28 days, the least in 26 weeks. Usual is 40 (33 to 52).",
        "No use for 19 days.",
        "who made 42% of the use has not been there for 30 days",
        "Use rose to 90 person-days",
        "Use is back: 40 person-days in 14 days",
        "False alarms in the past year: 60% of 60; a real change followed 40%, by chance 20%.",
    ):
        assert words in page


def test_the_number_of_statements_does_not_grow(world, client, me):
    url = reverse("alerts")

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    statements()
    few = statements()
    from banso.engagements.models import Engagement
    from banso.parties.models import Party

    for number in range(40):
        party = Party.objects.create(kind="organization", name=f"追加{number}", name_key="x")
        raise_for([Engagement.objects.create(party=party, owner=me)])
    assert statements() <= few <= 40


def test_one_press_mutes_the_customer_or_the_kind(world, client, me):
    alert = Alert.objects.filter(kind="silent").first()
    answer = client.post(reverse("alert-mute", args=[alert.uid]), {"what": "customer"})
    assert answer.status_code == 302
    assert AlertMute.objects.get().engagement == alert.engagement
    page = client.get(reverse("alerts")).text
    assert alert.engagement.party.name not in page.split("<main")[1]
    client.post(reverse("alert-mute", args=[alert.uid]), {"what": "kind"})
    assert "No use for 19 days" not in client.get(reverse("alerts")).text
    settings = client.get(reverse("alert-settings")).text
    assert alert.engagement.party.name in settings
    for each in AlertMute.objects.all():
        client.post(reverse("alert-unmute", args=[each.uid]))
    assert "No use for 19 days" in client.get(reverse("alerts")).text


def test_one_press_tunes(world, client, me):
    url = reverse("alert-tune", args=["spike"])
    client.post(url, {"step": "-1"})
    assert AlertLevel.objects.get(user=me, kind="spike").level == 2
    client.post(url, {"level": "0", "place": "alert-settings"})
    assert "Use rose" not in client.get(reverse("alerts")).text
    for wrong in ("9", "-2", "x", ""):
        assert client.post(url, {"level": wrong}).status_code == 404
    assert client.post(reverse("alert-tune", args=["other"]), {"level": "1"}).status_code == 404


def test_todays_section_is_short_and_goes_when_seen(world, client):
    url = reverse("today")
    page = client.get(url).text
    assert "What changed since yesterday" in page
    assert page.count('class="alert-line') == 5
    assert "25 more" in page
    for each in Alert.objects.all():
        client.post(reverse("alert-seen", args=[each.uid]), {"place": "today"})
    assert "What changed since yesterday" not in client.get(url).text
    assert "seen by" in client.get(reverse("alerts") + "?closed=1").text
    alert = Alert.objects.first()
    client.post(reverse("alert-seen", args=[alert.uid]), {"undo": "1"})
    alert.refresh_from_db()
    assert alert.closed_as == ""


def test_the_customers_page_shows_its_own(world, client):
    first = world.engagements[0]
    page = client.get(reverse("customer", args=[first.uid])).text
    assert "What changed here" in page
    assert page.count('class="alert-line') == 5
    alert = Alert.objects.filter(engagement=first).first()
    answer = client.post(
        reverse("alert-seen", args=[alert.uid]), {"place": f"customer {first.uid}"}
    )
    assert answer.headers["Location"] == reverse("customer", args=[first.uid])


def test_the_settings_show_what_each_level_brings(world, client, sign_in, staff):
    page = client.get(reverse("alert-settings")).text
    assert "For everybody who chose none" not in page
    assert "40% <" in page.replace("\n", "")
    assert "Use halved within a week" in page
    manager = sign_in(staff(Role.MANAGER, language="en"))
    assert "For everybody who chose none" in manager.get(reverse("alert-settings")).text
    all_url = reverse("alert-tune-all", args=["silent"])
    manager.post(all_url, {"level": "5"})
    assert AlertLevel.objects.get(user=None, kind="silent").level == 5
    manager.post(all_url, {"level": "record"})
    assert not AlertLevel.objects.filter(user=None, kind="silent").exists()


def test_a_kind_without_a_past_is_off_and_says_why(world, client):
    AlertLevel.objects.all().delete()
    AlertRecord.objects.filter(rule="spike").update(alerts=3, followed=3)
    AlertRecord.objects.filter(rule="silent").update(followed=4)
    page = client.get(reverse("alerts")).text
    assert "Use rose" not in page
    assert "No use for 19 days" not in page
    assert "Use fell" in page
    assert "no better than chance" in page
    assert "The past holds too few" in client.get(reverse("alert-settings")).text


def test_one_alert_opens_down_to_its_events(world, client):
    alert = Alert.objects.filter(kind="silent").first()
    page = client.get(reverse("alert", args=[alert.uid])).text
    assert "No event in these days: that is what the alert says." in page
    assert "95% interval" in page
