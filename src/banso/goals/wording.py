"""Values and reasons as sentences, in the reader's language, for pages and the command line."""

import html
from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils.translation import ngettext

from banso.web.formats import NOTHING, number_text, percent_text


def value_text(value: float | None, unit: str) -> str:
    """A value with its unit: 12回, 3人, 45日, 50%, ¥1,200; what is not measured is a dash."""
    if value is None:
        return NOTHING
    if unit == "percent":
        return percent_text(value, 0 if abs(value) >= 0.1 or value == 0 else 1)
    number = number_text(value)
    if unit == "yen":
        return f"¥{number}"
    return counted(number, int(value) if value == 1 else 2, unit)


def counted(number: str, n: int, unit: str) -> str:
    """The number with a counting word; `n` is 1 only for exactly one."""
    words = {
        "times": ngettext("%(number)s time", "%(number)s times", n),
        "people": ngettext("%(number)s person", "%(number)s people", n),
        "days": ngettext("%(number)s day", "%(number)s days", n),
        "points": ngettext("%(number)s point", "%(number)s points", n),
        "none": "%(number)s",
        "": "%(number)s",
    }
    pattern = words.get(unit)
    return pattern % {"number": number} if pattern else f"{number} {unit}"


def reason_text(reason: Mapping[str, object]) -> str:
    """The one sentence of a standing's reason, as plain text."""
    return said("goals/_reason.html", {"reason": reason})


def lookback_text(answer: Mapping[str, object]) -> str:
    """The look-back in one or two sentences, as plain text."""
    return said("goals/_lookback_sentence.html", {"page": answer})


def said(template: str, context: Mapping[str, object]) -> str:
    return " ".join(html.unescape(render_to_string(template, dict(context))).split())
