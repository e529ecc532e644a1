"""What a condition asks for, in the words of the reader's language."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext, pgettext

from banso.core.conditions import All, AnyOf, Condition, Is, Not
from banso.web.formats import number_text


def told(condition: Condition, label: Callable[[str], str] = str) -> str:
    """The condition as a phrase; `label` gives a field its name."""
    match condition:
        case All(of):
            return gettext(" and ").join(grouped(each, label) for each in of)
        case AnyOf(of):
            return gettext(" or ").join(grouped(each, label) for each in of)
        case Not(of):
            return gettext("not: %(what)s") % {"what": grouped(of, label)}
        case Is():
            return comparison(condition, label(condition.field))


def grouped(condition: Condition, label: Callable[[str], str]) -> str:
    """With brackets where the phrase would be read otherwise."""
    text = told(condition, label)
    several = isinstance(condition, All | AnyOf) and len(condition.of) > 1
    return pgettext("a condition in brackets", "(%s)") % text if several else text


def comparison(asked: Is, field: str) -> str:
    values = asked.value if isinstance(asked.value, tuple) else (asked.value,)
    return phrase(asked.op, field, [value_words(each) for each in values])


def phrase(way: str, field: str, values: Sequence[str]) -> str:
    """A field, a way of asking and its values as one phrase."""
    words = {
        "field": field,
        "value": values[0] if values else "",
        "last": values[-1] if values else "",
        "values": gettext(", ").join(values),
    }
    known = ways()
    return known.get(way, known[way.removeprefix("date_")]) % words


def ways() -> dict[str, str]:
    """By way; of a date where it is said otherwise."""
    return {
        "contains_not": gettext("%(field)s does not contain %(value)s"),
        "date_ge": gettext("%(field)s is on or after %(value)s"),
        "date_le": gettext("%(field)s is on or before %(value)s"),
        "is": gettext("%(field)s is %(value)s"),
        "is_not": gettext("%(field)s is not %(value)s"),
        "one_of": gettext("%(field)s is one of %(values)s"),
        "contains": gettext("%(field)s contains %(value)s"),
        "lt": gettext("%(field)s is less than %(value)s"),
        "le": gettext("%(field)s is at most %(value)s"),
        "gt": gettext("%(field)s is more than %(value)s"),
        "ge": gettext("%(field)s is at least %(value)s"),
        "between": gettext("%(field)s is from %(value)s to %(last)s"),
        "known": gettext("%(field)s is known"),
        "unknown": gettext("%(field)s is not known"),
        "within_days": gettext("%(field)s is within %(value)s days"),
    }


def value_words(value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int | float):
        return number_text(value)
    return "" if value is None else str(value)
