"""Names of companies and people in a text: found, or replaced by a word that stands for them."""

import re
from collections.abc import Iterable

from banso.core.text import key, one_shape

SHORTEST = 2
SHORTEST_LATIN = 3


def masked(text: str, written: Iterable[str], stand_in: str) -> str:
    """The text with each of these names, as they are `written`, replaced; the text as it was
    where none stands in it."""
    longest_first = sorted(set(written), key=lambda each: (-len(each), each))
    patterns = [pattern(each) for each in longest_first]
    shaped = one_shape(text)
    if not any(each.search(shaped) for each in patterns):
        return text
    for each in patterns:
        shaped = each.sub(lambda _: stand_in, shaped)
    return shaped


def named(text: str, people: Iterable[str]) -> list[str]:
    """Those of the people who stand in the text, in their order."""
    shaped = one_shape(text)
    return [
        name for name in people if any(pattern(each).search(shaped) for each in of_person(name))
    ]


def of_company(name: str) -> set[str]:
    """How a company is written: the whole, and without its legal form."""
    return long_enough([one_shape(name).strip(), key(name, strip_legal_form=True)])


def of_person(name: str) -> set[str]:
    """How somebody is written: the whole, and either part."""
    whole = one_shape(name).strip()
    return long_enough([whole, *whole.split()])


def long_enough(found: Iterable[str]) -> set[str]:
    """Shorter ones stand in too many other words."""
    return {each for each in found if len(each) >= (SHORTEST_LATIN if each.isascii() else SHORTEST)}


def pattern(written: str) -> re.Pattern[str]:
    """Whatever its case and the spaces in it; a Latin word only as a whole one."""
    loose = r"\s*".join(re.escape(each) for each in written if not each.isspace())
    if written.isascii():
        loose = rf"(?<![a-z0-9]){loose}(?![a-z0-9])"
    return re.compile(loose, re.IGNORECASE)
