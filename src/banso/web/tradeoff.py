"""How much for how much: points with an interval, one of them chosen, against a dashed level."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from banso.web import formats, plot, svg


@dataclass(frozen=True)
class Mark:
    """One choice: `x` of one thing for the share `y` of another, known to lie in low..high."""

    label: str
    x: float
    y: float
    low: float
    high: float
    chosen: bool = False


def tradeoff(marks: Sequence[Mark], *, label: str, level: float | None, across: str) -> SafeString:
    """The marks joined in their order; `level` is a dashed line, `across` names the x axis. The
    page beside it carries the same numbers as a table."""
    words = "; ".join(
        f"{each.label}: {formats.number_text(each.x, 1)}, {formats.percent_text(each.y)}"
        for each in marks
    )
    return svg.picture(
        shapes(marks, level, across),
        width=plot.WIDTH,
        height=plot.HEIGHT,
        label=label,
        words=words,
        class_="tradeoff",
    )


def shapes(marks: Sequence[Mark], level: float | None, across: str) -> Iterator[SafeString]:
    along = plot.across(0, max((each.x for each in marks), default=1.0) * 1.1 or 1.0)
    up = plot.upward(0.0, 1.0)
    yield from plot.scale_lines(up, [0.0, 0.5, 1.0], formats.percent_text)
    if level is not None:
        yield svg.line(plot.LEFT, up(level), plot.WIDTH - plot.RIGHT, up(level), "target")
        words = gettext("By chance %(value)s") % {"value": formats.percent_text(level)}
        yield svg.text(words, plot.LEFT + 6, up(level) + 15, class_="halo")
    yield from plot.strokes([(along(each.x), up(each.y)) for each in marks])
    for each in marks:
        x = along(each.x)
        yield svg.line(x, up(each.low), x, up(each.high), "reach")
        yield svg.dot(x, up(each.y), 6.0 if each.chosen else 3.5)
        if each.chosen:
            yield svg.text(each.label, x + 9, up(each.y) - 8, class_="halo")
    yield svg.text("0", plot.LEFT, plot.HEIGHT - 8)
    yield svg.text(across, plot.WIDTH - plot.RIGHT, plot.HEIGHT - 8, anchor="end")
