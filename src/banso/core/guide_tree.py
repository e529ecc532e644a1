"""A guide's Markdown as plain data that a script draws with calls that make one element each.

A node is a text or [name, attributes, nodes within]. Only the names of NODES occur, and of
attributes only: `href` of `a` (http, https, mail), `src` and `alt` of `img`, `start` of `ol`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

from banso.core.markdown import parsed, plain

type Node = str | list[object]
NODES = frozenset(
    (
        *("p", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em", "s"),
        *("a", "img", "br", "hr", "table", "thead", "tbody", "tr", "th", "td"),
    )
)
HEADINGS = {"h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
ALONE = {"softbreak": "br", "hardbreak": "br", "hr": "hr"}
BLOCKS = ("fence", "code_block")


@dataclass(frozen=True)
class Step:
    """A part of a guide under its heading ("" before the first)."""

    title: str
    nodes: Sequence[Node]


def whole_of(text: str, pictures: Mapping[str, str]) -> list[Node]:
    """The text as nodes; `pictures` are {name: address}."""
    return _drawn(parsed(text, pictures))


def steps_of(text: str, pictures: Mapping[str, str]) -> list[Step]:
    """The text cut at its highest headings: each is one thing to do."""
    tokens = parsed(text, pictures)
    opened = [each.tag for each in tokens if each.type == "heading_open" and each.level == 0]
    highest = min(opened, default="")
    starts = [
        at
        for at, each in enumerate(tokens)
        if each.type == "heading_open" and each.tag == highest and each.level == 0
    ]
    edges = [0, *starts, len(tokens)]
    parts = [tokens[first:last] for first, last in pairwise(edges)]
    return [_step(part) for part in parts if part]


def _step(tokens: Sequence[Token]) -> Step:
    if tokens[0].type != "heading_open":
        return Step("", _drawn(tokens))
    return Step(plain(tokens[1].children or ()), _drawn(tokens[3:]))


def _drawn(tokens: Sequence[Token]) -> list[Node]:
    """Tokens that open and close as nodes that hold each other; what is not among the nodes holds
    its content as if it were not there."""
    within: list[list[Node]] = [[]]
    for token in tokens:
        if token.nesting == 1:
            name = _name(token)
            within.append([] if name else within[-1])
            if name:
                within[-2].append([name, _attributes(token, name), within[-1]])
        elif token.nesting == -1:
            within.pop()
        else:
            within[-1] += _leaf(token)
    return within[0]


def _name(token: Token) -> str:
    name = HEADINGS.get(token.tag, token.tag)
    known = name in NODES and not token.hidden
    return name if known and (name != "a" or _leads_outside(token)) else ""


def _attributes(token: Token, name: str) -> dict[str, object]:
    if name == "a":
        return {"href": token.attrs["href"]}
    if name == "ol" and "start" in token.attrs:
        return {"start": token.attrs["start"]}
    return {}


def _leads_outside(link: Token) -> bool:
    """A heading of the text has no address inside another page."""
    href = str(link.attrs.get("href", "")).lower()
    return href.startswith(("http://", "https://", "mailto:"))


def _leaf(token: Token) -> list[Node]:
    if token.type == "inline":
        return _drawn(token.children or ())
    if token.type == "image":
        said = {"src": token.attrs["src"], "alt": plain(token.children or ()) or token.content}
        return [["img", said, []]]
    if token.type in ALONE:
        return [[ALONE[token.type], {}, []]]
    text: list[Node] = [token.content] if token.content else []
    if token.type == "code_inline":
        return [["code", {}, text]]
    return [["pre", {}, [["code", {}, text]]]] if token.type in BLOCKS else text
