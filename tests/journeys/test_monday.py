"""A Monday: look, a contact with its next step, later, no concern, done; and on Tuesday the list
is another one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from banso.actions.actions import NextStep, add_action
from banso.actions.models import Contact
from banso.actions.streams import contact_occurrences
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.core.evaluate import evaluate
from banso.core.metrics import DaysSince
from banso.desk.rounds import round_now
from tests.engagements.making import make_contract, make_customer
from tests.journeys.conftest import enter
from tests.journeys.hands import Effort, Hands

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 9, 7, 9, tzinfo=TOKYO)
SILENT_DAYS = (80, 70, 60, 50, 45, 5)  # the longer, the larger the gap
NAMES = {
    "ja": ["青空商事", "髙橋製作所", "みどり物流", "海山電機", "北星食品", "あかね不動産"],
    "en": ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir"],
}
WORDS = {
    "ja": {
        "said": "新任の髙﨑様は前向き。月報を見たい",
        "step": "月報の雛形を送る",
        "because": "決算期で休止中。確認済み",
        "due": "見積を送る",
    },
    "en": {
        "said": "New lead is keen, wants the monthly report",
        "step": "Send the report template",
        "because": "Year-end freeze, confirmed",
        "due": "Send the quote",
    },
}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("language", ["ja", "en"]),
]


class Clock:
    """The wall clock of the tests' process, which the live server shares."""

    def __init__(self, began: datetime) -> None:
        self.began = began
        self.zero = timezone.now()
        self.real = timezone.now

    def __call__(self) -> datetime:
        return self.began + (self.real() - self.zero)

    def next_morning(self) -> None:
        self.began += timedelta(days=1)
        round_now()  # as the worker does after three o'clock


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(MONDAY)
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def me(clock, staff, language):
    """Has six customers of one value and one contract end; only silence ranks them."""
    user = staff(Role.SUCCESS, name="佐藤 花子", language=language)
    for name, days in zip(NAMES[language], SILENT_DAYS, strict=True):
        customer = make_customer(name, owner=user)
        make_contract(customer, "2025-09-20", "2026-09-19")
        spoken = MONDAY - timedelta(days=days)
        Contact.objects.create(engagement=customer, occurred_at=spoken, by=user)
    due = NextStep(WORDS[language]["due"], user, local_today())
    add_action(engagement=customer, by=user, step=due)
    round_now()
    return user


def customers(page, section="needs"):
    page.goto(f"/today/?section={section}")
    return [each.strip() for each in page.locator("#list h3 a").all_inner_texts()]


def row(page, name):
    return page.locator("#list [data-row]", has=page.get_by_role("link", name=name, exact=True))


def do(row, key):
    """What the row offers under a key of the keyboard."""
    return row.locator(f"[data-key={key}]")


def test_tuesday_differs_in_what_monday_did(open_page, clock, me, language):
    page, words, efforts = open_page(language=language), WORDS[language], {}
    enter(page, me.email)
    first, second, third, fourth, fifth, sixth = NAMES[language]
    assert customers(page) == [first, second, third, fourth, fifth]
    assert customers(page, "needs&silent=1") == [first, second, third, fourth, fifth]

    monday(Hands(page), language, efforts)
    assert efforts["contact"].acts <= 4
    assert efforts["later"].acts <= 2
    assert efforts["no concern"].acts <= 3
    assert efforts["done"].acts == 1
    assert week(efforts, language) <= 20

    clock.next_morning()
    assert customers(page) == [fourth, fifth]
    assert customers(page, "in_hand") == [first, sixth]
    assert customers(page, "set_aside") == [second, third]
    expect(page.get_by_text(words["due"])).to_have_count(0)

    the_timeline_tells(page, first, [words["said"], words["step"]])
    the_timeline_tells(page, third, [words["because"]])
    the_timeline_tells(page, sixth, [words["due"]])
    contact_is_an_occurrence(first)


def monday(hands, language, efforts):
    """The acts of the day, each on the line it is about; the page is never left."""
    page, words = hands.page, WORDS[language]
    first, second, third, *_ = NAMES[language]
    page.goto("/today/")
    with hands.effort("contact", efforts):
        hands.click(do(row(page, first), "c"))
        hands.fill("[name=summary]", words["said"])
        hands.fill("[name=title]", words["step"])
        hands.press("Enter")
        expect(row(page, first).get_by_role("status")).to_be_visible()
    with hands.effort("later", efforts):
        hands.click(do(row(page, second), "s"))
        hands.click("button[value=week]")
        expect(row(page, second).get_by_role("status")).to_be_visible()
    with hands.effort("no concern", efforts):
        hands.click(do(row(page, third), "x"))
        hands.fill("[name=reason]", words["because"])
        hands.press("Enter")
        expect(row(page, third).get_by_role("status")).to_be_visible()
    with hands.effort("done", efforts):
        hands.click(page.locator(".step-list [data-key=d]"))
        expect(page.locator(".step-list").get_by_role("status")).to_be_visible()


def week(efforts: dict[str, Effort], language: str) -> float:
    """Minutes a week at 40 customers: one contact with a next step each in two weeks of three,
    every step done, ten put off, five judged no concern."""
    times = {"contact": 27, "done": 27, "later": 10, "no concern": 5}
    minutes = sum(n * efforts[name].minutes(language) for name, n in times.items())
    print(f"a week of 40 customers: {minutes:.1f} minutes at the keyboard")
    return minutes


def the_timeline_tells(page, name, lines):
    page.goto("/customers/?state=all")
    page.get_by_role("link", name=name, exact=True).click()
    for line in lines:
        expect(page.locator("#timeline")).to_contain_text(line)


def contact_is_an_occurrence(name):
    """On Tuesday the evaluator counts one day since Monday's contact."""
    contact = Contact.objects.get(engagement__party__name=name, summary__gt="")
    found = [
        each for owner, each in contact_occurrences(local_today()) if owner == contact.engagement_id
    ]
    silence = DaysSince(None, 365, "contacts")
    assert evaluate(silence, found, as_of=local_today(), zone=str(TOKYO), seats=None) == 1


def test_the_keyboard_is_enough(open_page, clock, me, language):
    page, words, efforts = open_page(language=language), WORDS[language], {}
    enter(page, me.email)
    hands, (first, second, *_) = Hands(page), NAMES[language]
    focused_row = page.locator("[data-row]:focus-within")
    page.keyboard.press("j")  # the due step stands above the list
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(focused_row).to_contain_text(second)
    page.keyboard.press("k")
    expect(focused_row).to_contain_text(first)
    with hands.effort("contact by keyboard", efforts):
        hands.press("c")
        expect(page.locator("[name=summary]")).to_be_focused()
        hands.type(words["said"])
        hands.press("Enter")
        expect(row(page, first).get_by_role("status")).to_be_visible()
    assert efforts["contact by keyboard"].acts <= 3
    assert Contact.objects.get(summary=words["said"]).engagement.party.name == first

    expect(focused_row).to_contain_text(first)
    page.keyboard.press("j")
    expect(focused_row).to_contain_text(second)
    page.keyboard.press("s")
    expect(page.locator("button[value=week]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, second).get_by_role("status")).to_be_visible()
    assert customers(page, "set_aside") == [second]


def test_plain_forms_do_the_same(open_page, clock, me, language):
    page, words = open_page(language=language, script=False), WORDS[language]
    enter(page, me.email)
    first, second, third, *rest, sixth = NAMES[language]
    do(row(page, first), "c").click()
    page.fill("[name=summary]", words["said"])
    page.fill("[name=title]", words["step"])
    page.click("form[data-composer] button[type=submit]")
    page.wait_for_url("**/today/")
    do(row(page, second), "s").click()
    page.click("button[value=week]")
    do(row(page, third), "x").click()
    page.fill("[name=reason]", words["because"])
    page.click("form[data-composer] button[type=submit]")
    page.locator(".step-list [data-key=d]").click()
    expect(page.locator(".step-list")).to_have_count(0)
    assert customers(page) == rest
    assert customers(page, "in_hand") == [first, sixth]
    assert customers(page, "set_aside") == [second, third]
