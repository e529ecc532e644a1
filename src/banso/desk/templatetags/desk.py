"""Words for values that only the desk's sentences need."""

from django import template

register = template.Library()


@register.filter
def size(number: float | None) -> float | None:
    """A number without its sign."""
    return None if number is None else abs(number)
