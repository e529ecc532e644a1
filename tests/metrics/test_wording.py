"""Every kind of definition is a sentence, in both languages."""

import pytest
from django.utils.translation import override

from banso.core.conditions import All, Is, Not
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Entered,
    LastOf,
    MeanOf,
    PerPerson,
    Ratio,
    Seats,
    SumOf,
    Trend,
)
from banso.metrics.sentences import both
from banso.metrics.wording import UNITS, unit_name, value_text

ADMIN = Is("role", "is", "admin")

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
        "The share of the contracted seats with any event in the last 28 days.",
        "過去28日間にいずれかのイベントのあった人の割合(席数比)。",
    ),
    (
        Ratio(Count(("export", "login"), 7), Count("login", 7)),
        "How often “export” or “login” happened in the last 7 days, divided by how often “login” "
        "happened in the last 7 days.",
        "過去7日間の「export」または「login」の回数 ÷ 過去7日間の「login」の回数。",
    ),
    (
        Trend(Count("login", "last_week", where=ADMIN), "difference"),
        "How often “login” (role is admin) happened in the last full week, minus the same of the "
        "window before.",
        "先週(月〜日)の「login」(roleが「admin」)の回数 − その前の同じ長さの期間。",
    ),
    (
        Trend(MeanOf("order", "amount", 28, on="weekdays")),
        "The mean of “amount” of “order” in the last 28 days (Monday to Friday), divided by the "
        "same of the window before.",
        "過去28日間(平日)の「order」の「amount」の平均 ÷ その前の同じ長さの期間。",
    ),
    (
        LastOf("order", "seats", "month_to_date", on="business_days"),
        "The last “seats” of “order” in this month up to the day (working days in Japan).",
        "今月(当日まで)(祝日を除く平日)の「order」の「seats」の最後の値。",
    ),
    (
        PerPerson(ActiveDays(None, 28), "share", 8),
        "The share of the people seen in the last 90 days for whom it is at least 8: the number "
        "of days with any event in the last 28 days.",
        "8以上の人の割合(過去90日間に利用のあった人のうち): "
        "過去28日間のうちいずれかのイベントのあった日数。",
    ),
    (
        Count("action_overdue", 28, stream="actions"),
        "How often an action overdue happened in the last 28 days.",
        "過去28日間のアクションの期限超過の回数。",
    ),
    (
        Count("login", 7, where=All((Is("plan", "one_of", ("pro", "team")), Not(ADMIN)))),
        "How often “login” (plan is one of pro, team and not: role is admin) happened in the last "
        "7 days.",
        "過去7日間の「login」(planが「pro、team」のいずれか、かつroleが「admin」ではない)の回数。",
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
