"""The form that builds conditions: rows, groups, kind words, and the way back."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.core.conditions import All, AnyOf, Condition, Is, Not
from banso.metrics.condition_form import ConditionForm, TooDeep
from banso.metrics.fields import Field

pytestmark = pytest.mark.django_db
TOUCHES = [("high", "High"), ("low", "Low")]
FIELDS = [
    Field("name", "Name", "text", group="Who"),
    Field("touch", "Touch", "choice", group="Who", choices=lambda: TOUCHES),
    Field("seats", "Seats", "number", group="Contract"),
    Field("value", "Value", "money", group="Contract"),
    Field("gap", "Gap", "share"),
    Field("end", "End", "date"),
    Field("closed", "Closed", "boolean"),
]


def form(text: str = "", condition: Condition | None = None) -> ConditionForm:
    data = QueryDict(text) if text else None
    return ConditionForm(data, fields=FIELDS, condition=condition, prefix="c")


def typed(*rows: str, match: str = "all") -> str:
    """A post of one group; each row is field, way, shape and values: "seats ge one 5"."""
    parts = ["c-groups=1", f"c-0-match={match}", f"c-0-rows={len(rows)}"]
    for number, row in enumerate(rows):
        field, way, shape, *values = row.split(" ")
        name = f"c-0-{number}"
        parts += [f"{name}-field={field}", f"{name}-way={way}", f"{name}-for={field}+{shape}"]
        parts += [f"{name}-value={value}" for value in values]
    return "&".join(parts)


def asked(text: str) -> Condition:
    found = form(text)
    assert found.is_valid(), found.errors
    return found.condition


@pytest.mark.parametrize(
    ("row", "meaning"),
    [
        ("name contains one 山田", Is("name", "contains", "山田")),
        ("name contains_not one 山田", Not(Is("name", "contains", "山田"))),
        ("name one_of many 山田、鈴木", Is("name", "one_of", ("山田", "鈴木"))),
        ("touch is one high", Is("touch", "is", "high")),
        ("touch one_of many high low", Is("touch", "one_of", ("high", "low"))),
        ("touch unknown none", Is("touch", "unknown")),
        ("seats ge one １２", Is("seats", "ge", 12)),
        ("seats between two 5 10", Is("seats", "between", (5, 10))),
        ("value ge one 120万円", Is("value", "ge", 1_200_000)),
        ("gap gt one 40", Is("gap", "gt", 0.4)),
        ("end last days 30", Is("end", "within_days", -30)),
        ("end not_last days 30", Not(Is("end", "within_days", -30))),
        ("end next days 90", Is("end", "within_days", 90)),
        ("end le one 令和8年4月1日", Is("end", "le", "2026-04-01")),
        ("closed is one no", Is("closed", "is", False)),
    ],
)
def test_a_row_is_a_comparison(workspace: Any, row: str, meaning: Condition) -> None:
    assert asked(typed(row)) == All((meaning,))


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("name is one", "Write a value."),
        ("touch one_of many", "Choose at least one."),
        ("seats ge one many", "Write a number."),
        ("seats between two 10 5", "The first value lies after the second."),
        ("value le one 5ドル", "Write an amount"),
        ("end le one 03/04/2026", "Write a date"),
        ("end next days -3", "Write a number of days"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_row(workspace: Any, row: str, word: str) -> None:
    found = form(typed("touch is one high", row))
    assert not found.is_valid()
    first, second = found.groups[0].rows
    assert not first.error
    with translation.override("en"):
        assert word in str(second.error)


def test_an_empty_form_asks_for_everything() -> None:
    assert asked("c-groups=1&c-0-rows=1&c-0-0-field=") == All()
    assert asked(typed("touch is one low", match="any")) == AnyOf((Is("touch", "is", "low"),))


def test_a_value_for_another_field_is_not_kept() -> None:
    text = typed("seats ge one 5").replace("c-0-0-field=seats", "c-0-0-field=end")
    [row] = form(text).groups[0].rows
    assert (row.way.code, row.values) == ("ge", ())
    text = typed("seats ge one 5").replace("c-0-0-field=seats", "c-0-0-field=gone")
    assert form(text).groups[0].rows[0].field is None


def test_buttons_change_the_builder_only() -> None:
    text = typed("seats ge one 5", "touch is one low")
    more = form(f"{text}&c-act=add:c-0")
    assert more.acted
    assert [row.name for row in more.groups[0].rows] == ["c-0-0", "c-0-1", "c-0-2"]
    assert more.groups[0].rows[2].fresh
    fewer = form(f"{text}&c-act=remove:c-0-0")
    assert [(row.name, row.value) for row in fewer.groups[0].rows] == [("c-0-0", "low")]
    grouped = form(f"{text}&c-act=add-group:")
    assert [group.name for group in grouped.groups] == ["c-0", "c-1"]
    text = text.replace("c-groups=1", "c-groups=2&c-1-rows=0")
    assert len(form(f"{text}&c-act=remove-group:c-1").groups) == 1
    assert len(form(f"{text}&c-act=remove-group:c-0").groups) == 2
    assert not form(text).acted


def test_a_group_beside_rows() -> None:
    text = typed("seats ge one 5").replace("c-groups=1", "c-groups=2")
    text += "&c-1-match=none&c-1-rows=1&c-1-0-field=touch&c-1-0-way=is"
    text += "&c-1-0-for=touch one&c-1-0-value=low"
    expected = All((Is("seats", "ge", 5), Not(AnyOf((Is("touch", "is", "low"),)))))
    assert asked(text) == expected


def test_what_no_form_can_show_is_said() -> None:
    row = Is("touch", "is", "low")
    with pytest.raises(TooDeep):
        form(condition=All((AnyOf((row, All((row,)))),)))
    with pytest.raises(TooDeep):
        form(condition=Not(All((row,))))


rows = st.one_of(
    st.builds(Is, st.just("touch"), st.sampled_from(["is", "is_not"]), st.just("high")),
    st.builds(Is, st.just("seats"), st.sampled_from(["lt", "ge"]), st.integers(-99, 99)),
    st.builds(Is, st.just("gap"), st.just("between"), st.just((0.25, 0.29))),
    st.builds(Is, st.just("value"), st.just("le"), st.integers(0, 10**9)),
    st.builds(Is, st.just("end"), st.just("within_days"), st.integers(-90, 90)),
    st.builds(Is, st.just("end"), st.just("ge"), st.dates(date(1900, 1, 1)).map(str)),
    st.builds(Is, st.just("end"), st.sampled_from(["known", "unknown"])),
    st.just(Not(Is("name", "contains", "x"))),
)
several = st.lists(rows, min_size=1, max_size=3).map(tuple)
groups = st.one_of(several.map(All), several.map(AnyOf), several.map(lambda of: Not(AnyOf(of))))
shown = st.lists(rows | groups, max_size=3).map(lambda of: All(tuple(of)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(shown)
def test_stored_shown_posted_and_stored_again(workspace: Any, condition: Condition) -> None:
    first = form(condition=condition)
    posted = ConditionForm(posted_by(first), fields=FIELDS, prefix="c")
    assert posted.is_valid(), posted.errors
    again = ConditionForm(None, fields=FIELDS, condition=posted.condition, prefix="c")
    assert posted_by(again) == posted_by(first)


def posted_by(shown: ConditionForm) -> dict[str, Any]:
    """What a browser would send of the builder."""
    found: dict[str, Any] = {"c-groups": str(len(shown.groups))}
    for group in shown.groups:
        found |= {f"{group.name}-match": group.match, f"{group.name}-rows": str(len(group.rows))}
        for row in group.rows:
            if row.field:
                found |= {
                    f"{row.name}-field": row.field.key,
                    f"{row.name}-way": row.way.code,
                    f"{row.name}-for": f"{row.field.key} {row.way.shape}",
                    f"{row.name}-value": row.values,
                }
    return found


@pytest.mark.parametrize(("language", "word"), [("en", "is at least"), ("ja", "以上")])
def test_the_builder_speaks_both_languages(workspace: Any, language: str, word: str) -> None:
    conditions = form(condition=All((Is("seats", "ge", 5), Is("touch", "one_of", ("high",)))))
    context = {"conditions": conditions}
    with translation.override(language):
        html = render_to_string(
            "metrics/_conditions.html", context, request=RequestFactory().get("/x/")
        )
    assert word in html
    assert 'name="c-0-0-value"' in html
    assert 'hx-post="/x/"' in html
    assert html.count("checked") == 1


@pytest.mark.parametrize(
    ("asked", "en", "ja"),
    [
        (Is("seats", "ge", 5), "is at least 5", "が5以上"),
        (Is("touch", "one_of", ("high", "low")), "is one of", "」のいずれか"),
        (Not(Is("name", "contains", "大")), "does not contain 大", "に「大」を含まない"),
        (Is("value", "ge", 5_000_000), "is at least ¥5,000,000", "が¥5,000,000以上"),
        (Is("end", "within_days", 90), "is within the next 90 days", "が今後90日以内"),
    ],
)
def test_a_row_is_told_as_a_sentence(workspace: Any, asked: Any, en: str, ja: str) -> None:
    [row] = form(condition=asked).groups[0].rows
    for language, words in (("en", en), ("ja", ja)):
        with translation.override(language):
            assert words in row.told
