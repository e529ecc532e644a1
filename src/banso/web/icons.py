"""Lucide icons as inline SVG. An icon never speaks: the text beside it does."""

from functools import cache

from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide


@cache
def icon(name: str) -> SafeString:
    """The icon called `name` at lucide.dev; its size follows the text.

    Raises lucide.IconDoesNotExist for an unknown name.
    """
    drawing = lucide(name, size=None, aria_hidden="true", focusable="false", **{"class": "icon"})
    return SafeString(drawing)
