"""Names in a text: found, or replaced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.pseudonyms import masked, named, of_company, of_person


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("株式会社青空商事の担当者", "株式会社青空商事"),
        ("青空商事では", "株式会社 青空商事"),
        ("ＳＫＹ社とSky Blueの件", "Sky Blue, Inc."),
        ("髙橋商店さん", "高橋商店"),
    ],
)
def test_a_company_is_taken_out_however_it_is_written(text, name):
    found = masked(text, of_company(name), "◯")
    assert "◯" in found
    assert not any(each.casefold() in found.casefold() for each in of_company(name))


def test_a_person_by_either_part_and_a_latin_name_only_as_a_word():
    assert masked("佐藤さんと花子さん", of_person("佐藤 花子"), "◯") == "◯さんと◯さん"
    assert masked("Ann planned it", of_person("Ann Lee"), "◯") == "◯ planned it"
    assert masked("森の中", of_person("森"), "◯") == "森の中"


def test_colleagues_who_stand_in_the_words():
    assert named("佐藤さんが忘れた", ["佐藤 花子", "鈴木 一郎", "Ann Lee"]) == ["佐藤 花子"]
    assert named("手順書が古かった", ["佐藤 花子", "鈴木 一郎"]) == []


@given(st.text(max_size=100), st.text(max_size=20))
def test_a_text_without_names_stays_as_typed(text, name):
    assert masked(text, (), "◯") == text
    assert isinstance(masked(text, of_person(name), "◯"), str)
