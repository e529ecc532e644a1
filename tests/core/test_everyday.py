"""Everyday words: what is asked for, and whether a text answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.everyday import answered, asked
from banso.core.text import search_tokens

TEXT = "使い始めたところで止まってしまった。席は十。small company Their team stopped at onboarding"


def met(question, text=TEXT):
    return answered(set(search_tokens(text)), asked(question))


@pytest.mark.parametrize(
    "question",
    [
        "使い始めで止まっている",
        "止まった",
        "席が余る 使い始め",
        "小さな会社 使い始め 止まる",
        "stuck onboarding stopping",
        "the teams that stop",
        "ＯＮＢＯＡＲＤＩＮＧ",
    ],
)
def test_another_ending_and_another_width_are_found(question):
    assert met(question)


@pytest.mark.parametrize("question", ["解約", "値上げ 競合 席", "price rival", "", "、。"])
def test_other_situations_are_not(question):
    assert not met(question)


def test_more_of_the_words_count_more():
    assert met("使い始め 止まる") > met("使い始め 解約") > met("競合 解約")


def test_grammar_is_not_asked_for():
    assert [each.word for each in asked("使い始めで止まっている 小さな会社")] == [
        "使い",
        "始めで",
        "止まっている",
        "小さな",
        "会社",
    ]
    assert [each.word for each in asked("how it was at the start")] == ["start"]
    assert asked("うまくいかない")[0].stems == search_tokens("うまくいかない")


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_may_be_asked_of_any(question, text):
    words = asked(question)
    assert 0 <= answered(set(search_tokens(text)), words) <= len(words)


@given(st.text(alphabet="使始止席会社ログイン小さなまで abc", min_size=1, max_size=30))
def test_a_text_answers_itself(text):
    words = asked(text)
    stems = [stem for each in words for stem in each.stems]
    assert not stems or min(map(len, stems)) == 1 or met(text, text)
