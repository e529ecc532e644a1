"""Names compared and words searched in Japanese and English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.text import key, search_tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙﨑 一郎", "高崎一郎"),
        ("山田　太郎", "山田太郎"),
        ("ＡＣＭＥ", "acme"),
        ("㈱山田", "(株)山田"),
        ("ｶﾌﾞｼｷ", "カブシキ"),
        ("Ann  Lee ", "ann lee"),
        ("東京‐大阪", "東京-大阪"),
        ("渡邉", "渡辺"),
        ("Straße", "STRASSE"),
    ],
)
def test_the_same_name_typed_in_two_ways(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_english_words_keep_their_spaces() -> None:
    assert key("Ann Lee") != key("Annlee")


@pytest.mark.parametrize(
    "name",
    ["株式会社山田", "山田株式会社", "(株)山田", "山田（株）", "㈱山田", "㈱　山田",
     "有限会社 山田",
     "山田合同会社", "株式会社山田 Co., Ltd.", "一般社団法人山田", "医療法人社団 山田"],
)  # fmt: skip
def test_legal_forms_go_where_asked(name: str) -> None:
    assert key(name, strip_legal_form=True) == "山田"
    assert key(name) != "山田"


@pytest.mark.parametrize(
    "name", ["Acme Inc", "ACME, Inc.", "Acme Co., Ltd.", "Acme Co.,Ltd", "Acme LLC", "Acme K.K.",
             "Acme Corporation", "Acme GmbH", "Acme Pte. Ltd.", "Acme S.A."],
)  # fmt: skip
def test_english_legal_forms(name: str) -> None:
    assert key(name, strip_legal_form=True) == "acme"


@pytest.mark.parametrize("name", ["Coco", "Incubate", "株式会社", "Inc", "日本株式会社研究所"])
def test_what_only_looks_like_a_legal_form_stays(name: str) -> None:
    assert key(name, strip_legal_form=True) == key(name)


def test_search_tokens() -> None:
    assert search_tokens("解約リスク") == ["解約", "約リ", "リス", "スク"]
    assert search_tokens("ＡＢＣ-12の解約") == ["abc", "12", "の解", "解約"]
    assert search_tokens("髙橋") == search_tokens("高橋") == ["高橋"]
    assert search_tokens("A社 Zoom打合せ") == ["a", "社", "zoom", "打合", "合せ"]
    assert search_tokens("naïve Ünïcode") == ["naïve", "ünïcode"]
    assert search_tokens(" …!　") == []


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    for strip in (False, True):
        assert key(key(text, strip_legal_form=strip), strip_legal_form=strip) == key(
            text, strip_legal_form=strip
        )


@given(st.text(alphabet="解約更新カナabc12 ー-", min_size=2), st.data())
def test_a_part_of_a_japanese_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    tokens = search_tokens(text)
    for pair in {text[i : i + 2] for i in range(len(text) - 1)}:
        if all(c in "解約更新カナー" for c in pair):
            assert search_tokens(pair)[0] in tokens
