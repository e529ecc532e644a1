"""SVG elements as escaped strings. Colours come from classes, never from attributes."""

from collections.abc import Iterable
from functools import cache

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

type Attribute = str | float


def element(name: str, *children: str, **attributes: Attribute) -> SafeString:
    """`_` in names becomes `-`; `class_` is class. Children that are not safe are escaped."""
    given = "".join([f' {written(key)}="{value(each)}"' for key, each in attributes.items()])
    inside = "".join([conditional_escape(child) for child in children])
    return SafeString(f"<{name}{given}>{inside}</{name}>")


@cache
def written(name: str) -> str:
    return "viewBox" if name == "viewbox" else name.rstrip("_").replace("_", "-")


def value(given: Attribute) -> str:
    return escape(given) if isinstance(given, str) else brief(given)


def brief(value: float) -> str:
    """At most two decimals: enough for any screen."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def picture(
    shapes: Iterable[str], *, width: int, height: int, label: str, words: str, class_: str = ""
) -> SafeString:
    """An image whose name is its label and its numbers in words."""
    spoken = f"{label}: {words}" if label else words
    return element(
        "svg",
        element("title", label or words),
        element("desc", words),
        *shapes,
        viewbox=f"0 0 {width} {height}",
        role="img",
        aria_label=spoken,
        **({"class_": class_} if class_ else {}),
    )


def text(
    content: str, x: float, y: float, *, class_: str = "", anchor: str = "start"
) -> SafeString:
    """A text whose baseline starts (or is anchored) at x, y."""
    return element("text", content, x=x, y=y, class_=class_ or "label", text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> SafeString:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def rect(x: float, y: float, width: float, height: float, class_: str) -> SafeString:
    return element("rect", x=x, y=y, width=width, height=height, class_=class_)


def dot(x: float, y: float, radius: float = 3.0) -> SafeString:
    return element("circle", cx=x, cy=y, r=radius, class_="dot")
