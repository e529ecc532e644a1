"""Tags for answers over time."""

from django import template
from django.utils.safestring import SafeString

from banso.explore.pages import Result, Series
from banso.web import formats
from banso.web.over_time import over_time, small_over_time

register = template.Library()


@register.simple_tag
def large_picture(result: Result) -> SafeString:
    """The whole over time."""
    return over_time(result.whole.steps, label=result.title, percent=result.percent)


@register.simple_tag
def small_picture(result: Result, part: Series) -> SafeString:
    """One part over time, on the scale of all parts."""
    low, high = result.ends
    return small_over_time(part.steps, label=part.name, low=low, high=high, percent=result.percent)


@register.simple_tag
def told(result: Result, value: float | None) -> str:
    """A value of the answer; "–" where nothing was measured."""
    if result.percent:
        return formats.percent_text(value, 1)
    return formats.number_text(value)
