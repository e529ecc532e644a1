"""The README's pictures, taken from a running demo in each language: `make pictures`."""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

OUT = Path(__file__).parents[1] / "docs" / "pictures"
LARGEST = 250_000  # bytes
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
LOCALES = {"ja": "ja-JP", "en": "en-US"}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]


@dataclass(frozen=True)
class Demo:
    """A demo that answers, and its door for a success manager."""

    address: str
    language: str
    home: Path
    email: str
    password: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--language", choices=list(LOCALES), action="append")
    chosen = options.parse_args().language or list(LOCALES)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("no chromium on this machine: sudo apt install chromium")
    OUT.mkdir(parents=True, exist_ok=True)
    for language in chosen:
        with demo(language) as running, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=[*FLAGS, f"--lang={LOCALES[language]}"],
                env=os.environ | {"LANGUAGE": language},
            )
            take_all(browser, running)
            browser.close()


@contextmanager
def demo(language: str) -> Iterator[Demo]:
    """A sample company in a home of its own, which ends with the block."""
    with tempfile.TemporaryDirectory(prefix="banso-pictures-") as home:
        words = [sys.executable, "-m", "banso", "demo", "--language", language]
        child = subprocess.Popen(
            [*words, "--port", str(free_port())],
            env=os.environ | {"BANSO_HOME": home, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield welcomed(child, language, Path(home))
        finally:
            child.send_signal(2)
            child.wait(timeout=60)


def welcomed(child: subprocess.Popen[str], language: str, home: Path) -> Demo:
    """Read the demo's greeting: its address, a success manager's address, the password."""
    assert child.stdout is not None
    greeting = ""
    for line in child.stdout:
        greeting += line
        if line.strip().startswith("password"):
            break
    found = [
        re.search(pattern, greeting)
        for pattern in (r"(http://\S+?)/?\s", r"success_manager\s+(\S+)", r"password\s+(.+)")
    ]
    if None in found:
        sys.exit(f"the demo did not start:\n{greeting}")
    address, email, password = (each.group(1).strip() for each in found if each)
    return Demo(address, language, home, email, password)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def take_all(browser: Browser, running: Demo) -> None:
    page = visitor(browser, running, WIDE)
    take(page, running, "/today/?scope=all", "today")
    customer = with_purpose(page)
    take(page, running, customer, "customer")
    take(page, running, f"{customer}why/", "why")
    take(page, running, "/lookback/", "lookback")
    offer_file(page, running)
    snap(page, running, "imports")
    take(visitor(browser, running, WIDE, dark=True), running, "/today/?scope=all", "today-dark")
    take(visitor(browser, running, PHONE), running, "/today/", "today-phone")


def with_purpose(page: Page) -> str:
    """The first customer of the list whose purpose somebody has written down."""
    links = [each.get_attribute("href") or "" for each in page.locator("#list h3 a").all()]
    for link in links:
        page.goto(link)
        if page.locator("#customer blockquote").count():
            return link
    return links[0]


def visitor(browser: Browser, running: Demo, size: dict[str, int], *, dark: bool = False) -> Page:
    """A page of somebody signed in."""
    context = browser.new_context(
        base_url=running.address,
        viewport={"width": size["width"], "height": size["height"]},
        locale=LOCALES[running.language],
        timezone_id="Asia/Tokyo",
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("[name=login]", running.email)
    page.fill("[name=password]", running.password)
    page.click("button[type=submit]:not([name])")
    page.wait_for_url("**/today/**")
    return page


def take(page: Page, running: Demo, path: str, name: str) -> None:
    page.goto(path)
    snap(page, running, name)


def offer_file(page: Page, running: Demo) -> None:
    """Offer the sample company's customer list once more, as far as the guessed columns."""
    page.goto("/imports/")
    ledger = next((running.home / "demo").glob("accounts.*"))
    page.set_input_files("#file", ledger)
    page.get_by_role("main").locator("button[type=submit]").first.click()
    page.wait_for_selector("#mapping")


def snap(page: Page, running: Demo, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_selector("main progress", state="detached", timeout=180_000)
    target = OUT / f"{name}-{running.language}.png"
    page.screenshot(path=target, animations="disabled")
    size = target.stat().st_size
    print(f"{target.name}: {size // 1000} kB")
    if size > LARGEST:
        sys.exit(f"{target.name} is larger than {LARGEST // 1000} kB")


if __name__ == "__main__":
    main()
