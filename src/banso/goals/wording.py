"""Reasons as plain sentences, in the reader's language."""

import html
from collections.abc import Mapping

from django.template.loader import render_to_string


def reason_text(reason: Mapping[str, object]) -> str:
    """The one sentence of a standing's reason, as plain text."""
    return said("goals/_reason.html", {"reason": reason})


def lookback_text(lost: int, caught: int, missed: int, part: float | None) -> str:
    """The look-back in two sentences, as plain text; `part` of the value lost was caught."""
    words = {"lost": lost, "caught": caught, "missed": missed, "part": part}
    return said("goals/_lookback_sentence.html", words)


def cause_text(cause: str) -> str:
    """Why a lost customer was not near the top."""
    return said("goals/_cause.html", {"cause": cause})


def said(template: str, context: Mapping[str, object]) -> str:
    return " ".join(html.unescape(render_to_string(template, dict(context))).split())
