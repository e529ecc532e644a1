"""A line of Today: whom it is of and why, its gap, its stake, what comes when, what may be done.

Drawn here and not by a template, as the cells of the customers' table are: twenty-five lines are
the greater part of the page's time. What only few lines have stands in desk/row.html.
"""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from banso.actions.models import Action
from banso.base.models import User
from banso.desk.rows import Row
from banso.desk.wording import days_left_text, in_touch_text, next_date_text
from banso.goals.wording import reason_text
from banso.web import charts, formats
from banso.web.icons import icon
from banso.web.templatetags.banso import day

NOTHING = SafeString("")


def who(row: Row, live: bool, touched: bool) -> SafeString:
    """The customer and the reason; `touched` takes the keyboard."""
    engagement = row.engagement
    segment = format_html(' <span class="segment">{}</span>', engagement.segment)
    return format_html(
        '<h3><a href="{}"{}>{}</a>{}{}</h3><p class="why">{}</p>',
        address("customer", row, live),
        SafeString(" autofocus") if touched else NOTHING,
        engagement.party.name,
        lock(row) if engagement.restricted else NOTHING,
        segment if engagement.segment else NOTHING,
        reason_text(row.standing.reason),
    )


def address(page: str, row: Row, live: bool) -> str:
    """One of the customer's pages, as of the day that is looked at."""
    return reverse(page, args=[row.engagement.uid]) + ("" if live else f"?as_of={row.as_of}")


def lock(row: Row) -> str:
    return render_to_string("engagements/_lock.html", {"engagement": row.engagement})


def facts(row: Row, user: User) -> SafeString:
    """Whose it is where not the reader's, and what is to be done next."""
    return SafeString("".join(told(row, user)))


def told(row: Row, user: User) -> Iterator[SafeString]:
    engagement = row.engagement
    if engagement.owner_id != user.pk:
        name = engagement.owner.name if engagement.owner else engagement.owner_name
        yield format_html("<span>{}{}</span>", icon("user-round"), name or _("No owner"))
    if row.step is not None:
        class_ = SafeString(' class="attention"' if row.late else "")
        drawn = icon("corner-down-right")
        yield format_html("<span{}>{}<span>{}</span></span>", class_, drawn, step(row.step, user))


def step(action: Action, user: User) -> SafeString:
    """What, when, and by whom if not by the reader."""
    by = NOTHING if action.owner_id == user.pk else f" · {action.owner.name}"
    return format_html("{} ({}{})", action.title, day(action.due_on, "short"), by)


def numbers(row: Row, currency: str, live: bool) -> SafeString:
    """The gap, the stake and the days, as the three columns of the line."""
    drawn = (measure(row), worth(row, currency, live), when(row))
    return SafeString("".join(drawn))


def measure(row: Row) -> SafeString:
    gap = row.standing.gap
    drawn = charts.bar(gap, label=_("Gap"))
    if gap is None:
        words = format_html("{}", _("not measured"))
    else:
        words = format_html('<span class="faint">{}</span> {}', _("Gap"), formats.percent_text(gap))
    return format_html('<div class="measure-of">{}<p>{}</p></div>', drawn, words)


def worth(row: Row, currency: str, live: bool) -> SafeString:
    return format_html(
        '<div class="worth">{}<p class="faint">{}</p></div>',
        stake(row, currency, live),
        annual_value(row, currency),
    )


def stake(row: Row, currency: str, live: bool) -> SafeString:
    """The stake, which leads to its terms."""
    if row.standing.stake is None:
        return format_html('<p class="faint">{}</p>', formats.NOTHING)
    return format_html(
        '<p class="strong"><a href="{}" title="{}">{}</a></p>',
        address("why", row, live),
        _("Why this number?"),
        formats.money_text(row.standing.stake, currency, compact=True),
    )


def annual_value(row: Row, currency: str) -> str:
    annual = row.standing.annual_minor
    if annual is None:
        return _("no value")
    return _("of %(worth)s") % {"worth": formats.money_text(annual, currency, compact=True)}


def when(row: Row) -> SafeString:
    quiet = row.silent and row.contact_days is not None
    return format_html(
        '<div class="when">{}<p class="faint">{}{}</p></div>',
        coming(row),
        in_touch_text(row.contact_days),
        format_html(' <span class="badge quiet">{}</span>', _("30 days silent"))
        if quiet
        else NOTHING,
    )


def coming(row: Row) -> SafeString:
    """The day that comes next, and in how many days."""
    if row.next_date is None:
        return NOTHING
    return format_html(
        '<p{}><span>{} {} <span class="nowrap">({})</span></span></p>',
        SafeString(' class="attention"' if row.next_date.pressing else ""),
        next_date_text(row.next_date.kind),
        day(row.next_date.on, "short"),
        days_left_text(row.next_date.days_left),
    )


def acts(row: Row) -> SafeString:
    """What opens a form below the line, each by its key; setting aside only what is not."""
    uid, asked = row.engagement.uid, f"?rank={row.rank}"
    contact, action = reverse("contact", args=[uid]) + asked, reverse("action", args=[uid]) + asked
    drawn = [contact_button(contact), small(action, "n", "list-plus", _("Add a next step"))]
    if row.aside is None:
        later, reasoned = reverse("set-aside", args=[uid]) + asked, "&kind=no_concern"
        drawn.append(small(later, "s", "moon", _("Later, until…")))
        drawn.append(small(later + reasoned, "x", "shield-check", _("Not a concern because…")))
    return SafeString("\n".join(drawn))


def contact_button(href: str) -> SafeString:
    return format_html(
        '<a class="button small" href="{0}" hx-get="{0}" data-key="c"'
        ' data-key-label="{1}">{2}{3}</a>',
        href,
        _("Record a contact"),
        icon("message-square-plus"),
        _("Contact"),
    )


def small(href: str, key: str, drawing: str, words: str) -> SafeString:
    """A button that shows only its icon and says its words."""
    return format_html(
        '<a class="button small quiet icon-only" href="{0}" hx-get="{0}" data-key="{1}"'
        ' aria-label="{2}" title="{2}">{3}</a>',
        href,
        key,
        words,
        icon(drawing),
    )
