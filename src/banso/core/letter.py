"""Markdown as a letter without any markup: what is mailed beside its HTML."""

from collections.abc import Iterable, Iterator, Sequence

from markdown_it.token import Token

from banso.core.markdown import PARSER

INDENT = "  "


def as_text(text: str) -> str:
    """The words line by line: bullets as hyphens, a link's address behind its words."""
    return "\n".join(_blocks(PARSER.parse(text))).strip() + "\n"


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """The lines of each block, an empty one between two."""
    counters: list[int] = []
    mark = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            counters.append(-1 if token.type.startswith("bullet") else _first(token))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            counters.pop()
            yield from [] if counters else [""]
        elif token.type == "list_item_open":
            mark = "- " if counters[-1] < 0 else f"{counters[-1]}. "
            counters[-1] += counters[-1] >= 0
        elif token.type in ("inline", "fence", "code_block"):
            yield from _indented(_words(token), mark, len(counters))
            mark = ""
            yield from [] if token.type == "inline" or counters else [""]
        elif token.type in ("paragraph_close", "heading_close", "tr_close") and not counters:
            yield ""


def _first(token: Token) -> int:
    return int(token.attrs.get("start", 1))


def _indented(words: str, mark: str, depth: int) -> Iterator[str]:
    outer = INDENT * max(depth - 1, 0)
    rest = outer + (INDENT if depth else "")
    for number, line in enumerate(words.rstrip("\n").split("\n")):
        yield (outer + mark + line) if number == 0 and mark else rest + line


def _words(token: Token) -> str:
    return token.content if token.type != "inline" else "".join(_inline(token.children or ()))


def _inline(children: Iterable[Token]) -> Iterator[str]:
    """The words; a link whose words are not its address says it."""
    href, since = "", ""
    for each in children:
        if each.type == "link_open":
            href, since = str(each.attrs.get("href", "")), ""
        elif each.type == "link_close":
            yield _address(href, since)
        else:
            said = "\n" if each.type in ("softbreak", "hardbreak") else each.content
            since += said
            yield said


def _address(href: str, words: str) -> str:
    plain = href.removeprefix("mailto:")
    return "" if href.startswith("#") or plain == words else f" ({plain})"
