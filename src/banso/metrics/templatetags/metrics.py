"""Tags for numbers that have a unit."""

from collections.abc import Sequence

from django import template
from django.utils.safestring import SafeString

from banso.metrics import wording
from banso.web import spoken, svg
from banso.web.charts import Point, histogram
from banso.web.charts import trend as trend_chart

register = template.Library()
WIDTH, HEIGHT, BINS = 96, 24, 12


@register.simple_tag
def measured(value: float | None, unit: str) -> str:
    """The value with its unit, or "not measured"."""
    return wording.value_text(value, unit)


@register.simple_tag
def unit_name(unit: str) -> str:
    return wording.unit_name(unit)


@register.simple_tag
def offer_group(group: str) -> str:
    """The kind of usage that offered metrics tell of."""
    return wording.group_name(group)


@register.simple_tag
def small_spread(values: Sequence[float], label: str) -> SafeString:
    """How values lie, as a word-sized histogram that says its numbers."""
    counts = histogram(values, min(values, default=0.0), max(values, default=1.0), BINS)
    step, most = WIDTH / BINS, max(counts) or 1
    shapes = [
        svg.rect(place * step, HEIGHT - height, step - 1, height, "dot")
        for place, count in enumerate(counts)
        if (height := (HEIGHT - 2) * count / most)
    ]
    words = spoken.spread_words(values, ())
    return svg.picture(shapes, width=WIDTH, height=HEIGHT, label=label, words=words, class_="spark")


@register.simple_tag
def middle_trend(points: Sequence[Point], label: str, unit: str) -> SafeString:
    """The middle value over time; shares are written as per cent."""
    return trend_chart(points, label=label, percent=unit == "percent")
