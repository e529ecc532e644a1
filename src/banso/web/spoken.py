"""Charts in words, for ears and for tooltips."""

from collections.abc import Callable, Sequence
from statistics import median

from django.utils.translation import gettext, ngettext

from banso.web import formats

type Written = Callable[[float], str]


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


def spread_words(values: Sequence[float], names: Sequence[tuple[str, float]]) -> str:
    """How many values, the ends and the middle, and the named ones."""
    if not values:
        return gettext("Nothing measured.")
    ordered = sorted(values)
    words = gettext("%(n)s values from %(low)s to %(high)s, the middle one %(middle)s.") % {
        "n": formats.number_text(len(ordered)),
        "low": formats.number_text(ordered[0]),
        "high": formats.number_text(ordered[-1]),
        "middle": formats.number_text(median(ordered)),
    }
    return " ".join([words, *(f"{name}." for name, _ in names)])


def parts_words(listed: Sequence[tuple[str, str]], total: str) -> str:
    """Addends and their sum."""
    return gettext("%(parts)s; together %(total)s.") % {
        "parts": ", ".join(f"{name} {value}" for name, value in listed),
        "total": total,
    }
