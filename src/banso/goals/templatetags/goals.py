"""How values of metrics and reasons are written."""

from collections.abc import Mapping

from django import template

from banso.core.metrics import Definition
from banso.goals.wording import cause_text, reason_text
from banso.metrics.sentences import sentence
from banso.metrics.wording import value_text

register = template.Library()


@register.simple_tag
def measured(value: float | None, unit: str) -> str:
    """A value with its unit."""
    return value_text(value, unit)


@register.simple_tag
def definition_words(meaning: Definition) -> str:
    """What a metric counts, in one sentence."""
    return sentence(meaning)


@register.simple_tag
def reason(found: Mapping[str, object]) -> str:
    """The one sentence why a customer is where it is."""
    return reason_text(found)


@register.simple_tag
def cause(code: str) -> str:
    """Why a lost customer was not near the top."""
    return cause_text(code)
