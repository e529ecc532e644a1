"""A product is connected: a source and its key, the line from the page, the event beneath it."""

import json
import re
import shlex
import urllib.request
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from banso.base.models import Role
from tests.ingest.conftest import basic
from tests.journeys.conftest import enter

WORDS = {
    "ja": {"source": "ソースを作成する", "key": "キーを作成する", "taken": "受け取り済み"},
    "en": {"source": "Make a source", "key": "Make a key", "taken": "accepted"},
}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def run_line(text):
    """What the shell would do with the line, without curl."""
    words = shlex.split(text.replace("\\\n", " "))
    assert words[0] == "curl"
    told = dict(pairwise(words))
    [address] = re.findall(r"http://\S+/v1/track", text)
    headers = {"Authorization": basic(told["-u"].rstrip(":")), "Content-Type": "application/json"}
    request = urllib.request.Request(address, told["-d"].encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_product_is_connected(open_page, staff, language):
    words, me = WORDS[language], staff(Role.MANAGER, language=language)
    page = open_page(language=language)
    enter(page, me.email)
    page.goto("/sources/")
    page.fill("input[name=name]", "Our product")
    page.get_by_role("button", name=words["source"]).click()
    page.get_by_role("button", name=words["key"]).click()
    expect(page.locator("#secret")).to_be_visible()
    line = page.locator("#snippet-curl").inner_text()
    assert page.locator("#secret").inner_text() in line
    page.goto("/sources/our-product/")
    expect(page.locator("#debugger tbody")).to_have_count(0)
    assert run_line(line) == {"success": True}
    row = page.locator("#debugger tbody tr")
    expect(row).to_have_count(1, timeout=10_000)
    for text in ("Report made", "user-1", "account-1", words["taken"]):
        expect(row).to_contain_text(text)
