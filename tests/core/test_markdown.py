"""What colleagues write in Markdown is safe wherever it is drawn."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from banso.core.markdown import headings, lost_links, lost_pictures, rendered

EVIL = """<script>alert(1)</script><img src=x onerror=alert(1)>
[a](javascript:alert(1)) [b](data:text/html,x) [c](//evil.example) [d](vbscript:x)
![e](https://evil.example/x.png) ![f](javascript:x) <https://ok.example> <javascript:alert(1)>
[g]: javascript:alert(1)
[g] [h](/customers/) [i](JaVaScRiPt:alert(1)) [j](http:\\x) "onclick="x
"""
TAGS = {
    "p",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "a",
    "strong",
    "em",
    "s",
    "ul",
    "ol",
    "li",
    "code",
    "pre",
}
TAGS |= {"blockquote", "hr", "br", "img", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"href", "rel", "target", "id", "src", "alt", "loading", "class", "title", "start"}


def tags_of(html: str) -> list[tuple[str, dict[str, str]]]:
    found = re.findall(r"<([a-z][a-z0-9]*)((?:\s+[\w-]+(?:=\"[^\"]*\")?)*)\s*/?>", html)
    return [(name, dict(re.findall(r"([\w-]+)=\"([^\"]*)\"", rest))) for name, rest in found]


def check(html: str) -> None:
    assert html.count("<") == len(tags_of(html)) + len(re.findall(r"</[a-z0-9]+>", html))
    for name, attributes in tags_of(html):
        assert name in TAGS, html
        assert set(attributes) <= ATTRIBUTES, html
        assert re.match(r"https?://|mailto:|#|/own/|$", attributes.get("href", "")), html
        assert attributes.get("src", "/own/").startswith("/own/"), html
        if attributes.get("href", "").startswith("http"):
            assert attributes["rel"] == "noopener noreferrer"


def test_nothing_typed_becomes_a_script_or_reaches_outside():
    check(rendered(EVIL, {"own.png": "/own/1"}))


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*"<>\"'&[]()!#*_`~|-:\n\\ a/", "http://", "javascript:", "data:", "own.png"]
        )
        | st.text(max_size=4),
        max_size=40,
    )
)
def test_whatever_is_typed_stays_within_the_tags(parts):
    check(rendered("".join(parts), {"own.png": "/own/1"}))


def test_pictures_are_own_ones_by_their_name():
    text = "![画面](画面.png) ![x](none.png) [大きく](画面.png)"
    html = rendered(text, {"画面.png": "/own/1"})
    assert '<img src="/own/1" alt="画面"' in html
    assert '<a href="/own/1">大きく</a>' in html
    assert html.count("<img") == 1
    assert lost_pictures(text, ["画面.png"]) == ["none.png"]


def test_bare_addresses_are_links_and_line_breaks_stay():
    html = rendered("動画は https://video.example/1 です。\n次の行", {})
    assert '<a href="https://video.example/1" rel="noopener noreferrer" target="_blank">' in html
    assert "<br" in html


def test_headings_are_named_as_links_name_them():
    text = "# 困っているとき\n\n## When it *goes* well!\n\n## When it goes well\n\n"
    text += "[a](#困っているとき) [b](#nowhere)"
    assert [each.anchor for each in headings(text)] == [
        "困っているとき",
        "when-it-goes-well",
        "when-it-goes-well-2",
    ]
    html = rendered(text, {})
    assert '<h2 id="at-困っているとき">' in html
    assert 'href="#at-困っているとき"' in html
    assert lost_links(text) == ["nowhere"]


def test_a_column_is_aligned_by_a_class():
    html = rendered("| a | b |\n| --- | ---: |\n| 1 | 2 |", {})
    assert 'class="num"' in html
    assert "style" not in html


def test_a_box_to_tick_is_drawn_as_one():
    html = rendered("- [ ] asked\n- [x] done\n- a [ ] within\n\n[ ] no list", {})
    assert "<li>☐ asked</li>" in html and "<li>☑ done</li>" in html
    assert "<li>a [ ] within</li>" in html and "<p>[ ] no list</p>" in html
