"""Values by period as a line: one large picture, or several small ones on one scale."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from banso.web import formats, plot, spoken, svg

TICKS = 4
SMALL_WIDTH, SMALL_HEIGHT, SMALL_TOP = 200, 64, 8


@dataclass(frozen=True)
class Step:
    """A period and its value; None where nothing was measured. One that is not `whole` is not
    over, or cut off: its value is drawn as open."""

    name: str
    value: float | None
    whole: bool = True


def over_time(steps: Sequence[Step], *, label: str, percent: bool = False) -> SafeString:
    """Values by period from zero; the way to an open one is dashed, its dot hollow."""
    written = formats.percent_text if percent else formats.number_text
    ticks = ticks_of(*ends_of([steps]))
    image = svg.picture(
        shapes(steps, plot.upward(ticks[0], ticks[-1]), ticks, written),
        width=plot.WIDTH,
        height=plot.HEIGHT,
        label=label,
        words=words_of(steps, written),
    )
    return format_html('<figure class="chart wide">{}</figure>', image)


def small_over_time(
    steps: Sequence[Step], *, label: str, low: float, high: float, percent: bool = False
) -> SafeString:
    """The same without its axis, on a scale that others share."""
    written = formats.percent_text if percent else formats.number_text
    up = plot.Scale(low, high, SMALL_HEIGHT - 4, SMALL_TOP)
    along = plot.Scale(0, max(len(steps) - 1, 1), 4, SMALL_WIDTH - 6)
    places = places_of(steps, along, up)
    floor = up(low)
    drawn = [
        svg.line(0, floor, SMALL_WIDTH, floor, "axis"),
        *plot.areas(whole_of(steps, places), floor),
        *lines(steps, places),
    ]
    return svg.picture(
        drawn, width=SMALL_WIDTH, height=SMALL_HEIGHT, label=label, words=words_of(steps, written)
    )


def ends_of(several: Sequence[Sequence[Step]]) -> tuple[float, float]:
    """The lowest and highest value that one scale has to hold, zero among them."""
    known = [step.value for steps in several for step in steps if step.value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    return low, high if high > low else low + 1.0


def ticks_of(low: float, high: float) -> list[float]:
    """Round values from one at or below `low` to one at or above `high`, evenly apart."""
    rough = (high - low) / TICKS
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * each for each in (1, 2, 5, 10) if size * each >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(number * step, 12) for number in range(first, last + 1)]


def shapes(
    steps: Sequence[Step], up: plot.Scale, ticks: Sequence[float], written: plot.Written
) -> Iterator[SafeString]:
    places = places_of(steps, plot.across(0, max(len(steps) - 1, 1)), up)
    yield from plot.areas(whole_of(steps, places), floor=up(up.low))
    yield from plot.scale_lines(up, ticks, written)
    yield from plot.missing_trace(places)
    yield from lines(steps, places)
    if steps:
        yield from plot.ends(steps[0].name, steps[-1].name)
        if steps[-1].value is not None:
            x, y = places[-1][0], up(steps[-1].value)
            yield svg.text(written(steps[-1].value), x + 8, y + 4, class_="value")


def places_of(steps: Sequence[Step], along: plot.Scale, up: plot.Scale) -> list[plot.Place]:
    return [
        (along(number), None if step.value is None else up(step.value))
        for number, step in enumerate(steps)
    ]


def whole_of(steps: Sequence[Step], places: Sequence[plot.Place]) -> list[plot.Place]:
    """The places of whole periods; the others as if nothing was measured."""
    return [(x, y if step.whole else None) for step, (x, y) in zip(steps, places, strict=True)]


def lines(steps: Sequence[Step], places: Sequence[plot.Place]) -> Iterator[SafeString]:
    """The line through the whole periods, the dashed way to one that is open, and its dot."""
    yield from plot.strokes(whole_of(steps, places))
    for (before, a), (after, b) in pairwise(zip(steps, places, strict=True)):
        if a[1] is not None and b[1] is not None and not (before.whole and after.whole):
            yield svg.line(a[0], a[1], b[0], b[1], "line open")
    for step, (x, y) in zip(steps, places, strict=True):
        if y is not None and not step.whole:
            yield svg.element("circle", cx=x, cy=y, r=3.5, class_="dot open")
    if steps and steps[-1].whole and places[-1][1] is not None:
        yield svg.dot(places[-1][0], places[-1][1], 3.5)


def words_of(steps: Sequence[Step], written: plot.Written) -> str:
    """The whole periods in words, then the open one at the end."""
    words = spoken.series_words([step.value for step in steps if step.whole], written)
    if steps and not steps[-1].whole and steps[-1].value is not None:
        last = {"name": steps[-1].name, "value": written(steps[-1].value)}
        words += " " + gettext("%(name)s, not over: %(value)s.") % last
    return words
