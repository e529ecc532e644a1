"""Charts drawn on the server as SVG. Each says its numbers in words; the larger ones carry them
as a table too. Nothing is told by colour alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from banso.web import formats, svg

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 44, 16, 28
SPARK_WIDTH, SPARK_HEIGHT = 96, 24
MARKER_STEP = 20

type Place = tuple[float, float | None]
type Written = Callable[[float], str]


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


@dataclass(frozen=True)
class Scale:
    """Maps values low..high to pixels start..end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low
        share = (value - self.low) / span if span else 0.5
        return self.start + share * (self.end - self.start)


def bar(share: float | None, *, label: str, kind: str = "") -> SafeString:
    """A share of a whole (0 to 1) as a bar; None is a dotted line, never an empty bar."""
    words = gettext("not measured") if share is None else formats.percent_text(share)
    if share is None:
        shapes = [svg.element("line", x1="0", x2="100%", y1="50%", y2="50%", class_="unknown")]
    else:
        filled = f"{svg.brief(100 * min(max(share, 0.0), 1.0))}%"
        shapes = [
            svg.element("rect", width="100%", height="100%", class_="track"),
            svg.element("rect", width=filled, height="100%", class_="fill"),
        ]
    spoken = f"{label}: {words}" if label else words
    return svg.element("svg", *shapes, class_=f"bar {kind}".strip(), role="img", aria_label=spoken)


def sparkline(
    values: Sequence[float | None], *, label: str = "", digits: int | None = None
) -> SafeString:
    """A word-sized line; what was not measured is a break in it."""
    known = [value for value in values if value is not None]
    across = Scale(0, max(len(values) - 1, 1), 2, SPARK_WIDTH - 4)
    down = Scale(min(known, default=0), max(known, default=0), SPARK_HEIGHT - 4, 4)
    places = [(across(i), None if v is None else down(v)) for i, v in enumerate(values)]
    shapes = list(strokes(places))
    if places and places[-1][1] is not None:
        shapes.append(svg.dot(places[-1][0], places[-1][1], 2.25))
    words = series_words(values, lambda value: formats.number_text(value, digits))
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
    is a dashed line; `high` fixes the top of the scale.
    """

    def written(value: float) -> str:
        return formats.percent_text(value) if percent else formats.number_text(value)

    known = [point.value for point in points if point.value is not None]
    low = min([0.0, *known])
    top = max([high or 0.0, target or 0.0, *known]) or 1.0
    down = Scale(low, top, HEIGHT - BOTTOM, TOP)
    first = points[0].day.toordinal() if points else 0
    last = points[-1].day.toordinal() if points else 1
    across = Scale(first, last, LEFT, WIDTH - RIGHT)
    places = [
        (across(point.day.toordinal()), None if point.value is None else down(point.value))
        for point in points
    ]
    shapes = [
        *areas(places, floor=down(low)),
        *scale_lines(down, [low, top], written),
        *target_line(down, target, written),
        *missing_trace(places),
        *strokes(places),
        *day_labels(points),
        *last_value(points, places, written),
    ]
    words = series_words([point.value for point in points], written)
    if target is not None:
        words += " " + gettext("Target %(value)s.") % {"value": written(target)}
    image = svg.picture(shapes, width=WIDTH, height=HEIGHT, label=label, words=words)
    rows = [
        (formats.day_text(p.day, "numeric"), written_or_missing(p.value, written)) for p in points
    ]
    return figure(image, data_table(label, (gettext("Day"), gettext("Value")), rows))


def terms_bar(
    parts: Sequence[Part], *, label: str, whole: float | None = None, digits: int = 3
) -> SafeString:
    """Addends side by side, numbered; their names and values stand in the list below.

    `whole` is the full width (default: the sum), so that what is left of it stays visible.
    """
    total = sum(part.value for part in parts)
    across = Scale(0, max(whole or total, total) or 1, 0, WIDTH)
    shapes, start = [svg.rect(0, 4, WIDTH, 28, "track")], 0.0
    for place, part in enumerate(parts, start=1):
        left, right = across(start), across(start + part.value)
        shapes.append(svg.rect(left, 4, right - left, 28, f"part p{min(place, 5)}"))
        if right - left > 26:
            shade = "on" if place <= 2 else "value"
            shapes.append(
                svg.text(str(place), (left + right) / 2, 23, class_=shade, anchor="middle")
            )
        start += part.value
    listed = [(part.label, formats.number_text(part.value, digits)) for part in parts]
    words = gettext("%(parts)s; together %(total)s.") % {
        "parts": ", ".join(f"{name} {value}" for name, value in listed),
        "total": formats.number_text(total, digits),
    }
    image = svg.picture(shapes, width=WIDTH, height=36, label=label, words=words)
    return figure(image, legend(listed))


def distribution(
    values: Sequence[float], *, label: str, markers: Sequence[Marker] = (), bins: int = 20
) -> SafeString:
    """How often values occur, in equal steps, with named lines where asked."""
    edges = [*values, *(marker.value for marker in markers)]
    low, high = min(edges, default=0.0), max(edges, default=1.0)
    counts = histogram(values, low, high, bins)
    top = max(counts, default=0)
    across = Scale(low, high, LEFT, WIDTH - RIGHT)
    down = Scale(0, top or 1, HEIGHT - BOTTOM, TOP + MARKER_STEP * len(markers))
    step = (WIDTH - RIGHT - LEFT) / bins
    shapes = [
        svg.rect(LEFT + i * step, down(n), step - 1, HEIGHT - BOTTOM - down(n), "column")
        for i, n in enumerate(counts)
        if n
    ]
    shapes += [
        *scale_lines(down, [0, top], formats.number_text),
        svg.text(formats.number_text(low), LEFT, HEIGHT - 8),
        svg.text(formats.number_text(high), WIDTH - RIGHT, HEIGHT - 8, anchor="end"),
        *marker_lines(markers, across),
    ]
    image = svg.picture(
        shapes, width=WIDTH, height=HEIGHT, label=label, words=spread_words(values, markers)
    )
    width = (high - low) / bins
    rows = [
        (
            f"{formats.number_text(low + i * width)}–{formats.number_text(low + (i + 1) * width)}",
            formats.number_text(n),
        )
        for i, n in enumerate(counts)
        if n
    ]
    return figure(image, data_table(label, (gettext("From–to"), gettext("How many")), rows))


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


def runs(places: Sequence[Place]) -> Iterator[list[tuple[float, float]]]:
    """The measured places, split where something is missing."""
    for measured, group in groupby(places, key=lambda place: place[1] is not None):
        if measured:
            yield [(x, y) for x, y in group if y is not None]


def through(run: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{svg.brief(x)},{svg.brief(y)}" for x, y in run)


def strokes(places: Sequence[Place]) -> Iterator[SafeString]:
    """One path per unbroken run; a lone point is a dot."""
    for run in runs(places):
        if len(run) == 1:
            yield svg.dot(*run[0])
        else:
            yield svg.element("path", d=f"M{through(run)}", class_="line")


def areas(places: Sequence[Place], floor: float) -> Iterator[SafeString]:
    """The surface between each unbroken run and the floor."""
    for run in runs(places):
        corners = [(run[0][0], floor), *run, (run[-1][0], floor)]
        yield svg.element("path", d=f"M{through(corners)}Z", class_="area")


def missing_trace(places: Sequence[Place]) -> Iterable[SafeString]:
    """A dotted trace along the axis where nothing was measured."""
    for missing, group in groupby(places, key=lambda place: place[1] is None):
        run = [x for x, _ in group]
        if missing:
            yield svg.line(run[0] - 3, HEIGHT - BOTTOM, run[-1] + 3, HEIGHT - BOTTOM, "missing")


def scale_lines(down: Scale, values: Iterable[float], written: Written) -> Iterable[SafeString]:
    for value in values:
        kind = "axis" if value == down.low else "guide"
        yield svg.line(LEFT, down(value), WIDTH - RIGHT, down(value), kind)
        yield svg.text(written(value), LEFT - 8, down(value) + 4, anchor="end")


def target_line(down: Scale, target: float | None, written: Written) -> Iterable[SafeString]:
    if target is None:
        return
    yield svg.line(LEFT, down(target), WIDTH - RIGHT, down(target), "target")
    words = gettext("Target %(value)s") % {"value": written(target)}
    yield svg.text(words, LEFT + 6, down(target) - 6, class_="halo")


def day_labels(points: Sequence[Point]) -> Iterable[SafeString]:
    if points:
        yield svg.text(formats.day_text(points[0].day, "short"), LEFT, HEIGHT - 8)
        ending = formats.day_text(points[-1].day, "short")
        yield svg.text(ending, WIDTH - RIGHT, HEIGHT - 8, anchor="end")


def last_value(
    points: Sequence[Point], places: Sequence[Place], written: Written
) -> Iterable[SafeString]:
    if not points or points[-1].value is None:
        return
    x, y = places[-1]
    if y is not None:
        yield svg.dot(x, y, 3.5)
        yield svg.text(written(points[-1].value), x + 8, y + 4, class_="value")


def marker_lines(markers: Sequence[Marker], across: Scale) -> Iterable[SafeString]:
    """Each marker has its own kind of line, and its own height for its name."""
    for place, marker in enumerate(markers):
        x, y = across(marker.value), TOP + MARKER_STEP * place
        yield svg.line(x, y + 4, x, HEIGHT - BOTTOM, f"marker {'abc'[place % 3]}")
        anchor = "end" if x > WIDTH * 0.6 else "start"
        name = f"{marker.label} {formats.number_text(marker.value)}"
        yield svg.text(name, x + (-6 if anchor == "end" else 6), y + 12, anchor=anchor, class_="halo")


def histogram(values: Iterable[float], low: float, high: float, bins: int) -> list[int]:
    """Counts per equal step from low to high; the last step includes its end."""
    counts = [0] * bins
    for value in values:
        share = (value - low) / (high - low) if high > low else 0.0
        counts[min(int(share * bins), bins - 1)] += 1
    return counts


def series_words(values: Sequence[float | None], written: Written) -> str:
    """First and last, lowest and highest, and how many were not measured."""
    known = [value for value in values if value is not None]
    if not known:
        return gettext("Nothing measured.")
    words = gettext("From %(first)s to %(last)s; lowest %(low)s, highest %(high)s.") % {
        "first": written(known[0]),
        "last": written(known[-1]),
        "low": written(min(known)),
        "high": written(max(known)),
    }
    missing = len(values) - len(known)
    if missing:
        note = ngettext(
            "%(missing)s of %(n)s not measured.", "%(missing)s of %(n)s not measured.", len(values)
        )
        words += " " + note % {"missing": missing, "n": len(values)}
    return words


def spread_words(values: Sequence[float], markers: Sequence[Marker]) -> str:
    if not values:
        return gettext("Nothing measured.")
    ordered = sorted(values)
    words = gettext("%(n)s values from %(low)s to %(high)s, the middle one %(middle)s.") % {
        "n": formats.number_text(len(ordered)),
        "low": formats.number_text(ordered[0]),
        "high": formats.number_text(ordered[-1]),
        "middle": formats.number_text(ordered[len(ordered) // 2]),
    }
    return " ".join([words, *(f"{m.label} {formats.number_text(m.value)}." for m in markers)])


def written_or_missing(value: float | None, written: Written) -> str:
    return gettext("not measured") if value is None else written(value)
