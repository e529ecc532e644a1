"""A guide in somebody else's product: their page, on another origin, under a strict content
policy; nothing of theirs is touched and their console stays empty."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

import banso.inproduct
from banso.ingest.models import Receipt
from banso.inproduct.models import Appearance
from tests.assets.making import picture
from tests.inproduct.making import NEWS, SHEET, Product, Sheet, guide, placed
from tests.journeys.test_accessibility import RULES, findings
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCRIPT = Path(banso.inproduct.__file__).parent / "static" / "inproduct" / "guide.js"
MOST_BYTES = 15_000
PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Chobo</title>
<script src="{banso}/static/inproduct/guide.js" data-key="{key}" data-identity="{token}" async>
</script></head><body><main><h1>Chobo</h1><label>Search <input id="search"></label>
<button id="last">Send</button></main></body></html>"""
POLICY = "default-src 'none'; script-src {0}; connect-src {0}; img-src {0}"


class Host:
    """The customer's product: its pages name who is signed in, `person` says who that is."""

    def __init__(self, banso):
        self.banso, self.key, self.tokens, self.language = banso, "", {}, "ja"

    def page(self, path):
        token = self.tokens.get(path.partition("?")[2], "")
        words = {"banso": self.banso, "key": self.key, "language": self.language}
        return PAGE.format(**words, token=token).encode()


@contextmanager
def served(host):
    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY.format(host.banso))
            self.end_headers()
            self.wfile.write(host.page(self.path))

        def log_message(self, format, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def open_page(open_page):
    """A request that outlives its page is never seen to end, so the pages are left in the end."""
    made = []

    def make(**words):
        made.append(open_page(**words))
        return made[-1]

    yield make
    for page in made:
        page.goto("about:blank")


@pytest.fixture
def host(live_server, staff):
    """Two people of two customers; the first customer's gap is nearly none, the second's not."""
    there = Host(live_server.url)
    with served(there) as address:
        product = Product(origins=[address])
        there.address, there.key, there.product = address, product.key, product
        there.world = build(2, staff("manager"))
        for place, engagement in enumerate(there.world.engagements):
            token = product.knows(engagement, f"acct-{place}", f"u-{place}")
            there.tokens[f"u-{place}"] = token
        yield there


def test_the_script_is_small(capsys):
    text = SCRIPT.read_text(encoding="utf-8")
    with capsys.disabled():
        print(f" guide.js: {len(text.encode()):,} of {MOST_BYTES:,} bytes ", end="")
    assert len(text.encode()) < MOST_BYTES
    for word in ("innerHTML", "eval(", "Function(", "cookie", "localStorage", "sessionStorage"):
        assert word not in text.replace("cookieless", ""), word


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [("ja", "請求書を送る", ("次へ", "完了")), ("en", "Send an invoice", ("Next", "Done"))],
)
def test_the_right_guide_for_the_right_person_in_both_languages(
    open_page, host, language, title, words
):
    from axe_playwright_python.sync_playwright import Axe

    from banso.core.conditions import Is

    host.language = language
    second = host.world.engagements[1].party.name
    placed(host.product, condition=Is("name", "is", second), page="/invoices*")
    page = open_page(language=language)
    page.goto(f"{host.address}/invoices?u-0")
    page.wait_for_load_state("networkidle")
    expect(page.locator("banso-guide")).to_have_count(0)

    page.goto(f"{host.address}/invoices?u-1")
    card = page.get_by_role("dialog", name=title)
    expect(card).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text(title)
    assert page.evaluate("document.activeElement.localName") == "body"
    assert (
        page.locator("banso-guide").evaluate(
            "e => getComputedStyle(e.shadowRoot.querySelector('.card')).position"
        )
        == "fixed"
    )
    forward, done = (card.get_by_role("button", name=each) for each in words)
    forward.click()
    expect(card).to_contain_text("2 / 2")
    with page.expect_response(telling("done")):
        done.click()
    expect(card).to_have_count(0)
    assert list(Appearance.objects.values_list("ended_as", flat=True)) == ["done"]
    assert sum(Receipt.objects.values_list("taken", flat=True)) == 2

    page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.locator("banso-guide")).to_have_count(0)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0

    placed(host.product, guide(NEWS, audience="public"), kind="announcement", page="/news")
    looking = open_page(language=language, bypass_csp=True)
    looking.goto(f"{host.address}/news")
    expect(looking.get_by_role("dialog")).to_be_visible()
    for scheme in ("light", "dark"):
        looking.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert findings(Axe(), looking, scheme, RULES) == []


def telling(what: str):
    """The answer to the script's telling that; that it was shown is told by itself before."""
    return lambda answer: (
        answer.url.endswith("/v1/guide/told") and what in (answer.request.post_data or "")
    )


def test_by_keyboard_it_is_reached_left_and_closed(open_page, host):
    long = Sheet({"ja": "長いガイド"}, {"ja": "![画面](a.png)\n\n" + "一行です。\n\n" * 60})
    asset = guide(long)
    picture(asset, "a.png")
    placed(host.product, asset)
    page = open_page()
    page.goto(f"{host.address}/?u-0")
    card = page.get_by_role("dialog", name="長いガイド")
    expect(card).to_be_visible()
    page.locator("#search").focus()
    page.keyboard.press("Escape")
    expect(card).to_be_visible()  # their field's own Esc
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(card.get_by_role("button", name="閉じる")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(card.get_by_role("button", name="完了")).to_be_focused()
    with page.expect_response(telling("closed")):
        page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(page.locator("#last")).to_be_focused()
    assert list(Appearance.objects.values_list("ended_as", flat=True)) == ["closed"]


def test_it_follows_a_page_that_changes_without_loading(open_page, host):
    placed(host.product, guide(SHEET, audience="public"), page="/send")
    page = open_page()
    page.goto(f"{host.address}/list")
    page.wait_for_load_state("networkidle")
    expect(page.locator("banso-guide")).to_have_count(0)
    page.evaluate("history.pushState({}, '', '/send')")
    expect(page.get_by_role("dialog", name="請求書を送る")).to_be_visible()
    page.evaluate("history.pushState({}, '', '/list')")
    expect(page.locator("banso-guide")).to_have_count(0)
