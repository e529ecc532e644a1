"""What a unit and a value are called, in the reader's language."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext, ngettext, pgettext

from banso.web import formats

UNITS = ("times", "people", "days", "percent", "yen", "points", "none")


COUNTED: Mapping[str, Callable[[int], str]] = {
    "times": lambda few: ngettext("%(n)s time", "%(n)s times", few),
    "people": lambda few: ngettext("%(n)s person", "%(n)s people", few),
    "days": lambda few: ngettext("%(n)s day", "%(n)s days", few),
    "points": lambda few: ngettext("%(n)s point", "%(n)s points", few),
}


def unit_name(unit: str) -> str:
    """The unit's name in a list of choices; a workspace's own unit as it is."""
    named = {
        "times": pgettext("unit", "times"),
        "people": pgettext("unit", "people"),
        "days": pgettext("unit", "days"),
        "percent": pgettext("unit", "percent"),
        "yen": pgettext("unit", "yen"),
        "points": pgettext("unit", "points"),
        "none": pgettext("unit", "no unit"),
    }
    return named.get(unit, unit)


def group_name(group: str) -> str:
    """Of which kind of usage a suggested metric tells."""
    named = {
        "first": gettext("To begin with"),
        "logins": gettext("Signing in"),
        "creation": gettext("Creating"),
        "sharing": gettext("Sharing"),
        "errors": gettext("Errors"),
        "roles": gettext("Roles"),
    }
    return named[group]


def value_text(value: float | None, unit: str) -> str:
    """The value with its unit: 12 times, 45%, ¥1,200; no value is "not measured"."""
    if value is None:
        return gettext("Not measured")
    if unit == "percent":
        return formats.percent_text(value, 1 if 0 < abs(value) < 0.1 else 0)
    number = formats.number_text(value)
    if unit in COUNTED:
        return COUNTED[unit](plural(value)) % {"n": number}
    return {"yen": f"¥{number}", "none": number}.get(unit, f"{number} {unit}")


def plural(value: float) -> int:
    """The count by which a language chooses its plural: only exactly one is one."""
    return 1 if value == 1 else 2
