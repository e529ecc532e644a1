"""Reasons as plain sentences, in the reader's language."""

import html
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from banso.base.fields import localized
from banso.metrics.wording import value_text
from banso.web.formats import day_text, language


def reason_text(reason: Mapping[str, Any]) -> str:
    """The one sentence of a standing's reason (goals/reasons.py), as plain text."""
    match reason.get("code"):
        case "largest_term":
            return largest_term_text(reason)
        case "no_contact":
            return no_contact_text(reason)
        case "all_met":
            return _("All %(n)s measured targets are met.") % {"n": reason["measured"]}
        case "open_renewal":
            on = day_text(date.fromisoformat(reason["on"]), "medium")
            return _("The contract ended on %(on)s and its renewal is still open.") % {"on": on}
    if not reason.get("total"):
        return _("No target is set here yet, so there is no gap to show.")
    return _("%(n)s of %(total)s targets are measured: too few for a number.") % {
        "n": reason["measured"],
        "total": reason["total"],
    }


def largest_term_text(reason: Mapping[str, Any]) -> str:
    said = {
        "name": localized(reason["name"], language()),
        "value": value_text(reason["value"], reason["unit"]),
        "target": value_text(reason["target"], reason["unit"]),
    }
    if reason["higher"]:
        return _("%(name)s: %(value)s, and the target is %(target)s or more.") % said
    return _("%(name)s: %(value)s, and the target is %(target)s or less.") % said


def no_contact_text(reason: Mapping[str, Any]) -> str:
    target = value_text(reason["target"], reason["unit"])
    if reason["value"] is None:
        return _("No contact on record yet; the target is one within %(target)s.") % {
            "target": target
        }
    return _("No contact for %(silence)s; the target is within %(target)s.") % {
        "silence": value_text(reason["value"], reason["unit"]),
        "target": target,
    }


def lookback_text(lost: int, caught: int, missed: int, part: float | None) -> str:
    """The look-back in two sentences, as plain text; `part` of the value lost was caught."""
    words = {"lost": lost, "caught": caught, "missed": missed, "part": part}
    return said("goals/_lookback_sentence.html", words)


def cause_text(cause: str) -> str:
    """Why a lost customer was not near the top."""
    return said("goals/_cause.html", {"cause": cause})


def said(template: str, context: Mapping[str, object]) -> str:
    return " ".join(html.unescape(render_to_string(template, dict(context))).split())
