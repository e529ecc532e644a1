"""Guides as data, and the pages they are on."""

import time
from random import Random

import pytest

from banso.core.guide_tree import NODES, Step, steps_of, whole_of
from banso.core.page_patterns import is_on

GUIDE = """はじめに。

# 開く

メニューの**請求**を[開きます](https://example.jp/x)。

1. 一つめ
2. 二つめ

## 細かいこと

![画面](a.png) ![ほか](b.png)

# 送る

`送信` を押します。
"""


def test_a_guide_is_cut_at_its_highest_headings():
    steps = steps_of(GUIDE, {"a.png": "https://b.example/p"})
    assert [each.title for each in steps] == ["", "開く", "送る"]
    assert steps[0].nodes == [["p", {}, ["はじめに。"]]]
    words, numbers, small, pictures = steps[1].nodes
    link = ["a", {"href": "https://example.jp/x"}, ["開きます"]]
    assert words == ["p", {}, ["メニューの", ["strong", {}, ["請求"]], "を", link, "。"]]
    assert numbers == ["ol", {}, [["li", {}, ["一つめ"]], ["li", {}, ["二つめ"]]]]
    assert small == ["h3", {}, ["細かいこと"]]
    assert pictures[2][0] == ["img", {"src": "https://b.example/p", "alt": "画面"}, []]
    assert "ほか" in pictures[2]
    assert steps[2] == Step("送る", [["p", {}, [["code", {}, ["送信"]], " を押します。"]]])


def test_a_text_without_headings_is_one_and_an_empty_one_is_none():
    assert len(steps_of("一行", {})) == 1
    assert steps_of("", {}) == [] == whole_of("", {})


def test_a_link_to_a_heading_is_its_words():
    assert whole_of("[送る](#送る)", {}) == [["p", {}, ["送る"]]]


PIECES = ["<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "![a](data:text/html,x)"]
PIECES += ["# 見出し", "- [ ] 一", "| a | b |\n|---|:-:|\n| 1 | 2 |", "> 引用", "```\n<b>\n```"]
PIECES += [
    "<https://ok.example>",
    "[a](mailto:a@b.example)",
    "**太**",
    "~~消~~",
    "---",
    "&lt;b&gt;",
]


def names(nodes):
    for each in nodes:
        if isinstance(each, list):
            yield each[0], each[1]
            yield from names(each[2])


def test_only_names_and_addresses_that_are_known_come_out_of_anything():
    rng = Random(5)
    for _ in range(300):
        text = "\n\n".join(rng.choices(PIECES, k=rng.randint(1, 8)))
        for name, said in names(whole_of(text, {})):
            assert name in NODES
            assert set(said) <= {"href", "src", "alt", "start"}
            assert said.get("href", "https://").startswith(("https://", "http://", "mailto:"))
            assert "src" not in said


@pytest.mark.parametrize(
    ("pattern", "path", "on"),
    [
        ("", "/anything", True),
        ("*", "/anything", True),
        ("/", "/", True),
        ("/invoices", "/invoices/", True),
        ("/invoices", "/invoices/7", False),
        ("/invoices/*", "/invoices/7/edit", True),
        ("/invoices/*", "/invoices", False),
        ("/invoices*", "/invoices", True),
        ("*/edit", "/invoices/7/edit/", True),
        ("/a/*/c", "/a/b/c", True),
        ("/a/*/c", "/a/c", False),
        ("/a*a", "/a", False),
        ("/Invoices", "/invoices", False),
        ("/請求/*", "/%E8%AB%8B%E6%B1%82/7", True),
        ("/invoices", "/invoices?x=1#y", True),
        ("/a.b", "/axb", False),
    ],
)
def test_pages(pattern, path, on):
    assert is_on(pattern, path) is on


def test_a_pattern_of_many_stars_takes_no_time():
    begun = time.process_time()
    assert not is_on("*a" * 90 + "*b", "/" + "a" * 900)
    assert time.process_time() - begun < 0.5
