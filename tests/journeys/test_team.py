"""A lead's Monday, and a leaver's hand-over: two stories of a team."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from banso.actions.models import Action, Contact, SetAside
from banso.base.models import Role, Team
from banso.base.workspace import local_today
from banso.desk.models import Handover
from banso.engagements.models import Engagement
from banso.goals.models import Standing
from tests.journeys.conftest import PASSWORD, enter
from tests.journeys.test_paper import pages_of
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team(staff):
    """A lead and two success managers of one team; the first has the book of twenty."""
    east = Team.objects.create(name="東")
    lead = staff(Role.ADMIN, name="管理 花子", team=east)
    leaver = staff(Role.SUCCESS, name="佐藤 花子", team=east)
    stays = staff(Role.SUCCESS, name="鈴木 一郎", team=east)
    build(20, leaver)
    return lead, leaver, stays


def test_a_leads_monday(open_page, team):
    lead, leaver, stays = team
    for model in (Action, Contact, SetAside):
        model.objects.all().delete()
    long_ago = local_today() - timedelta(days=45)
    Standing.objects.update(last_contact_on=long_ago)
    page = open_page()
    enter(page, lead.email)
    page.click("nav.nav a[href='/monday/']")
    assert pages_of(page) == 1
    for _ in range(2):
        row = page.locator(".top-ten tbody tr", has_text=leaver.name).first
        row.get_by_role("link", name="担当を変える").click()
        page.select_option("select[name=to]", label=stays.name)
        page.fill("input[name=reason]", "負荷を分けるため")
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/handovers/**")
        page.goto("/monday/")
    assert Engagement.objects.filter(owner=stays).count() == 2
    page.locator(".short", has_text="手つかず").get_by_role("link", name="すべて見る").click()
    page.wait_for_url("**/customers/**")
    page.check("#bulk [data-check-all]")
    page.locator("#bulk button").click()
    page.select_option("select[name=owner]", label=stays.name)
    page.locator("form.card button[type=submit]").first.click()
    page.locator("button[name=confirmed]").click()
    page.wait_for_url("**/bulks/**")
    moved = Engagement.objects.filter(owner=stays).count()
    assert moved > 2
    page.locator("main form button").click()
    expect(page.locator("main form")).to_have_count(0)
    assert Engagement.objects.filter(owner=stays).count() == 2


def test_a_leavers_hand_over(open_page, team):
    lead, leaver, stays = team
    theirs = open_page()
    enter(theirs, leaver.email)
    page = open_page()
    enter(page, lead.email)
    page.goto(f"/staff/{leaver.uid}/")
    page.click("a[href$='/handover/']")
    page.check("input[name=rule][value=one]")
    page.wait_for_url("**rule=one**")
    assert page.locator("input[name=to]:checked").count() == 1
    page.check(f"#to-{stays.uid}")
    page.wait_for_url(f"**to={stays.uid}**")
    page.fill("input[name=reason]", "退職")
    page.check("input[name=ends]")
    page.locator("main form[method=post] button[type=submit]").click()
    page.wait_for_url("**/handovers/**")
    assert Engagement.objects.filter(owner=stays).count() == 20
    handover = Handover.objects.get()
    page.goto(f"/handovers/{handover.uid}/pack/")
    assert page.locator("article.sheet").count() == 20
    assert pages_of(page) == 21

    theirs.goto("/today/")
    theirs.wait_for_url("**/sign-in/**")
    theirs.fill("input[name=login]", leaver.email)
    theirs.fill("input[name=password]", PASSWORD)
    theirs.click("button[type=submit]:not([name])")
    expect(theirs.get_by_text("利用を終了しています")).to_be_visible()

    mine = open_page()
    enter(mine, stays.email)
    assert mine.locator("#list [data-row]").count() > 0

    page.goto(f"/handovers/{handover.uid}/")
    page.locator("form[action$='/undo/'] button").click()
    page.wait_for_load_state("networkidle")
    assert Engagement.objects.filter(owner=leaver).count() == 20
    theirs.goto("/today/")
    expect(theirs).to_have_url(re.compile("/today/"))
