"""A talk script's steps, read from its Markdown.

- Each heading begins a step.
- A list whose items begin with [ ] is a checklist.
- A list whose items are links to headings, and nothing else, is where the talk may go from there.

Checklists and branches are numbered through the script, so that what was ticked can be kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markdown_it.token import Token

from banso.core.markdown import ANCHOR, BOX, html_of, inline_html, parsed, plain


@dataclass(frozen=True)
class Prose:
    """What is said or to be known, as HTML."""

    html: str


@dataclass(frozen=True)
class Tick:
    number: int
    html: str
    text: str


@dataclass(frozen=True)
class Checklist:
    ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Branch:
    """One way to go on: to the step of that anchor."""

    to: str
    text: str


@dataclass(frozen=True)
class Fork:
    """The ways to go on from a step."""

    number: int
    branches: tuple[Branch, ...]


type Part = Prose | Checklist | Fork


@dataclass(frozen=True)
class Step:
    """Under one heading; what stands before the first one has no anchor and no title."""

    anchor: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Script:
    steps: tuple[Step, ...]

    @property
    def ticks(self) -> list[Tick]:
        lists = (part for part in self.parts if isinstance(part, Checklist))
        return [tick for each in lists for tick in each.ticks]

    @property
    def forks(self) -> list[Fork]:
        return [part for part in self.parts if isinstance(part, Fork)]

    @property
    def parts(self) -> list[Part]:
        return [part for step in self.steps for part in step.parts]


@dataclass
class _Count:
    ticks: int = 0
    forks: int = 0


def script_of(text: str, pictures: dict[str, str]) -> Script:
    """The script that a text is."""
    count = _Count()
    sections = list(_sections(list(_blocks(parsed(text, pictures)))))
    return Script(tuple(_step(head, body, count) for head, body in sections if head or body))


def _sections(
    blocks: Sequence[list[Token]],
) -> Iterator[tuple[list[Token], list[list[Token]]]]:
    """(heading, what stands under it), the first without a heading."""
    head: list[Token] = []
    body: list[list[Token]] = []
    for block in blocks:
        if block[0].type != "heading_open":
            body.append(block)
            continue
        yield head, body
        head, body = block, []
    yield head, body


def _step(head: list[Token], body: list[list[Token]], count: _Count) -> Step:
    anchor = str(head[1].meta["anchor"]) if head else ""
    title = plain(head[1].children or ()) if head else ""
    return Step(anchor, title, tuple(part for block in body for part in _parts(block, count)))


def _parts(block: list[Token], count: _Count) -> Iterator[Part]:
    """One part; a checklist and branches with only a blank line between them are one list to
    Markdown and two parts here."""
    runs = [(kind, list(lines)) for kind, lines in groupby(_items(block), _kind)]
    if not runs or any(kind == "prose" for kind, _ in runs):
        yield Prose(html_of(block))
        return
    for kind, lines in runs:
        if kind == "tick":
            yield Checklist(tuple(_tick(each, count) for each in lines))
        else:
            count.forks += 1
            yield Fork(count.forks, tuple(_branch(each) for each in lines))


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens cut where nothing is open."""
    block: list[Token] = []
    depth = 0
    for token in tokens:
        block.append(token)
        depth += token.nesting
        if depth == 0:
            yield block
            block = []


def _items(block: list[Token]) -> list[Token]:
    """The line of each item of a list; nothing for what is no list, or one of more than lines."""
    if not block[0].type.endswith("_list_open"):
        return []
    items = list(_blocks(block[1:-1]))
    lines = [item[2] for item in items if len(item) == 5 and item[2].type == "inline"]
    return lines if len(lines) == len(items) else []


def _kind(line: Token) -> str:
    if BOX.match(line.content):
        return "tick"
    return "branch" if _is_branch(line) else "prose"


def _tick(line: Token, count: _Count) -> Tick:
    count.ticks += 1
    children = line.children or []
    children[0].content = BOX.sub("", children[0].content, count=1)
    return Tick(count.ticks, inline_html(children), plain(children))


def _is_branch(line: Token) -> bool:
    children = line.children or []
    opening = [each for each in children if each.type == "link_open"]
    return (
        len(opening) == 1
        and children[0] is opening[0]
        and children[-1].type == "link_close"
        and str(opening[0].attrs["href"]).startswith("#")
    )


def _branch(line: Token) -> Branch:
    children = line.children or []
    return Branch(_target(children[0]), plain(children))


def _target(link: Token) -> str:
    return str(link.attrs["href"]).removeprefix(f"#{ANCHOR}")
