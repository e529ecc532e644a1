"""Words for values that only the desk's sentences need."""

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from banso.actions.models import Action
from banso.base.models import User
from banso.desk import lines
from banso.desk.cells import cells
from banso.desk.pages.customers import CustomerLine, Customers
from banso.desk.rows import Row
from banso.desk.wording import days_left_text, next_date_text, touch_text
from banso.plays.asset_steps import Asked
from banso.web.formats import day_text, number_text

register = template.Library()


@register.filter
def size(number: float | None) -> float | None:
    """A number without its sign."""
    return None if number is None else abs(number)


@register.filter
def asked_by(step: Action, asked: Mapping[int, Asked]) -> Asked | None:
    """What a play wants an action to be done with."""
    return asked.get(step.pk)


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
def customer_cells(line: CustomerLine, page: Customers) -> SafeString:
    """A line of the customers' table, after its name."""
    return cells(line, page)


@register.simple_tag
def row_who(row: Row, live: bool, touched: object) -> SafeString:
    """Whom a line of Today is of, and why."""
    return lines.who(row, live, bool(touched))


@register.simple_tag
def row_facts(row: Row, user: User) -> SafeString:
    return lines.facts(row, user)


@register.simple_tag
def row_numbers(row: Row, currency: str, live: bool) -> SafeString:
    """A line of Today, after whom it is of."""
    return lines.numbers(row, currency, live)


@register.simple_tag
def row_acts(row: Row) -> SafeString:
    """The buttons of a line of Today."""
    return lines.acts(row)


@register.simple_tag
def touch_word(touch: str) -> str:
    return touch_text(touch)


@register.simple_tag
def next_date_word(kind: str) -> str:
    return next_date_text(kind)


@register.simple_tag
def days_left(days: int) -> str:
    return days_left_text(days)
