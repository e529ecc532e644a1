"""Somebody's hands on a page: what they do is counted, so that a ceiling can be asserted."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

SECONDS_AN_ACT = 1.5  # to look, aim and press
CHARACTERS_A_MINUTE = {"ja": 60, "en": 180}  # converted text, and 36 words: slow for an office


@dataclass(frozen=True)
class Effort:
    """Interactions (a click, a field filled, a key pressed) and the characters typed."""

    acts: int
    characters: int
    seconds: float

    def minutes(self, language: str) -> float:
        """How long a person takes at the stated speeds."""
        return self.characters / CHARACTERS_A_MINUTE[language] + self.acts * SECONDS_AN_ACT / 60


def settled(page: Page) -> None:
    """No hand is as quick as the robot's: let the page's scripts, and what they swap in, come
    to rest first."""
    page.wait_for_load_state()
    busy = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
    page.wait_for_selector(busy, state="detached")


class Hands:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts = 0
        self.characters = 0

    def click(self, what: Locator | str) -> None:
        self.acts += 1
        self.find(what).click()

    def fill(self, what: Locator | str, text: str) -> None:
        self.acts += 1
        self.characters += len(text)
        self.find(what).fill(text)

    def choose(self, what: Locator | str, **option: str) -> None:
        self.acts += 1
        self.find(what).select_option(**option)

    def give(self, what: Locator | str, path: object) -> None:
        """Choose a file in the system's dialog."""
        self.acts += 1
        self.find(what).set_input_files(str(path))

    def type(self, text: str) -> None:
        """Into whatever has the focus."""
        self.acts += 1
        self.characters += len(text)
        self.page.keyboard.insert_text(text)

    def press(self, key: str) -> None:
        self.acts += 1
        settled(self.page)
        self.page.keyboard.press(key)

    def find(self, what: Locator | str) -> Locator:
        settled(self.page)
        return self.page.locator(what) if isinstance(what, str) else what

    @contextmanager
    def effort(self, name: str, found: dict[str, Effort]) -> Iterator[None]:
        """Put what the block takes into `found`, and print it."""
        acts, characters, began = self.acts, self.characters, time.monotonic()
        yield
        took = Effort(self.acts - acts, self.characters - characters, time.monotonic() - began)
        found[name] = took
        print(f"{name}: {took.acts} acts, {took.characters} characters, {took.seconds:.1f} s")
