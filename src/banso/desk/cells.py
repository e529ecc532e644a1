"""The cells of the customers' table.

Drawn here and not by a template: fifty rows of eight cells are the greater part of the page's
time, and a function is several times cheaper than an included template.
"""

from collections.abc import Callable, Mapping

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from banso.desk.columns import Column
from banso.desk.pages.customers import CustomerLine, Customers
from banso.desk.wording import next_date_text, touch_text
from banso.metrics.wording import value_text
from banso.web import charts, formats
from banso.web.templatetags.banso import ago, day

type Draw = Callable[[CustomerLine, Customers], str]


def cells(line: CustomerLine, page: Customers) -> SafeString:
    """A line's cells after its name, in the columns that the page shows."""
    return SafeString("".join([cell(line, column, page) for column in page.columns]))


def cell(line: CustomerLine, column: Column, page: Customers) -> SafeString:
    """A cell of the table, with its column's name for narrow screens."""
    draw = FIELDS.get(column.key)
    inside = metric(line, column, page) if draw is None else draw(line, page)
    class_ = "num" if column.numeric else "" if column.key == "gap" else "nowrap"
    label, shown = conditional_escape(str(column.label)), conditional_escape(inside)
    return SafeString(f'<td class="{class_}" data-label="{label}">{shown}</td>')


def metric(line: CustomerLine, column: Column, page: Customers) -> str:
    value = page.values.get(line.engagement.pk, {}).get(column.key)
    return value_text(value, column.unit)


def segment(line: CustomerLine, page: Customers) -> str:
    return line.engagement.segment or formats.NOTHING


def owner(line: CustomerLine, page: Customers) -> str:
    engagement = line.engagement
    name = engagement.owner.name if engagement.owner else ""
    return name or engagement.owner_name or formats.NOTHING


def touch(line: CustomerLine, page: Customers) -> str:
    return touch_text(line.engagement.touch)


def health(line: CustomerLine, page: Customers) -> str:
    return formats.number_text(line.health, 0)


def gap(line: CustomerLine, page: Customers) -> str:
    if line.gap is None:
        return faint(_("not measured"))
    drawn, text = charts.bar(line.gap, label=_("Gap")), formats.percent_text(line.gap)
    return SafeString(f'<div class="bar-row">{drawn}<span class="num">{text}</span></div>')


def stake(line: CustomerLine, page: Customers) -> str:
    return formats.money_text(line.stake, page.currency, compact=True)


def value(line: CustomerLine, page: Customers) -> str:
    return formats.money_text(line.annual_minor, page.currency, compact=True)


def following(line: CustomerLine, page: Customers) -> str:
    if line.next_on is None:
        return formats.NOTHING
    class_ = SafeString(' class="attention"' if line.pressing else "")
    words, when = next_date_text(line.next_kind), day(line.next_on, "short")
    return format_html("<span{}>{} {}</span>", class_, words, when)


def contact(line: CustomerLine, page: Customers) -> str:
    if line.last_contact_on is None:
        return faint(_("never in touch"))
    return ago(line.last_contact_on, page.today)


def faint(words: str) -> SafeString:
    return format_html('<span class="faint">{}</span>', words)


FIELDS: Mapping[str, Draw] = {
    "segment": segment,
    "owner": owner,
    "touch": touch,
    "health": health,
    "gap": gap,
    "stake": stake,
    "value": value,
    "next": following,
    "contact": contact,
}
