"""Light markup of what colleagues write to each other: links, line breaks and mentions.

There is no HTML: the text is cut into pieces, and whoever draws them escapes each.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from banso.core.text import key

_LINK = re.compile(r"https?://[^\s<>\"'「」『』（）、。【】]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}"
_MARKS = "@＠"


@dataclass(frozen=True)
class Piece:
    """Part of a line. `href` of a link; `who` (an id) of a mention."""

    kind: Literal["text", "link", "mention"]
    text: str
    href: str = ""
    who: int | None = None


def lines(text: str, names: Mapping[int, str]) -> list[list[Piece]]:
    """The lines of a text, each cut into plain text, links (http and https) and mentions of
    the people in `names` (id: name)."""
    return [list(_pieces(line, names)) for line in text.splitlines()]


def mentioned(text: str, names: Mapping[int, str]) -> set[int]:
    """Who of `names` is mentioned: @ before the name as it stands in `names`, however it is
    spaced, or before its first word where nobody else's name begins with that word. Where two
    people have the name, both are."""
    called = _called(names)
    return {who for _, _, people in _mentions(text, called) for who in people}


def _pieces(line: str, names: Mapping[int, str]) -> Iterator[Piece]:
    found = [
        (start, end, "mention", people) for start, end, people in _mentions(line, _called(names))
    ]
    found += [(*_link_span(match), "link", set()) for match in _LINK.finditer(line)]
    at = 0
    for start, end, kind, people in sorted(found, key=lambda each: each[0]):
        if start < at:
            continue
        if start > at:
            yield Piece("text", line[at:start])
        word = line[start:end]
        yield (
            Piece("link", word, word) if kind == "link" else Piece("mention", word, who=min(people))
        )
        at = end
    if at < len(line):
        yield Piece("text", line[at:])


def _link_span(match: re.Match[str]) -> tuple[int, int]:
    return match.start(), match.start() + len(match.group().rstrip(_TRAILING))


def _mentions(text: str, called: Mapping[str, set[int]]) -> Iterator[tuple[int, int, set[int]]]:
    """Each @ with the longest name behind it: (start, end, who)."""
    longest = max(map(len, called), default=0)
    for start, mark in enumerate(text):
        if mark in _MARKS and (
            start == 0 or not text[start - 1].isascii() or not text[start - 1].isalnum()
        ):
            end = _name_end(text, start + 1, called, longest)
            if end:
                yield start, end, called[_squeezed(text[start + 1 : end])]


def _name_end(text: str, begin: int, called: Mapping[str, set[int]], longest: int) -> int:
    """Where the longest name that begins there ends; 0 where none does."""
    for end in range(min(len(text), begin + 2 * longest), begin, -1):
        if text[end - 1].isspace() or _squeezed(text[begin:end]) not in called:
            continue
        beyond = text[end : end + 1]
        if not (beyond.isascii() and beyond.isalnum() and text[end - 1].isascii()):
            return end
    return 0


def _called(names: Mapping[int, str]) -> dict[str, set[int]]:
    """Who answers to which folded name: the whole one, or a first word of only one person."""
    whole: dict[str, set[int]] = {}
    first: dict[str, set[int]] = {}
    for who, name in names.items():
        whole.setdefault(_squeezed(name), set()).add(who)
        first.setdefault(_squeezed((name.split() or [""])[0]), set()).add(who)
    alone = {word: people for word, people in first.items() if len(people) == 1 and word}
    return {word: people for word, people in (alone | whole).items() if word}


def _squeezed(name: str) -> str:
    return "".join(key(name).split())
