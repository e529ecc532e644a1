"""A scripted call from the customer's page: three presses, what was ticked is kept, and the same
without scripts in the browser."""

import pytest
from playwright.sync_api import expect

from banso.actions.models import Contact
from banso.assets.models import Walkthrough
from banso.base.models import Role
from tests.assets.making import make_script
from tests.journeys.conftest import enter
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Pressed:
    """Every press counts; reading does not."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def __call__(self, locator):
        self.count += 1
        locator.click()


def test_a_scripted_call_is_logged_in_three_presses(staff, open_page):
    sato = staff(Role.SUCCESS, name="佐藤 花子")
    customer = build(2, sato).engagements[0]
    make_script(by=sato)
    page = open_page()
    enter(page, sato.email)
    page.goto(f"/customers/{customer.uid}/")
    press = Pressed(page)
    press(page.get_by_role("button", name="最初の電話"))
    page.wait_for_url("**/walkthroughs/**")
    press(page.locator(".outcomes label", has_text="ねらいを達成"))
    press(page.get_by_role("button", name="接点として記録"))
    page.wait_for_url(f"**/customers/{customer.uid}/")
    assert press.count == 3
    expect(page.locator("#timeline")).to_contain_text("ねらいを達成")
    assert Contact.objects.filter(walkthrough__outcome="reached").count() == 1


def test_ticks_and_branches_are_kept_as_they_are_made(staff, open_page):
    sato = staff(Role.SUCCESS, name="佐藤 花子", language="en")
    customer = build(2, sato).engagements[0]
    make_script(by=sato)
    page = open_page(language="en", phone=True)
    enter(page, sato.email)
    page.goto(f"/customers/{customer.uid}/")
    page.get_by_role("button", name="The first call").click()
    page.get_by_label("Asked until when").check()
    expect(page.locator("#kept")).to_contain_text("1 of 3 ticked")
    page.locator(".fork label", has_text="They are stuck").click()
    expect(page.locator("#at-when-they-are-stuck")).to_be_in_viewport()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("Agreed the next day").check()
    row = Walkthrough.objects.get()
    assert (row.ticks, row.choices) == ([2, 3], {"1": "when-they-are-stuck"})
    page.reload()
    expect(page.get_by_label("Asked until when")).to_be_checked()


def test_without_script_what_is_ticked_is_kept_and_a_draft_is_looked_at(staff, open_page):
    sato = staff(Role.SUCCESS, name="佐藤 花子")
    customer = build(2, sato).engagements[0]
    make_script(by=sato)
    page = open_page(script=False)
    enter(page, sato.email)
    page.goto(f"/customers/{customer.uid}/")
    page.get_by_role("button", name="最初の電話").click()
    page.get_by_label("期日を聞いた").check()
    page.get_by_role("button", name="チェックを保存").click()
    expect(page.get_by_label("期日を聞いた")).to_be_checked()
    page.goto("/assets/new/?kind=guide")
    page.locator("[name=body_ja]").fill("**太字**")
    page.get_by_role("button", name="見る").click()
    expect(page.locator("#preview strong")).to_have_text("太字")
    expect(page.locator(".errorlist")).to_have_count(0)
