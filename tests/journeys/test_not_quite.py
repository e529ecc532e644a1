"""A customer's "not quite": shared by a link, opened on a phone with a code from the mail,
answered in their own words; seen the next morning, mended, shared again, agreed."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from playwright.sync_api import expect

from banso.actions.actions import NextStep, add_action
from banso.base.models import Role, Workspace
from banso.base.workspace import local_today, next_working_day
from banso.desk.rounds import round_now
from banso.goals.actions import set_targets, state_purpose
from banso.goals.models import Agreement, PlanVersion, Reply, Target
from banso.goals.refresh import refresh_standings
from banso.parties.actions import PersonCard, create_parties
from banso.parties.models import Membership
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import draft, make_metric, measure
from tests.journeys.conftest import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = {
    "ja": "少し違います。三日ではなく、二日で締めたいのです。",
    "en": "Not quite. We want to close in two days, not three.",
}
SAYS = {
    "ja": {
        "share": "リンクで共有",
        "make": "リンクを作る",
        "send": "コードを送る",
        "open": "ページを開く",
        "not_quite": "「少し違います」と伝える",
        "thanks": "お言葉を受け取りました",
        "yes": "はい、これです",
        "agreed": "合意いただきました",
        "first": "第1版",
        "second": "第2版",
    },
    "en": {
        "share": "Share the plan by a link",
        "make": "Make the link",
        "send": "Send me the code",
        "open": "Open the page",
        "not_quite": "Send: not quite",
        "thanks": "We have received your words",
        "yes": "Yes, this is it",
        "agreed": "We have agreed",
        "first": "Version 1",
        "second": "Version 2",
    },
}


@pytest.fixture
def owner(staff):
    return staff(Role.SUCCESS, name="佐藤 花子")


@pytest.fixture
def customer(owner):
    today = local_today()
    found = make_customer("青空商事", owner=owner, touch="high")
    make_contract(found, str(today - timedelta(days=90)), str(today + timedelta(days=90)))
    person = create_parties([PersonCard("田中 一郎", email="tanaka@aozora.example")])[0]
    Membership.objects.create(person=person, home=found.party)
    metric = make_metric(unit="days", higher=False)
    measure(metric, found, str(today - timedelta(days=3)), 6)
    goal = state_purpose(engagement=found, by=owner, words="月次の締めを早く終えたい")
    set_targets(goal=goal, by=owner, targets=[draft(metric, 10, 3, start=8)])
    due = next_working_day(today) + timedelta(days=7)
    add_action(engagement=found, by=owner, step=NextStep("操作説明の会", owner, due))
    refresh_standings([found.pk])
    return found


def shares(page, customer, says):
    """Make the link on the page of the plan; what arrives by mail is returned."""
    page.goto(f"/customers/{customer.uid}/plan/")
    page.get_by_role("link", name=says["share"]).click()
    page.get_by_role("checkbox", name=re.compile("操作説明の会")).check()
    expect(page.locator("#preview")).to_contain_text("操作説明の会")
    page.get_by_role("button", name=says["make"]).click()
    page.wait_for_selector("#address")
    letter = mail.outbox[-1]
    assert letter.to == ["tanaka@aozora.example"]
    return re.search(r"https?://\S+", letter.body)[0]


def comes_in(page, link, says):
    """With the code of the mail, as a person does on a phone."""
    page.goto(link)
    page.get_by_role("button", name=says["send"]).click()
    page.wait_for_selector("#code")
    page.fill("#code", re.search(r"(?m)^\d{6}$", mail.outbox[-1].body)[0])
    page.get_by_role("button", name=says["open"]).click()
    page.wait_for_selector("article.shared")
    assert page.evaluate("document.documentElement.scrollWidth") <= 391


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_customers_not_quite(open_page, owner, customer, language):
    type(owner).objects.update(language=language)
    Workspace.objects.update(language=language)
    says = SAYS[language]
    ours, theirs = open_page(language=language), open_page(language=language, phone=True)

    enter(ours, owner.email)
    link = shares(ours, customer, says)

    comes_in(theirs, link, says)
    expect(theirs.locator("blockquote.words")).to_contain_text("月次の締めを早く終えたい")
    expect(theirs.locator("main")).to_contain_text("操作説明の会")
    theirs.fill("#words", SAID[language])
    theirs.get_by_role("button", name=says["not_quite"]).click()
    expect(theirs.locator("main")).to_contain_text(says["thanks"])
    assert Reply.objects.get().words == SAID[language]

    morning = datetime.combine(next_working_day(local_today()), time(9), ZoneInfo("Asia/Tokyo"))
    with time_machine.travel(morning, tick=True):
        round_now()
        ours.goto("/today/")
        expect(ours.locator("main")).to_contain_text(SAID[language])
        expect(ours.locator(".step-line").first).to_contain_text("田中 一郎")
        ours.goto(f"/customers/{customer.uid}/plan/")
        expect(ours.locator("#said-back + ul")).to_contain_text(SAID[language])

        ours.fill("[name=targets-0-target]", "2")
        ours.click("form[action$='/plan/'] button.primary")
        ours.wait_for_load_state("networkidle")
        assert Target.objects.get(ended_at=None).target == 2
        again = shares(ours, customer, says)
        assert again != link

        comes_in(theirs, again, says)
        theirs.get_by_role("button", name=says["yes"]).click()
        expect(theirs.locator("main")).to_contain_text(says["agreed"])

        ours.goto(f"/customers/{customer.uid}/plan/")
        versions = ours.locator("section[aria-labelledby=agree] tbody").first
        expect(versions).to_contain_text(says["first"])
        expect(versions).to_contain_text(says["second"])
        expect(versions.locator("tr").first).to_contain_text("田中 一郎")
        ours.get_by_role("link", name=says["second"]).first.click()
        expect(ours.locator("del")).to_be_visible()
    assert PlanVersion.objects.count() == 2
    assert Agreement.objects.get(state="agreed").version.number == 2
