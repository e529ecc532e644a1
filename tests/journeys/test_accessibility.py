"""Every page through axe in a real browser: no serious finding, light and dark; no page wider
than a phone; and nothing of the page's own content policy is broken."""

from collections.abc import Sequence

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from banso.base.models import Role
from tests.house.doors import TABLE, arguments_of
from tests.journeys.conftest import enter
from tests.world import build

READABLE = [line.split()[0] for line in TABLE.strip().splitlines() if "R" in line.split()[4]]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": ["color-contrast"]}  # nothing else depends on the scheme
LIGHT_AND_DARK = ("light", "dark")
# The page itself, and tables that move sideways; a calendar of half a year may.
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll("main .table-scroll")]
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .filter((each) => !each.matches("pre, :has(> .days), :has(> .months)"))
  .map((each) => each.querySelector("caption, title")?.textContent ?? each.className)"""
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses(staff):
    admin = staff(Role.ADMIN, name="管理 花子")
    world = build(6, admin)
    pages = [reverse(name, args=arguments_of(name, world, {"viewer": admin})) for name in READABLE]
    return admin, pages


def is_page(page, path: str) -> bool:
    """Downloads are no pages."""
    answer = page.request.get(path)
    return "text/html" in answer.headers["content-type"] and "<html" in answer.text()


def look(page, path: str) -> None:
    """The page with everything that it asks for by itself once it is there."""
    page.goto(path)
    expect(page.locator(".htmx-request")).to_have_count(0, timeout=60_000)


def test_axe_finds_nothing_serious(open_page, addresses):
    """Light and dark: the page follows the device's wish, so one visit shows both."""
    from axe_playwright_python.sync_playwright import Axe

    admin, pages = addresses
    page, axe = open_page(bypass_csp=True), Axe()
    found = serious(axe, page, "/password/forgotten/", LIGHT_AND_DARK)
    enter(page, admin.email)
    for path in pages:
        if is_page(page, path):
            found += serious(axe, page, path, LIGHT_AND_DARK)
    assert found == []


def serious(axe, page, path: str, schemes: Sequence[str | None] = (None,)) -> list[str]:
    """What axe finds in the page, in each of the colour schemes or in the page's own."""
    look(page, path)
    found = []
    for scheme, rules in zip(schemes, (RULES, COLOURS), strict=False):
        if scheme:
            page.emulate_media(color_scheme=scheme)
        found += findings(axe, page, f"{path} {scheme or ''}", rules)
    return found


def findings(axe, page, where: str, rules) -> list[str]:
    return [
        f"{where}: {each['id']} {node['html'][:120]} {node['failureSummary'][:200]}"
        for each in axe.run(page, options=rules).response["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_fits_a_phone_and_keeps_its_content_policy(open_page, addresses, language):
    admin, pages = addresses
    type(admin).objects.filter(pk=admin.pk).update(language=language)
    page, wide = open_page(phone=True, language=language), []
    enter(page, admin.email)
    for path in pages:
        if is_page(page, path):
            look(page, path)
            wide += [f"{path} {what}" for what in page.evaluate(TOO_WIDE)]
    assert wide == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_on_the_other_side(open_page, staff, dark):
    """The shared plan, its door, a problem said, and the end of a link; on a phone."""
    from axe_playwright_python.sync_playwright import Axe

    from banso.base.workspace import local_today
    from banso.goals.actions import state_purpose
    from banso.goals.share_content import content_of
    from banso.goals.sharing import Addressee, make_link

    admin = staff(Role.ADMIN, name="管理 花子")
    engagement = build(2, admin).engagements[0]
    state_purpose(engagement=engagement, by=admin, words="月次の締めを早く終えたい")
    content = content_of(engagement, local_today())
    to = [
        Addressee("担当 0", "p0@example.jp"),
        Addressee("担当 0", "p0@example.jp", code_required=False, language="en"),
    ]
    door, plan = (
        make_link(engagement=engagement, by=admin, content=content, to=each).secret for each in to
    )
    page, axe = open_page(dark=dark, phone=True, bypass_csp=True), Axe()
    found = serious(axe, page, f"/share/{door}/")
    page.click("button")
    page.wait_for_selector("#code")
    found += serious(axe, page, f"/share/{door}/")
    found += serious(axe, page, f"/share/{plan}/")
    assert found == []
