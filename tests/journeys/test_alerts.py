"""What changed, in a browser, in Japanese: muted and tuned with one press each."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from banso.alerts.models import Alert, AlertLevel, AlertMute, AlertRecord, Kind
from banso.base.models import Role
from banso.base.workspace import local_today
from tests.alerts.test_views import REASONS
from tests.journeys.conftest import enter
from tests.journeys.hands import Hands
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def me(staff):
    user = staff(Role.SUCCESS, name="佐藤 花子")
    world = build(4, user)
    day = local_today() - timedelta(days=1)
    for kind in Kind.values:
        AlertLevel.objects.create(user=None, kind=kind, level=3)
        for level in range(1, 6):
            AlertRecord.objects.create(
                rule=kind, level=level, as_of=day, weeks=52, customers=4,
                alerts=14 * level, followed=6 * level, chance=0.2, lead_days=31,
            )  # fmt: skip
    Alert.objects.bulk_create(
        Alert(engagement=each, kind=kind, day=day, levels=31, reason=REASONS[kind])
        for each, kind in zip(world.engagements, Kind.values, strict=False)
    )
    return user


def test_one_press_mutes_and_one_press_tunes(open_page, me):
    page = open_page(language="ja")
    enter(page, me.email)
    hands = Hands(page)
    section = page.locator("#changes")
    expect(section).to_contain_text("昨日からの変化")
    expect(section).to_contain_text("19日間、利用がありません")
    expect(section).to_contain_text("空振りは57%")

    silent = section.locator(".alert-line", has_text="19日間")
    hands.click(silent.get_by_label("このお客様の知らせを30日間止める"))
    expect(section.locator(".alert-line", has_text="19日間")).to_have_count(0)
    assert hands.acts == 1
    assert AlertMute.objects.get().user == me

    page.goto("/alerts/")
    low = page.locator("#alerts .alert-line", has_text="過去最低")
    hands.click(low.get_by_label("この種類を減らす"))
    expect(page.locator("#messages")).to_contain_text("感度を2にしました")
    assert hands.acts == 2
    assert AlertLevel.objects.get(user=me, kind="new_low").level == 2
    expect(low).to_have_count(1)

    hands.click(low.get_by_role("link", name="過去最低"))
    expect(page.locator("#weeks, #events").first).to_be_visible()
    expect(page.locator("main")).to_contain_text(re.compile("95%区間"))

    page.goto("/alerts/settings/")
    card = page.locator("section", has=page.locator("#kind-new_low"))
    expect(card.locator("svg")).to_be_visible()
    expect(card.get_by_role("button", name="感度2", exact=True).first).to_have_attribute(
        "aria-pressed", "true"
    )
    hands.click(page.get_by_role("button", name="通知を再開"))
    expect(page.get_by_role("button", name="通知を再開")).to_have_count(0)
    assert AlertMute.objects.filter(ended_at=None).count() == 0
