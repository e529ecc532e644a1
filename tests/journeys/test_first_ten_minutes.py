"""The first ten minutes: nothing, a company's own file, a ranked list, a colleague."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from banso.base.jobs import run_all
from banso.base.models import StaffGrant, Workspace
from banso.cli.setup_link import setup_link
from tests.journeys.conftest import PASSWORD
from tests.journeys.hands import Hands
from tests.journeys.ledgers import COLLEAGUE, ME, NAMES, ledger, ranked

CEILING = 14  # interactions, from the link to the colleague's invitation
WORDS = {
    "ja": {
        "company": "株式会社青葉ソフト",
        "not connected": "利用状況はまだ接続されていません",
        "staff": "スタッフ",
    },
    "en": {
        "company": "Aoba Software",
        "not connected": "Usage is not connected yet",
        "staff": "Staff",
    },
}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_nothing_to_a_ranked_list(open_page, live_server, tmp_path, language):
    page, words, found = open_page(language=language), WORDS[language], {}
    file = ledger(language, tmp_path, timezone.localdate())
    hands, main = Hands(page), page.get_by_role("main")
    page.goto(setup_link(live_server.url))
    with hands.effort("first ten minutes", found):
        set_up(hands, words, language)
        bring(hands, file, language)
        run_all()  # as the worker does
        the_counts_are_right(page)
        hands.click(main.locator("a.primary"))
        the_list_is_ranked(page, words, language)
        invite(hands, words, language)
    assert found["first ten minutes"].acts <= CEILING
    a_colleague_comes_in(open_page, page, language)


def set_up(hands, words, language):
    hands.fill("[name=workspace_name]", words["company"])
    hands.fill("[name=name]", ME[language])
    hands.fill("[name=email]", "hanako@example.com")
    hands.fill("[name=password]", PASSWORD)
    expect(hands.page.locator("#id_language")).to_have_value(language)
    hands.click("main button[type=submit]")
    hands.page.wait_for_url("**/today/")
    assert setup_link("") is None


def bring(hands, file, language):
    """Today's only offer leads to the file; its columns are guessed, so that one look is enough."""
    main = hands.page.get_by_role("main")
    hands.click(main.locator("a.primary"))
    hands.give("#file", file)
    hands.click(main.locator("button.primary"))
    expect(hands.page.locator("#mapping")).to_contain_text(NAMES[language][0])
    hands.click("#mapping button.primary")
    hands.page.wait_for_load_state()


def the_counts_are_right(page):
    """Six rows in the file, six imported: the page asks by itself until it knows."""
    figures = page.locator(".stats .value")
    expect(figures.first).to_have_text("6")
    expect(figures.nth(1)).to_have_text("6")


def the_list_is_ranked(page, words, language):
    """Contracts and last contacts alone already rank, and say why."""
    expect(page.locator("#list h3 a")).to_have_text(ranked(language))
    first = page.locator("#list [data-row]").first
    expect(first.locator(".why")).to_contain_text("100")
    expect(page.get_by_role("main")).to_contain_text(words["not connected"])
    assert Workspace.objects.get().language == language


def invite(hands, words, language):
    page = hands.page
    hands.click(page.get_by_role("navigation").get_by_role("link", name=words["staff"]))
    hands.fill("[name=email]", "ichiro@example.com")
    hands.fill("[name=name]", COLLEAGUE[language])
    hands.click("form[action$='/invitations/'] button[type=submit]")
    expect(page.locator(".copyable")).to_contain_text("/invitation/")


def a_colleague_comes_in(open_page, page, language):
    """Over the link of the invitation; the customers under that name are theirs at once."""
    link = page.locator(".copyable").inner_text()
    theirs = open_page(language=language)
    theirs.goto(link)
    theirs.fill("[name=password]", PASSWORD)
    theirs.click("main button[type=submit]")
    theirs.wait_for_url("**/today/")
    assert StaffGrant.objects.get(user__email="ichiro@example.com").role == "success_manager"
    expect(theirs.locator("#list h3 a")).to_have_text([NAMES[language][4]])
