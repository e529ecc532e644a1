"""Charts drawn on the server as SVG. Each says its numbers in words; the larger ones carry them
as a table too. Nothing is told by colour alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from banso.web import formats, plot, spoken, svg

SPARK_WIDTH, SPARK_HEIGHT = 96, 24


@dataclass(frozen=True)
class Point:
    """A value on a day; None where nothing was measured."""

    day: date
    value: float | None


@dataclass(frozen=True)
class Part:
    """One addend of a whole."""

    label: str
    value: float


@dataclass(frozen=True)
class Marker:
    """A value worth a line of its own in a distribution."""

    label: str
    value: float


def bar(share: float | None, *, label: str, kind: str = "") -> SafeString:
    """A share of a whole (0 to 1) as a bar; None is a dotted line, never an empty bar."""
    words = gettext("not measured") if share is None else formats.percent_text(share)
    spoken = f"{label}: {words}" if label else words
    class_ = f"bar {kind}".strip()
    return svg.element("svg", bar_shapes(share), class_=class_, role="img", aria_label=spoken)


UNKNOWN = svg.element("line", x1="0", x2="100%", y1="50%", y2="50%", class_="unknown")
TRACK = svg.element("rect", width="100%", height="100%", class_="track")


def bar_shapes(share: float | None) -> SafeString:
    if share is None:
        return UNKNOWN
    filled = f"{svg.brief(100 * min(max(share, 0.0), 1.0))}%"
    return TRACK + svg.element("rect", width=filled, height="100%", class_="fill")


def sparkline(
    values: Sequence[float | None], *, label: str = "", digits: int | None = None
) -> SafeString:
    """A word-sized line; what was not measured is a break in it."""
    known = [value for value in values if value is not None]
    along = plot.Scale(0, max(len(values) - 1, 1), 2, SPARK_WIDTH - 4)
    up = plot.Scale(min(known, default=0), max(known, default=0), SPARK_HEIGHT - 4, 4)
    places = [(along(i), None if v is None else up(v)) for i, v in enumerate(values)]
    shapes = list(plot.strokes(places))
    if places and places[-1][1] is not None:
        shapes.append(svg.dot(places[-1][0], places[-1][1], 2.25))
    words = spoken.series_words(values, lambda value: formats.number_text(value, digits))
    return svg.picture(
        shapes, width=SPARK_WIDTH, height=SPARK_HEIGHT, label=label, words=words, class_="spark"
    )


def trend(
    points: Sequence[Point],
    *,
    label: str,
    target: float | None = None,
    high: float | None = None,
    percent: bool = False,
) -> SafeString:
    """Values over days as a line from zero, its last value written beside it.

    Days without a measurement break the line and leave a dotted trace on the axis; `target`
    is a dashed line; `high` fixes the top of the scale; `percent` writes shares as per cent.
    """
    written = formats.percent_text if percent else formats.number_text
    words = spoken.series_words([point.value for point in points], written)
    if target is not None:
        words += " " + gettext("Target %(value)s.") % {"value": written(target)}
    shapes = trend_shapes(points, target, high, written)
    image = svg.picture(shapes, width=plot.WIDTH, height=plot.HEIGHT, label=label, words=words)
    missing = gettext("not measured")
    rows = [
        (
            formats.day_text(point.day, "numeric"),
            missing if point.value is None else written(point.value),
        )
        for point in points
    ]
    return figure(image, data_table(label, (gettext("Day"), gettext("Value")), rows))


def trend_shapes(
    points: Sequence[Point], target: float | None, high: float | None, written: plot.Written
) -> Iterator[SafeString]:
    known = [point.value for point in points if point.value is not None]
    low = min([0.0, *known])
    top = max([high or 0.0, target or 0.0, *known]) or 1.0
    up = plot.upward(low, top)
    days = [point.day.toordinal() for point in points]
    along = plot.across(min(days, default=0), max(days, default=1))
    places = [
        (along(day), None if point.value is None else up(point.value))
        for day, point in zip(days, points, strict=True)
    ]
    yield from plot.areas(places, floor=up(low))
    yield from plot.scale_lines(up, [low, top], written)
    yield from plot.target_line(up, target, written)
    yield from plot.missing_trace(places)
    yield from plot.strokes(places)
    if points:
        first, last = points[0], points[-1]
        yield from plot.ends(
            formats.day_text(first.day, "short"), formats.day_text(last.day, "short")
        )
        yield from plot.last_value(
            places[-1], formats.NOTHING if last.value is None else written(last.value)
        )


def terms_bar(
    parts: Sequence[Part], *, label: str, whole: float | None = None, percent: bool = False
) -> SafeString:
    """Addends side by side, numbered; their names and values stand in the list below.

    `whole` is the full width (default: the sum), so that what is left of it stays visible;
    `percent` writes shares as per cent.
    """
    written = partial(
        formats.percent_text if percent else formats.number_text, digits=1 if percent else 3
    )
    total = sum(part.value for part in parts)
    along = plot.Scale(0, max(whole or total, total) or 1, 0, plot.WIDTH)
    listed = [(part.label, written(part.value)) for part in parts]
    image = svg.picture(
        [svg.rect(0, 4, plot.WIDTH, 28, "track"), *segments(parts, along)],
        width=plot.WIDTH,
        height=36,
        label=label,
        words=spoken.parts_words(listed, written(total)),
    )
    return figure(image, legend(listed))


def segments(parts: Sequence[Part], along: plot.Scale) -> Iterator[SafeString]:
    """Each addend with its number, where there is room for it."""
    start = 0.0
    for place, part in enumerate(parts, start=1):
        left, right = along(start), along(start + part.value)
        yield svg.rect(left, 4, right - left, 28, f"part p{min(place, 5)}")
        if right - left > 26:
            shade = "on" if place <= 2 else "value"
            yield svg.text(str(place), (left + right) / 2, 23, class_=shade, anchor="middle")
        start += part.value


def distribution(
    values: Sequence[float], *, label: str, markers: Sequence[Marker] = (), bins: int = 20
) -> SafeString:
    """How often values occur, in equal steps, with named lines where asked."""
    edges = [*values, *(marker.value for marker in markers)]
    low, high = min(edges, default=0.0), max(edges, default=1.0)
    counts = histogram(values, low, high, bins)
    names = [(f"{each.label} {formats.number_text(each.value)}", each.value) for each in markers]
    up = plot.upward(0, max(counts) or 1, plot.TOP + plot.MARKER_STEP * len(markers))
    shapes = [
        *plot.columns(counts, up),
        *plot.scale_lines(up, [0, max(counts)], formats.number_text),
        *plot.ends(formats.number_text(low), formats.number_text(high)),
        *plot.marker_lines(names, plot.across(low, high)),
    ]
    words = spoken.spread_words(values, names)
    image = svg.picture(shapes, width=plot.WIDTH, height=plot.HEIGHT, label=label, words=words)
    head = (gettext("From–to"), gettext("How many"))
    return figure(image, data_table(label, head, steps(counts, low, high)))


def histogram(values: Iterable[float], low: float, high: float, bins: int) -> list[int]:
    """Counts per equal step from low to high; the last step includes its end."""
    counts = [0] * bins
    for value in values:
        share = (value - low) / (high - low) if high > low else 0.0
        counts[min(int(share * bins), bins - 1)] += 1
    return counts


def steps(counts: Sequence[int], low: float, high: float) -> Iterator[tuple[str, str]]:
    """The filled steps of a histogram as rows of a table."""
    width = (high - low) / len(counts)
    for place, count in enumerate(counts):
        if count:
            start, end = low + place * width, low + (place + 1) * width
            ends = f"{formats.number_text(start)}–{formats.number_text(end)}"
            yield ends, formats.number_text(count)


def data_table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> SafeString:
    """The numbers of a chart as a table behind a disclosure."""
    head = format_html_join("", '<th scope="col" class="num">{}</th>', ((h,) for h in header))
    cells = (
        (format_html_join("", '<td class="num">{}</td>', ((c,) for c in row)),) for row in rows
    )
    body = format_html_join("", "<tr>{}</tr>", cells)
    return format_html(
        '<details class="disclosure"><summary>{}</summary><div class="table-scroll">'
        '<table class="table dense"><caption class="visually-hidden">{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div></details>",
        gettext("Show the numbers"),
        caption,
        head,
        body,
    )


def data_cells(row: Iterable[str]) -> SafeString:
    return format_html_join("", '<td class="num">{}</td>', ((cell,) for cell in row))


def figure(image: SafeString, below: SafeString) -> SafeString:
    return format_html('<figure class="chart wide">{}{}</figure>', image, below)


def legend(listed: Iterable[tuple[str, str]]) -> SafeString:
    items = format_html_join(
        "",
        '<li><span class="key">{}</span><span>{}</span><span class="num">{}</span></li>',
        ((place, name, value) for place, (name, value) in enumerate(listed, start=1)),
    )
    return format_html('<ol class="legend">{}</ol>', items)
