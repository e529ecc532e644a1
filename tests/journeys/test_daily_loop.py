"""The daily loop by hand: what a contact and its next step cost, counted in a real browser.

Seconds are those of the keystroke-level model (Card, Moran and Newell 1980): 0.28 s a key for
an average typist, 1.1 s to point, 1.35 s to think before each interaction.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from banso.actions.models import Action, Contact, SetAside
from banso.base.models import Role
from tests.journeys.conftest import enter
from tests.journeys.hands import settled
from tests.world import build, place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
KEY, POINT, THINK = 0.28, 1.1, 1.35


@dataclass
class Hand:
    """Acts on the page and counts: one key press, one click, or one field typed is one."""

    page: object
    interactions: int = 0
    seconds: float = 0.0

    def press(self, key: str) -> None:
        settled(self.page)
        self.page.keyboard.press(key)
        self.did(KEY)

    def type(self, words: str, *, moving: int = 0) -> None:
        for _ in range(moving):
            self.page.keyboard.press("Tab")
        self.page.keyboard.type(words)
        self.did(KEY * (moving + len(words)))

    def click(self, selector: str) -> None:
        self.page.click(selector)
        self.did(POINT)

    def did(self, seconds: float) -> None:
        self.interactions += 1
        self.seconds += THINK + seconds


@pytest.fixture
def me(staff):
    user = staff(Role.SUCCESS, name="佐藤 花子")
    build(5, user)
    for model in (Contact, Action, SetAside):
        model.objects.all().delete()
    place()
    return user


@pytest.fixture
def at_today(open_page, me):
    def open_it(language: str = "ja"):
        type(me).objects.update(language=language)
        page = open_page(language=language)
        enter(page, me.email)
        page.wait_for_load_state("networkidle")
        return page

    return open_it


@pytest.mark.parametrize(
    ("language", "said", "then"),
    [("ja", "更新は前向き、来月決裁", "見積を送る"), ("en", "will renew", "send quote")],
)
def test_contact_and_next_step_within_four_interactions_and_fifteen_seconds(
    at_today, language, said, then
):
    page = at_today(language)
    hand = Hand(page)
    first = page.locator(".line").first.get_attribute("id")
    hand.press("c")
    expect(page.locator("[data-composer] [name=summary]")).to_be_focused()
    hand.type(said)
    hand.type(then, moving=1)
    hand.press("Enter")
    expect(page.locator(f"#{first} [role=status]")).to_be_visible()

    assert Contact.objects.get().summary == said
    assert Action.objects.get().title == then
    assert hand.interactions <= 4
    assert hand.seconds <= 15
    expect(page.locator(f"#{first} a").first).to_be_focused()


def test_enter_in_the_middle_of_a_japanese_conversion_records_nothing(at_today):
    page = at_today()
    page.keyboard.press("c")
    expect(page.locator("[data-composer] textarea")).to_be_focused()
    settled(page)
    page.keyboard.type("かいやく")
    page.evaluate(
        """document.querySelector('[data-composer] textarea').dispatchEvent(
        new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"""
    )
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("二行目")
    assert not Contact.objects.exists()
    page.keyboard.press("Enter")
    page.wait_for_selector(".said")
    assert Contact.objects.get().summary.replace("\r", "") == "かいやく\n二行目"


def test_done_later_and_undo_where_one_stands(at_today):
    page = at_today()
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator(".line").nth(1)
    uid = second.get_attribute("id")
    page.keyboard.press("s")
    page.wait_for_selector(f"#{uid} [data-composer]")
    settled(page)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#{uid} .said")
    assert SetAside.objects.filter(ended_at=None).count() == 1
    page.click(f"#{uid} .said button")
    page.wait_for_selector(f"#{uid} .said button", state="detached")
    assert not SetAside.objects.filter(ended_at=None).exists()


def test_escape_closes_and_keeps_the_place(at_today):
    page = at_today()
    page.keyboard.press("c")
    page.wait_for_selector("[data-composer]")
    settled(page)
    page.keyboard.press("Escape")
    expect(page.locator("[data-composer]")).to_have_count(0)
    expect(page.locator(".line a").first).to_be_focused()


def test_the_customers_page_takes_a_contact_in_place(at_today, me):
    page = at_today()
    page.click(".line h3 a")
    step, plan = page.locator("[name=title]"), page.locator("#plan-now")
    expect(page.locator("[name=summary]")).to_be_visible()
    expect(step).to_be_hidden()
    assert plan.bounding_box()["y"] < 900
    page.keyboard.press("c")
    expect(step).to_be_visible()
    page.locator("h1").click()
    expect(step).to_be_hidden()
    page.keyboard.press("c")
    expect(page.locator("[name=summary]")).to_be_focused()
    page.keyboard.type("定例で状況を確認")
    settled(page)
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_contain_text("定例で状況を確認")
    expect(page.locator("#messages")).to_contain_text("接点を記録しました")
