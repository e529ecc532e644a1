"""Tags every template has: formats, icons, charts, links that keep a table's state."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_cotton.templatetags import Attrs

from banso.base.fields import localized as text_of
from banso.web import charts, formats, icons
from banso.web.appearance import THEMES, chosen_theme
from banso.web.charts import Marker, Part, Point
from banso.web.tables import SortState, TableState
from banso.web.tradeoff import Mark
from banso.web.tradeoff import tradeoff as draw_tradeoff

register = template.Library()


@register.simple_tag
def day(value: date | None, style: formats.DayStyle = "full") -> str:
    """A day in a <time> element."""
    return timed(value, formats.day_text(value, style))


@register.simple_tag
def moment(value: datetime | None, style: formats.DayStyle = "full") -> str:
    """A day and the time of day in a <time> element."""
    return timed(value, formats.moment_text(value, style))


@register.simple_tag
def ago(value: date | None, today: date) -> str:
    """How far a day is from `today`, the exact day in its tooltip."""
    title = formats.day_text(value, "full")
    return timed(value, formats.ago_text(value, today), title)


def timed(value: date | None, text: str, title: str = "") -> str:
    if value is None:
        return text
    if title:
        return format_html('<time datetime="{}" title="{}">{}</time>', stamp(value), title, text)
    return format_html('<time datetime="{}">{}</time>', stamp(value), text)


def stamp(value: date) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat()


@register.simple_tag
def money(amount: Any, currency: str = "", compact: bool = False) -> str:
    """`amount` in minor units with its currency, or one value that has `minor` and `currency`."""
    if amount is not None and not currency:
        return formats.money_text(amount.minor, amount.currency, compact=compact)
    return formats.money_text(amount, currency, compact=compact)


@register.simple_tag
def number(value: float | None, digits: int | None = None) -> str:
    return formats.number_text(value, digits)


@register.simple_tag
def counted(count: int | None, more: bool = False) -> str:
    """A number of rows, "1,000+" where there are more than were counted; "" for none given."""
    return "" if count is None else formats.number_text(count, 0) + ("+" if more else "")


@register.simple_tag
def percent(value: float | None, digits: int = 0) -> str:
    """A share (0.5) as per cent (50%)."""
    return formats.percent_text(value, digits)


@register.simple_tag
def localized(value: object) -> str:
    """The text of a {ja, en} value in the reader's language, else in the other."""
    return text_of(value, formats.language())


@register.filter
def unlocalized(value: float) -> str:
    """A number as attributes want it: 0.5."""
    return repr(value)


@register.simple_tag
def icon(name: str) -> SafeString:
    return icons.icon(str(name))


@register.simple_tag(takes_context=True)
def theme(context: Mapping[str, Any]) -> str:
    """auto, light or dark, as the reader chose."""
    request = context.get("request")
    return chosen_theme(request) if request is not None else THEMES[0]


@register.simple_tag
def attributes(attrs: Attrs) -> SafeString:
    """The attributes a component was given beyond its own, escaped (cotton's own are not),
    each with a space before it."""
    given = attrs.attrs_dict() if isinstance(attrs, Attrs) else {}
    return format_html_join("", " {}{}", (attribute(*each) for each in given.items()))


def attribute(key: str, value: object) -> tuple[str, str]:
    return (key, "") if value is True else (key, format_html('="{}"', value))


@register.simple_tag
def sort_state(state: TableState, key: str) -> SortState:
    return state.sorting(key)


@register.simple_tag
def page_link(state: TableState, number: int, target: str = "") -> SafeString:
    """The attributes of a link to another page of the table, for a reader and for htmx."""
    href = state.to_page(number)
    if not target:
        return format_html('href="{}"', href)
    return format_html(
        'href="{0}" hx-get="{0}" hx-target="{1}" hx-select="{1}" hx-swap="outerHTML" '
        'hx-push-url="true"',
        href,
        target,
    )


@register.simple_tag
def bar(share: float | None, label: str, kind: str = "") -> SafeString:
    """How much of a whole, as a bar that says its number."""
    return charts.bar(share, label=label, kind=kind)


@register.simple_tag
def sparkline(values: Sequence[float | None], label: str = "", digits: int | None = None) -> str:
    return charts.sparkline(values, label=label, digits=digits)


@register.simple_tag
def gap_trend(
    points: Iterable[Point], label: str, target: float | None = None, high: float = 1.0
) -> SafeString:
    """A share over time as a line, with the same numbers as a table below."""
    return charts.trend(tuple(points), label=label, target=target, high=high, percent=True)


@register.simple_tag
def trend(points: Iterable[Point], label: str, target: float | None = None) -> SafeString:
    """A number over time as a line, with the same numbers as a table below."""
    return charts.trend(tuple(points), label=label, target=target)


@register.simple_tag
def terms_bar(
    parts: Iterable[Part], label: str, whole: float | None = None, percent: bool = False
) -> SafeString:
    return charts.terms_bar(tuple(parts), label=label, whole=whole, percent=percent)


@register.simple_tag
def distribution(
    values: Iterable[float], label: str, markers: Iterable[Marker] = (), bins: int = 20
) -> SafeString:
    return charts.distribution(tuple(values), label=label, markers=tuple(markers), bins=bins)


@register.simple_tag
def tradeoff(
    marks: Iterable[Mark], label: str, level: float | None = None, across: str = ""
) -> SafeString:
    """A choice between less and more, each with what it brings; a table beside it says the same."""
    return draw_tradeoff(tuple(marks), label=label, level=level, across=across)
