"""Words for values that only the desk's sentences need."""

from datetime import date

from django import template

from banso.base.workspace import workspace

register = template.Library()


@register.filter
def size(number: float | None) -> float | None:
    """A number without its sign."""
    return None if number is None else abs(number)


@register.filter
def days_from(day: date | None, today: date) -> int | None:
    """Days from today to a day, negative when it has passed."""
    return None if day is None else (day - today).days


@register.simple_tag
def currency() -> str:
    """The workspace's currency."""
    return workspace().currency
