"""Search: two-character words, mixed scripts, prefixes; the same on both databases."""

import pytest

from banso.base.search import forget, found, index

TEXTS = [
    (1, "株式会社山田製作所 Yamada Manufacturing"),
    (2, "ヤマダ電機サービス株式会社"),
    (3, "解約の相談を受けた"),
    (4, "Acme Corp. Tokyo office"),
    (5, "髙﨑商店 ①号店"),
]


@pytest.fixture(autouse=True)
def _texts(db):
    index("engagement", TEXTS)
    index("other", [(1, "解約")])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("解約", {3}),
        ("山田", {1}),
        ("ヤマダ", {2}),
        ("ﾔﾏﾀﾞ", {2}),
        ("yamada", {1}),
        ("Manu", {1}),
        ("acme tokyo", {4}),
        ("ＡＣＭＥ", {4}),
        ("株式会社", {1, 2}),
        ("株式会社 電機", {2}),
        ("山", {1}),
        ("髙﨑", {5}),
        ("nothing", set()),
        ("   ", set()),
        ("\"' OR * (", set()),
    ],
)
def test_what_is_found(query, expected):
    assert set(found("engagement", query)) == expected


def test_a_changed_text_is_found_by_its_new_words_only():
    index("engagement", [(3, "更新の相談")])

    assert set(found("engagement", "更新")) == {3}
    assert not found("engagement", "解約").exists()


def test_what_is_forgotten_is_not_found():
    forget("engagement", [1, 2])

    assert not found("engagement", "株式会社").exists()


def test_of_a_word_that_nearly_everything_holds_some_are_looked_at(monkeypatch):
    monkeypatch.setattr("banso.base.search.MOST", 2)
    index("engagement", [(21, "青葉 北"), (22, "青葉 南"), (23, "青葉 西")])
    index("other", [(number, "青葉") for number in range(30, 40)])
    assert set(found("engagement", "青葉")) < {21, 22, 23}
    assert len(found("engagement", "青葉")) == 2
    assert list(found("engagement", "青葉 南")) == [22]
