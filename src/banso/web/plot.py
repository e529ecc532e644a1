"""The geometry of charts: scales, lines, axes and their labels."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from banso.web import svg

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 44, 16, 28
MARKER_STEP = 20

type Place = tuple[float, float | None]
type Written = Callable[[float], str]


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


def across(low: float, high: float) -> Scale:
    """Values from the left of the plot to its right."""
    return Scale(low, high, LEFT, WIDTH - RIGHT)


def upward(low: float, high: float, top: float = TOP) -> Scale:
    """Values from the bottom of the plot up to `top`."""
    return Scale(low, high, HEIGHT - BOTTOM, top)


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


def missing_trace(places: Sequence[Place]) -> Iterator[SafeString]:
    """A dotted trace along the axis where nothing was measured."""
    for missing, group in groupby(places, key=lambda place: place[1] is None):
        run = [x for x, _ in group]
        if missing:
            yield svg.line(run[0] - 3, HEIGHT - BOTTOM, run[-1] + 3, HEIGHT - BOTTOM, "missing")


def scale_lines(up: Scale, values: Iterable[float], written: Written) -> Iterator[SafeString]:
    for value in values:
        kind = "axis" if value == up.low else "guide"
        yield svg.line(LEFT, up(value), WIDTH - RIGHT, up(value), kind)
        yield svg.text(written(value), LEFT - 8, up(value) + 4, anchor="end")


def target_line(up: Scale, target: float | None, written: Written) -> Iterator[SafeString]:
    if target is None:
        return
    yield svg.line(LEFT, up(target), WIDTH - RIGHT, up(target), "target")
    words = gettext("Target %(value)s") % {"value": written(target)}
    yield svg.text(words, LEFT + 6, up(target) - 6, class_="halo")


def ends(first: str, last: str) -> Iterator[SafeString]:
    """What the two ends of the lower axis mean."""
    yield svg.text(first, LEFT, HEIGHT - 8)
    yield svg.text(last, WIDTH - RIGHT, HEIGHT - 8, anchor="end")


def last_value(place: Place, text: str) -> Iterator[SafeString]:
    """The newest measurement, written beside its dot."""
    x, y = place
    if y is not None:
        yield svg.dot(x, y, 3.5)
        yield svg.text(text, x + 8, y + 4, class_="value")


def columns(counts: Sequence[int], up: Scale) -> Iterator[SafeString]:
    step = (WIDTH - RIGHT - LEFT) / len(counts)
    for place, count in enumerate(counts):
        if count:
            height = HEIGHT - BOTTOM - up(count)
            yield svg.rect(LEFT + place * step, up(count), step - 1, height, "column")


def marker_lines(names: Sequence[tuple[str, float]], along: Scale) -> Iterator[SafeString]:
    """Each marker has its own kind of line, and its own height for its name."""
    for place, (name, value) in enumerate(names):
        x, y = along(value), TOP + MARKER_STEP * place
        yield svg.line(x, y + 4, x, HEIGHT - BOTTOM, f"marker {'abc'[place % 3]}")
        anchor, gap = ("end", -6) if x > WIDTH * 0.6 else ("start", 6)
        yield svg.text(name, x + gap, y + 12, anchor=anchor, class_="halo")
