"""A product is connected: a source and its key, the lines from the page really executed, each event
watched as it comes; then what it tells is looked at, measured, and is a customer's gap."""

import shutil
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect

from banso.base.models import Role
from banso.cli.commands.worker import work
from banso.events.inbox import rows_of
from banso.events.models import Inbox
from banso.goals.models import Standing
from banso.metrics.models import Metric
from tests.journeys.conftest import enter

WORDS = {
    "ja": {
        "source": "ソースを作成する",
        "key": "キーを作成する",
        "taken": "受け取り済み",
        "metric": "指標にする",
        "target": "達成基準を設定",
        "save": "保存",
    },
    "en": {
        "source": "Make a source",
        "key": "Make a key",
        "taken": "accepted",
        "metric": "Make it a metric",
        "target": "Set a target",
        "save": "Save",
    },
}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def shell(text):
    """In a shell, as somebody does who pastes it."""
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine: sudo apt install curl")
    told = ["sh", "-c", text.replace("curl", "curl --silent --noproxy '*'", 1)]
    return subprocess.run(told, capture_output=True, text=True, check=True, timeout=60).stdout


def python(text):
    """In a process of its own, with the SDK as it is published."""
    told = [sys.executable, "-c", text]
    subprocess.run(told, capture_output=True, check=True, timeout=60)


def node(text):
    if shutil.which("node") is None:
        pytest.skip("no node on this machine: sudo apt install nodejs")
    told = ["node", "--input-type=module", "-e", text]
    answer = subprocess.run(told, capture_output=True, text=True, check=True, timeout=60).stdout
    assert answer.split() == ["200", '{"success":', "true}"]


def connect(page, words, kind="server"):
    """A source with a key of the kind, as somebody makes it; what its page says then is shown."""
    page.goto("/sources/")
    page.fill("input[name=name]", "Our product")
    page.get_by_role("button", name=words["source"]).click()
    page.select_option("select[name=kind]", kind)
    page.get_by_role("button", name=words["key"]).click()
    expect(page.locator("#secret")).to_be_visible()


def pasted(page, name):
    """The text of a snippet that holds the key just made."""
    text = page.locator(f"#snippet-{name}").text_content()
    assert page.locator("#secret").text_content() in text
    return text


@contextmanager
def served(page):
    """The page of a product, at an address of its own."""

    class Product(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Product) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def all_done():
    """What a worker does until nothing waits."""
    while work():
        pass


@pytest.mark.parametrize("language", ["ja", "en"])
def test_from_the_first_line_to_a_gap(open_page, staff, language):
    words, me = WORDS[language], staff(Role.MANAGER, language=language)
    page = open_page(language=language)
    enter(page, me.email)
    connect(page, words)
    line = pasted(page, "curl")
    page.goto("/sources/our-product/")
    expect(page.locator("#debugger tbody")).to_have_count(0)
    assert shell(line) == '{"success": true}'
    row = page.locator("#debugger tbody tr", has_text="Report made")
    for text in ("user-1", words["taken"]):
        expect(row).to_contain_text(text)

    all_done()
    page.locator("#debugger").get_by_role("link", name="account-1").click()
    expect(page.get_by_role("heading", name="Example Inc.")).to_be_visible()
    page.wait_for_load_state()  # the keys answer once the page's scripts have run
    page.keyboard.press("y")
    expect(page.get_by_role("heading", name="Example Inc.")).to_have_count(0)
    all_done()
    page.goto("/sources/our-product/")
    row.get_by_role("link", name="Report made").click()
    expect(page.locator("#explored tbody tr").first.locator("td").first).to_have_text("1")
    page.get_by_role("button", name=words["metric"]).click()
    page.wait_for_url("**/metrics/*/")
    metric = Metric.objects.latest("id")
    expect(page.get_by_role("row", name="Example Inc.")).to_contain_text("1")
    page.get_by_role("row", name="Example Inc.").get_by_role("link", name=words["target"]).click()
    expect(page.locator("[name=targets-0-metric]")).to_have_value(metric.uid)
    expect(page.locator("[name=targets-0-start]")).to_have_value("1")
    page.fill("[name=targets-0-floor]", "0")
    page.fill("[name=targets-0-target]", "4")
    page.get_by_role("button", name=words["save"]).first.click()
    expect(page.get_by_role("row", name=metric.name[language]).first).to_contain_text("75%")
    assert Standing.objects.get().health == 25


@pytest.mark.parametrize(("name", "run"), [("python", python), ("node", node)])
def test_the_lines_of_a_server_send_as_they_stand(open_page, staff, name, run):
    me = staff(Role.MANAGER, language="en")
    page = open_page(language="en")
    enter(page, me.email)
    connect(page, WORDS["en"])
    text = pasted(page, name)
    run(text)
    [told] = rows_of(Inbox.objects.all())
    assert (told[3:6], told[7]) == (("account-1", "user-1", "Report made"), '{"rows":120}')
    page.goto("/sources/our-product/")
    expect(page.locator("#debugger")).to_contain_text("account-1")


def test_the_lines_of_a_page_send_as_they_stand(open_page, staff):
    me = staff(Role.MANAGER, language="en")
    page = open_page(language="en")
    enter(page, me.email)
    connect(page, WORDS["en"], "browser")
    script = pasted(page, "browser")
    theirs = page.context.new_page()
    product = served(f"<!doctype html><title>App</title>{script}")
    with product as address, theirs.expect_response("**/v1/track") as answer:
        theirs.goto(address)
    assert answer.value.status == 200
    theirs.close()
    [event] = rows_of(Inbox.objects.all())
    assert (event[3:6], event[7]) == (("account-1", "user-1", "Report made"), '{"rows":120}')
