"""Two colleagues: one mentions the other by keyboard, the other hears, opens, answers."""

import pytest
from playwright.sync_api import expect

from banso.base.models import Role
from tests.journeys.conftest import enter
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_mention_by_keyboard_is_heard_and_answered(staff, open_page):
    sato = staff(Role.SUCCESS, name="佐藤 花子")
    suzuki = staff(Role.SUCCESS, name="鈴木 一郎")
    staff(Role.SUCCESS, name="阿部 光")
    customer = build(2, suzuki).engagements[0]
    page = open_page()
    enter(page, sato.email)
    page.goto(f"/customers/{customer.uid}/")
    field = page.locator("#talk textarea")
    field.press_sequentially("@鈴")
    expect(page.get_by_role("option", name="鈴木 一郎")).to_be_visible()
    expect(page.get_by_role("option", name="阿部 光")).to_be_hidden()
    field.press("Enter")
    field.press_sequentially("値上げの件、どうですか")
    expect(field).to_have_value("@鈴木 一郎 値上げの件、どうですか")
    page.locator("#talk form.write button").click()
    expect(page.locator("#talk .mention")).to_have_text("@鈴木 一郎")

    other = open_page(phone=True, dark=True)
    enter(other, suzuki.email)
    bell = other.locator("details.bell > summary")
    expect(bell).to_have_accessible_name("通知：未読1件")
    bell.press("Enter")
    other.get_by_role("link", name="あなた宛てにコメントしました").click()
    expect(other.locator("#talk .mention.me")).to_be_visible()
    expect(bell).to_have_accessible_name("通知")
    answer = other.locator("#talk textarea")
    answer.press_sequentially("@")
    expect(other.get_by_role("option", name="佐藤 花子")).to_be_visible()
    answer.press("ArrowDown")
    answer.press("ArrowDown")  # past the other colleague and round to the first
    answer.press("Enter")
    answer.press_sequentially("木曜に話します")
    expect(answer).to_have_value("@佐藤 花子 木曜に話します")
    other.locator("#talk form.write button").click()
    expect(other.locator("#talk .comment")).to_have_count(2)


def test_without_script_a_name_typed_by_hand_mentions(staff, open_page):
    sato, suzuki = staff(Role.SUCCESS, name="佐藤 花子"), staff(Role.SUCCESS, name="鈴木 一郎")
    customer = build(2, sato).engagements[0]
    page = open_page(script=False)
    enter(page, sato.email)
    page.goto(f"/customers/{customer.uid}/")
    page.locator("#talk textarea").fill("@鈴木 お願いします")
    page.locator("#talk form.write button").click()
    expect(page.locator("#talk .mention")).to_have_text("@鈴木")
    assert suzuki.notifications.get().verb == "comment.mentioned"
