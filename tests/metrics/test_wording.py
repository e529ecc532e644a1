"""Every kind of definition is a sentence, in both languages."""

import pytest
from django.utils.translation import override

from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Entered,
    Ratio,
    Seats,
    SumOf,
)
from banso.metrics.wording import UNITS, both, unit_name, value_text

SENTENCES: list[tuple[Definition, str, str]] = [
    (
        Count("login", 28),
        "How often “login” happened in the last 28 days.",
        "過去28日間の「login」の回数。",
    ),
    (
        Count(None, 1),
        "How often any event happened in the last day.",
        "過去1日間のいずれかのイベントの回数。",
    ),
    (
        Count(None, 90, stream="contacts"),
        "How often a contact happened in the last 90 days.",
        "過去90日間の接点の回数。",
    ),
    (
        DistinctPeople("login", 7, 7),
        "The number of different people with “login” in the last 7 days as of 7 days ago.",
        "7日前の時点での過去7日間に「login」のあった人の数。",
    ),
    (
        ActiveDays(None, 28),
        "The number of days with any event in the last 28 days.",
        "過去28日間のうちいずれかのイベントのあった日数。",
    ),
    (
        DaysSince(None, 90, "contracts"),
        "Whole days since the last contract's start (90 means that many or more).",
        "最後の契約開始からの日数(90は90日以上)。",
    ),
    (
        SumOf("order", "amount", 28),
        "The sum of “amount” of “order” in the last 28 days.",
        "過去28日間の「order」の「amount」の合計。",
    ),
    (
        Ratio(DistinctPeople(None, 28), Seats()),
        "The number of different people with any event in the last 28 days, divided by "
        "the seats of the running contracts.",
        "過去28日間にいずれかのイベントのあった人の数 ÷ 契約中の席数。",
    ),
    (
        Entered(),
        "Typed in by hand: the latest value with its date and source.",
        "手入力: 日付と出典のある最新の値。",
    ),
]


@pytest.mark.parametrize(("definition", "english", "japanese"), SENTENCES)
def test_sentence(definition, english, japanese):
    assert both(definition) == {"en": english, "ja": japanese}


@pytest.mark.parametrize(
    ("value", "unit", "english", "japanese"),
    [
        (1, "times", "1 time", "1回"),
        (1200, "times", "1,200 times", "1,200回"),
        (1, "people", "1 person", "1人"),
        (2.5, "days", "2.5 days", "2.5日"),
        (0.45, "percent", "45%", "45%"),
        (0.034, "percent", "3.4%", "3.4%"),
        (9, "points", "9 points", "9点"),
        (1200, "yen", "¥1,200", "¥1,200"),
        (7, "none", "7", "7"),
        (7, "本", "7 本", "7 本"),
        (None, "times", "Not measured", "未計測"),
    ],
)
def test_a_value_with_its_unit(value, unit, english, japanese):
    with override("en"):
        assert value_text(value, unit) == english
    with override("ja"):
        assert value_text(value, unit) == japanese


def test_units_have_names_in_both_languages():
    with override("en"):
        english = [unit_name(unit) for unit in UNITS]
    with override("ja"):
        japanese = [unit_name(unit) for unit in UNITS]
    assert len(set(english)) == len(set(japanese)) == len(UNITS)
    assert not set(english) & set(japanese)
    assert unit_name("本") == "本"
