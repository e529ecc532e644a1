"""Markdown that colleagues write, as HTML that is safe anywhere.

Raw HTML is text. Links lead to http, https, mail or a heading of the same text; pictures are only
those of the text's own. Nothing else of what is typed becomes markup.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from banso.core.markup import lines
from banso.core.text import key

_OUTSIDE = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
_PICTURE = re.compile(r"[^\s/:?#\\]{1,80}\.(?:png|jpe?g|gif|webp)", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[^\w\s-]")
BOX = re.compile(r"\[([ xX])\]\s+")
_ALIGNED = re.compile(r"text-align:(left|right|center)")
ANCHOR = "at-"
"""Before the id of each heading, so that none is an id of the page around it."""
LOWEST = 6


@dataclass(frozen=True)
class Heading:
    """A heading as links name it: #anchor."""

    anchor: str
    text: str
    level: int


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return bool(_OUTSIDE.match(url) or url.startswith("#") or picture_of(url))


RENDERER = RendererHTML()
PARSER = _Parser("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def rendered(text: str, pictures: Mapping[str, str]) -> str:
    """The text as HTML below a page's own <h1>; `pictures` are {name: address}, any other is told
    by its words."""
    tokens = parsed(text, pictures)
    for opening, _, content in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "list_item_open":
            _boxed(content.children or ())
    return html_of(tokens)


def parsed(text: str, pictures: Mapping[str, str]) -> list[Token]:
    """The tokens of the text, safe to be drawn."""
    tokens = PARSER.parse(text)
    for (opening, content, closing), heading in zip(
        _titles(tokens), headings_of(tokens), strict=True
    ):
        opening.attrs["id"] = ANCHOR + heading.anchor
        opening.tag = closing.tag = f"h{min(heading.level + 1, LOWEST)}"
        content.meta["anchor"] = heading.anchor
    for token in tokens:
        _align(token)
        if token.type == "inline":
            token.children = list(_safe(token.children or (), pictures))
    return tokens


def html_of(tokens: Sequence[Token]) -> str:
    return RENDERER.render(tokens, PARSER.options, {})


def inline_html(children: Sequence[Token]) -> str:
    return RENDERER.renderInline(children, PARSER.options, {})


def headings(text: str) -> list[Heading]:
    return headings_of(PARSER.parse(text))


def headings_of(tokens: Sequence[Token]) -> list[Heading]:
    """The headings in order; one that is there twice gets a number: #price, #price-2."""
    found: list[Heading] = []
    for opening, content, _ in _titles(tokens):
        words = plain(content.children or ())
        anchor, taken = anchor_of(words), {each.anchor for each in found}
        numbered = (f"{anchor}-{number}" for number in range(2, len(found) + 3))
        free = anchor if anchor not in taken else next(n for n in numbered if n not in taken)
        found.append(Heading(free, words, int(opening.tag[1])))
    return found


def anchor_of(words: str) -> str:
    """How a link names a heading: its words in small letters, a hyphen for each space."""
    return "-".join(_PUNCTUATION.sub("", key(words)).split()) or "-"


def plain(children: Iterable[Token]) -> str:
    """The words of a line without their markup."""
    return "".join(
        plain(each.children) if each.children else each.content or _broken(each)
        for each in children
    )


def _broken(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else ""


def pictures_in(text: str) -> list[str]:
    """The pictures a text shows or links to, each once."""
    asked = (
        picture_of(str(each.attrs.get("src") or each.attrs.get("href", "")))
        for each in _inline(text)
        if each.type in ("image", "link_open")
    )
    return list(dict.fromkeys(filter(None, asked)))


def lost_pictures(text: str, names: Iterable[str]) -> list[str]:
    """The pictures a text asks for that are not among `names`, each once."""
    known = set(names)
    return [each for each in pictures_in(text) if each not in known]


def lost_links(text: str) -> list[str]:
    """The headings a text links to that it does not have, each once."""
    known = {each.anchor for each in headings(text)}
    asked = (target_of(each) for each in _inline(text) if each.type == "link_open")
    return list(dict.fromkeys(each for each in asked if each is not None and each not in known))


def target_of(link: Token) -> str | None:
    """The anchor of the heading a link leads to; None for one that leads outside."""
    href = str(link.attrs.get("href", ""))
    return anchor_of(unquote(href[1:]).replace("-", " ")) if href.startswith("#") else None


def picture_of(href: str) -> str:
    """The name of the picture an address means; "" for any other address."""
    name = unquote(href)
    return name if _PICTURE.fullmatch(name) else ""


def _inline(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield from token.children or ()


def _titles(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token, Token]]:
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            yield token, tokens[at + 1], tokens[at + 2]


def _align(cell: Token) -> None:
    """A column's alignment as a class: style attributes are no part of our pages."""
    found = _ALIGNED.search(str(cell.attrs.pop("style", "")))
    if found and found[1] != "left":
        cell.attrs["class"] = "num" if found[1] == "right" else "centred"


def _boxed(children: Sequence[Token]) -> None:
    """A box to tick is drawn as one."""
    if children and (box := BOX.match(children[0].content)):
        mark = "☐" if box[1] == " " else "☑"
        children[0].content = f"{mark} {children[0].content[box.end() :]}"


def _safe(children: Iterable[Token], pictures: Mapping[str, str]) -> Iterator[Token]:
    within = 0
    for token in children:
        within += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "image":
            yield _picture(token, pictures)
        elif token.type == "link_open":
            yield _link(token, pictures)
        elif token.type == "text" and not within:
            yield from _linked(token)
        else:
            yield token


def _picture(token: Token, pictures: Mapping[str, str]) -> Token:
    address = pictures.get(unquote(str(token.attrs["src"])))
    if address is None:
        return Token("text", "", 0, content=token.content)
    token.attrs.update({"src": address, "loading": "lazy"})
    return token


def _link(token: Token, pictures: Mapping[str, str]) -> Token:
    """Outside: in a tab of its own that knows nothing of ours. A heading, or a picture by name."""
    href, target = str(token.attrs["href"]), target_of(token)
    if target is not None:
        token.attrs["href"] = f"#{ANCHOR}{target}"
    elif name := picture_of(href):
        token.attrs["href"] = pictures.get(name, "#")
    else:
        token.attrs.update({"rel": "noopener noreferrer", "target": "_blank"})
    return token


def _linked(token: Token) -> Iterator[Token]:
    """The text with the bare addresses in it as links."""
    for piece in (each for line in lines(token.content, {}) for each in line):
        if piece.kind == "link":
            link = Token("link_open", "a", 1, attrs={"href": piece.href})
            yield _link(link, {})
        yield Token("text", "", 0, content=piece.text)
        if piece.kind == "link":
            yield Token("link_close", "a", -1)
