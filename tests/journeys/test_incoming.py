"""The file that comes again, and what matched nobody: two stories in a browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from banso.actions.models import Contact
from banso.base.jobs import run_all
from banso.base.models import Role
from banso.engagements.models import Engagement
from banso.inbound.actions import Incoming, receive
from tests.journeys.conftest import enter
from tests.world import build

FIRST = "顧客ID,会社名,区分\nC1,青空商事,大口\nC2,森商店,小口\nC3,川上工業,小口\n"
SECOND = "会社名,顧客ID,区分\n青空ホールディングス,C1,大口\n森商店,C2,小口\n海運輸送,C4,大口\n"
OTHER = "顧客ID,お取引先,区分\nC1,青空ホールディングス,特別\n"
WORDS = {
    "ja": {
        "look": "内容を確かめる",
        "save": "次回のためにレシピとして保存する",
        "run": "実行する",
        "changed": "変わったところ",
        "stopped": "列が前回と異なるため",
        "choose": "列を選ぶ",
        "assign": "割り当てる",
        "find": "探す",
    },
    "en": {
        "look": "Look at the file",
        "save": "Save as a recipe for the next file",
        "run": "Run",
        "changed": "What changed",
        "stopped": "the columns are not as they were",
        "choose": "Choose the columns",
        "assign": "Assign",
        "find": "Find",
    },
}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def give(page, tmp_path, name, text, button):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    page.set_input_files("#file", str(path))
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_file_that_comes_again(open_page, staff, tmp_path, language):
    words, me = WORDS[language], staff(Role.MANAGER, language=language)
    page = open_page(language=language)
    enter(page, me.email)
    page.goto("/imports/")
    give(page, tmp_path, "台帳.csv", FIRST, words["look"])
    page.locator("button[formaction$='confirmation/']").click()
    page.wait_for_load_state("networkidle")
    run_all()
    page.reload()
    page.get_by_role("button", name=words["save"]).click()
    page.wait_for_url("**/imports/recipes/**")
    run_all()
    recipe = page.url

    give(page, tmp_path, "翌月.csv", SECOND, words["run"])
    run_all()
    page.goto(page.url)
    expect(page.get_by_role("heading", name=words["changed"], exact=True)).to_be_visible()
    expect(page.locator("main")).to_contain_text("青空ホールディングス")
    expect(page.locator("main")).to_contain_text("川上工業")

    page.goto(recipe)
    give(page, tmp_path, "列違い.csv", OTHER, words["run"])
    expect(page.locator("main")).to_contain_text(words["stopped"])
    page.get_by_role("link", name=words["choose"]).click()
    page.select_option("select[name=c1]", "name")
    page.locator("#mapping").evaluate("form => form.requestSubmit()")
    page.wait_for_load_state("networkidle")
    page.locator("button[formaction$='confirmation/']").click()
    page.wait_for_load_state("networkidle")
    run_all()
    assert Engagement.objects.get(external_ids__value="C1").segment == "特別"
    page.goto(recipe)
    expect(page.locator("table tbody tr")).to_have_count(2 + 3)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_meeting_that_matched_nobody(open_page, staff, language):
    words, me = WORDS[language], staff(Role.SUCCESS, language=language)
    world = build(3, me)
    at = timezone.now() - timedelta(days=1)
    for number in (1, 2):
        receive(
            incoming=Incoming(
                "meeting",
                str(number),
                at,
                f"面談 {number}",
                [("客 一郎", f"c{number}@kyaku.example")],
            ),
            user=me,
        )
    page = open_page(language=language)
    enter(page, me.email)
    page.goto("/inbound/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name="面談 1").click()
    page.fill("#q", "サンプル0")
    page.get_by_role("button", name=words["find"], exact=True).click()
    page.check("input[name=always][value='kyaku.example']")
    page.get_by_role("button", name=words["assign"], exact=True).click()
    page.wait_for_url("**/inbound/")
    expect(page.locator("tbody tr")).to_have_count(0)
    found = Contact.objects.filter(engagement=world.engagements[0], channel="meeting")
    assert found.count() == 2


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_these_pages_are_sound_and_fit_a_phone(open_page, staff, dark):
    from axe_playwright_python.sync_playwright import Axe

    from tests.house.doors import a_recipe, a_run
    from tests.journeys.test_accessibility import serious

    me = staff(Role.ADMIN)
    world = build(2, me)
    users = {"success_manager": me}
    recipe, run = (f(world.engagements[0], world, users) for f in (a_recipe, a_run))
    at = timezone.now() - timedelta(days=1)
    incoming = Incoming("meeting", "1", at, "面談", [("客 一郎", "c@kyaku.example")])
    receive(incoming=incoming, user=me)
    item = me.inbound_items.get().uid
    paths = [
        "/imports/recipes/",
        f"/imports/recipes/{recipe}/",
        f"/imports/runs/{run}/",
        "/inbound/",
    ]
    paths += [f"/inbound/{item}/?q=サンプル", "/inbound/connections/"]
    page = open_page(dark=dark, phone=dark, bypass_csp=True)
    enter(page, me.email)
    found = [each for path in paths for each in serious(Axe(), page, path)]
    assert found == []
    for path in paths:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
