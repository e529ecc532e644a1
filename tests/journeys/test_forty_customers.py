"""A small company without any file: everything is typed, and Today ranks."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from banso.actions.models import Action, Contact
from banso.base.models import StaffGrant
from banso.cli.setup_link import setup_link
from banso.engagements.models import Contract, Engagement
from banso.goals.models import Agreement, Standing, Target
from banso.metrics.models import Measurement, Metric
from tests.journeys.conftest import PASSWORD
from tests.journeys.hands import Hands

WORDS = {
    "ja": {
        "company": "あおば工房",
        "me": "佐藤 花子",
        "customers": ["青空商事", "みどり物流", "北星食品", "あかね堂"],
        "value": "120万円",
        "person": "田中 一郎",
        "metric": "毎月の満足度",
        "second": "導入した部署の数",
        "wish": "月次の締めを三日で終えたい",
        "said": "来月の決裁を確認",
        "next": "見積を送る",
        "reason": "毎月の満足度",
    },
    "en": {
        "company": "Aoba Works",
        "me": "Hanna Sato",
        "customers": ["Alder", "Birch", "Cedar", "Dogwood"],
        "value": "1,200,000",
        "person": "Ian Tanaka",
        "metric": "Monthly satisfaction",
        "second": "Departments using it",
        "wish": "Close the month in three days",
        "said": "They decide next month",
        "next": "Send the quote",
        "reason": "Monthly satisfaction",
    },
}
A_CUSTOMER, A_METRIC, A_COLUMN, A_PERSON, A_PLAN = 5, 4, 7, 4, 12  # the most interactions
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_nothing_but_a_keyboard(open_page, live_server, language):
    page, words, found = open_page(language=language), WORDS[language], {}
    hands = Hands(page)
    set_up(page, setup_link(live_server.url), words)
    with hands.effort("four customers", found):
        type_customers(hands, words)
    with hands.effort("two metrics", found):
        for name in (words["metric"], words["second"]):
            define(hands, name, language)
    with hands.effort("a column", found):
        fill_the_column(hands, words)
    first = Engagement.objects.get(party__name=words["customers"][0])
    page.goto(f"/customers/{first.uid}/")
    with hands.effort("a person", found):
        add_the_person(hands, words)
    page.goto(f"/customers/{first.uid}/")
    with hands.effort("a plan", found):
        plan_and_agree(hands, words)
    today_ranks(page, words)
    speak(hands, words)

    assert found["four customers"].acts <= 2 + 4 * A_CUSTOMER
    assert found["two metrics"].acts <= 2 * A_METRIC
    assert found["a column"].acts <= A_COLUMN
    assert found["a person"].acts <= A_PERSON
    assert found["a plan"].acts <= A_PLAN


def set_up(page, link, words):
    page.goto(link)
    page.fill("[name=workspace_name]", words["company"])
    page.fill("[name=name]", words["me"])
    page.fill("[name=email]", "hanako@example.com")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/today/")


def type_customers(hands, words):
    """Today's empty page leads to the form, which offers the next one by itself."""
    page, today = hands.page, timezone.localdate()
    hands.click("main a[href$='/customers/new/']")
    for nth, name in enumerate(words["customers"]):
        end = today + timedelta(days=120 + nth)
        hands.fill("[name=name]", name)
        hands.fill("[name=annual]", words["value"])
        hands.fill("[name=end_on]", end.isoformat())
        hands.fill("[name=notice_on]", (end - timedelta(days=90)).isoformat())
        hands.click("main button[name=another]")
        expect(page.locator("[name=name]")).to_have_value("")
    assert Contract.objects.filter(annual_minor=1_200_000, notice_on__gt=today).count() == 4
    assert {each.owner.name for each in Engagement.objects.all()} == {words["me"]}


def define(hands, name, language):
    """A metric typed by hand needs a name; its unit is points and higher is better."""
    page = hands.page
    page.goto("/metrics/")
    hands.click("main a[href*='/metrics/new/'] >> nth=0")
    expect(page.locator("main .errorlist")).to_have_count(0)
    hands.fill(f"[name=name_{language}]", name)
    hands.press("Tab")
    page.wait_for_load_state("networkidle")
    hands.click("main button.primary")
    page.wait_for_url(lambda address: not address.endswith("/new/") and "new/?" not in address)


def fill_the_column(hands, words):
    """One value a customer, in any width of digits."""
    page, metric = hands.page, Metric.objects.order_by("id").first()
    page.goto(f"/metrics/{metric.uid}/")
    hands.click("main a[href$='/enter/']")
    cells = page.locator("input[name^=value-]")
    expect(cells).to_have_count(4)
    for nth, name in enumerate(page.locator("tbody th label").all_inner_texts()):
        hands.fill(cells.nth(nth), "３" if name == words["customers"][0] else "9")
    hands.click("main button.primary")
    page.wait_for_url(f"**/metrics/{metric.uid}/")
    assert sorted(Measurement.objects.values_list("value", flat=True)) == [3.0, 9.0, 9.0, 9.0]


def add_the_person(hands, words):
    page = hands.page
    hands.click("main a[href$='/people/']")
    hands.fill("[name=name]", words["person"])
    hands.fill("[name=email]", "tanaka@example.com")
    hands.click("main button.primary")
    expect(page.locator("section[aria-labelledby=people]")).to_contain_text(words["person"])


def plan_and_agree(hands, words):
    """The customer's own words, two targets, and the agreement at a meeting."""
    page = hands.page
    hands.click("main a[href$='/plan/'] >> nth=0")
    hands.fill("textarea[name=purpose-words]", words["wish"])
    metrics = list(Metric.objects.order_by("id"))
    for nth, (metric, floor, target) in enumerate([(metrics[0], "0", "8"), (metrics[1], "1", "5")]):
        with page.expect_response("**/plans/row/**"):
            hands.choose(f"select[name=targets-{nth}-metric]", value=metric.uid)
        expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        expect(page.locator(f"[name=targets-{nth}-start]")).to_have_value("" if nth else "3")
        hands.fill(f"[name=targets-{nth}-floor]", floor)
        hands.fill(f"[name=targets-{nth}-target]", target)
    hands.click("form[action$='/plan/'] button.primary")
    expect(page.locator("blockquote")).to_contain_text(words["wish"])
    assert Target.objects.count() == 2
    hands.choose("select[name=agreement-person]", label=words["person"])
    hands.click("button[name=state][value=agreed]")
    expect(page.locator("section[aria-labelledby=plan-now]")).to_contain_text(words["person"])
    assert Agreement.objects.get().how == "meeting"


def today_ranks(page, words):
    """The one with a plan and a measured gap is first, and the sentence names the metric."""
    page.goto("/today/")
    first = page.locator("#list [data-row]").first
    expect(first).to_contain_text(words["customers"][0])
    expect(first.locator(".why")).to_contain_text(words["reason"])
    standing = Standing.objects.get(engagement__party__name=words["customers"][0])
    assert (standing.measured, standing.targets) == (1, 2)
    assert standing.gap == pytest.approx(1 - 3 / 8)


def speak(hands, words):
    page = hands.page
    hands.press("c")
    page.wait_for_selector("[data-composer]")
    hands.type(words["said"])
    hands.press("Tab")
    hands.type(words["next"])
    hands.press("Enter")
    page.wait_for_selector("#list [role=status]")
    assert Contact.objects.get().summary == words["said"]
    assert Action.objects.get().title == words["next"]


def test_a_viewer_and_a_second_success_manager(open_page, live_server):
    """Each comes in over a link; the viewer finds nothing to press that would be refused."""
    words, page = WORDS["ja"], open_page()
    set_up(page, setup_link(live_server.url), words)
    type_customers(Hands(page), words)
    links = [invite(page, "jiro@example.com", "success_manager"), invite(page, "v@e.jp", "viewer")]
    for link in links:
        theirs = open_page()
        theirs.goto(link)
        theirs.fill("[name=name]", "鈴木 次郎")
        theirs.fill("[name=password]", PASSWORD)
        theirs.click("main button[type=submit]")
        theirs.wait_for_url("**/today/")
        theirs.goto("/customers/")
        uid = Engagement.objects.order_by("id").first().uid
        writes = 0 if link == links[1] else 1
        expect(theirs.locator("main a[href$='/customers/new/']")).to_have_count(writes)
        theirs.goto(f"/customers/{uid}/")
        expect(theirs.locator("main a[href$='/people/']")).to_have_count(writes)
        expect(theirs.locator("main a[href$='/contracts/']")).to_have_count(writes)
    assert StaffGrant.objects.filter(ended_at=None).count() == 3


def invite(page, email, role):
    page.goto("/staff/")
    page.fill("[name=email]", email)
    page.select_option("[name=role]", value=role)
    page.click("form[action$='/invitations/'] button[type=submit]")
    return page.locator(".copyable").inner_text()
