"""A real browser against a live server."""

import pytest
from playwright.sync_api import expect

expect.set_options(timeout=20_000)  # a busy machine takes its time


@pytest.fixture
def open_page(chromium, live_server):
    """open_page(language=, dark=, phone=, script=, bypass_csp=) -> a page that fails the test on
    any error its own console reports."""
    contexts, problems = [], []

    def make(*, language="ja", dark=False, phone=False, script=True, bypass_csp=False):
        context = chromium.new_context(
            base_url=live_server.url,
            locale="ja-JP" if language == "ja" else "en-US",
            timezone_id="Asia/Tokyo",
            color_scheme="dark" if dark else "light",
            viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 900},
            java_script_enabled=script,
            bypass_csp=bypass_csp,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console", lambda line: problems.append(line.text) if line.type == "error" else None
        )
        page.set_default_timeout(60_000)
        return page

    yield make
    for context in contexts:
        leave(context)
    assert problems == []


def leave(context):
    """The server has answered everything before its tables are emptied."""
    for page in context.pages:
        page.wait_for_load_state("networkidle")
    context.close()


PASSWORD = "a long enough pass phrase"


def enter(page, email):
    """Sign in as a person does."""
    page.goto("/sign-in/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]:not([name])")
    page.wait_for_url("**/today/**")
