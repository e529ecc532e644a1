"""Words for values that only the desk's sentences need."""

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.translation import gettext

from banso.desk.columns import Column
from banso.desk.pages.customers import CustomerLine
from banso.web.formats import day_text, number_text

register = template.Library()


@register.filter
def size(number: float | None) -> float | None:
    """A number without its sign."""
    return None if number is None else abs(number)


@register.simple_tag
def points(change: float | None) -> str:
    """How a share moved, in points with its sign: +3 pt; empty where it rounds to nothing."""
    if change is None or round(100 * change) == 0:
        return ""
    written = number_text(abs(100 * change), 0)
    return gettext("%(sign)s%(points)s pt") % {
        "sign": "+" if change > 0 else "−",
        "points": written,
    }


@register.simple_tag
def day_words(day: date) -> str:
    """A day as plain text, where no markup may stand."""
    return day_text(day)


@register.simple_tag
def metric_value(
    values: Mapping[int, Mapping[str, float]], line: CustomerLine, column: Column
) -> float | None:
    """A metric's value in a customer's row; None where it is not measured."""
    return values.get(line.engagement.pk, {}).get(column.key)
