"""Fields of a message, in either language."""

from banso.core.markdown import rendered
from banso.core.placeholders import as_markdown, fields_in, filled, missing, unknown


def test_fields_are_known_by_their_names_in_both_languages():
    text = "{お客様名} {Customer} { contact } {顧客} {x}"
    assert fields_in(text) == ["お客様名", "Customer", "contact", "顧客", "x"]
    assert unknown(text) == ["顧客", "x"]


def test_a_field_without_a_value_stays_and_is_told():
    values = {"customer": "青空商事", "contact": ""}
    assert filled("{customer} {先方のお名前} 様", values) == "青空商事 {先方のお名前} 様"
    assert missing("{customer} {先方のお名前}", values) == ["先方のお名前"]


def test_a_value_is_never_markup():
    values = as_markdown({"customer": "*A* [b](#c)\n# C <i>", "goal": "1. x"})
    html = rendered(filled("{customer}\n\n{goal}", values), {})
    assert "<a" not in html
    assert "<em" not in html
    assert "<h2" not in html
    assert "<ol" not in html
