"""What a definition, a unit and a value are called, in the reader's language."""

from django.utils.translation import gettext, ngettext, override, pgettext

from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Entered,
    Ratio,
    Seats,
    Simple,
    SumOf,
)
from banso.web import formats

UNITS = ("times", "people", "days", "percent", "yen", "points", "none")


def sentence(definition: Definition) -> str:
    """The definition in one sentence of the active language."""
    match definition:
        case Entered():
            return gettext("Typed in by hand: the latest value with its date and source.")
        case Ratio(numerator, denominator):
            parts = {"above": phrase(numerator), "below": phrase(denominator)}
            return gettext("%(above)s, divided by %(below)s.") % parts
        case _:
            return pgettext("a phrase becomes a sentence", "%s.") % capitalized(phrase(definition))


def both(definition: Definition) -> dict[str, str]:
    """The sentence in every language of the workspace."""
    found = {}
    for language in ("ja", "en"):
        with override(language):
            found[language] = capitalized(sentence(definition))
    return found


def phrase(part: Simple | Seats) -> str:
    """What one computed number is, without a full stop."""
    if isinstance(part, Seats):
        return gettext("the seats of the running contracts")
    if isinstance(part, DaysSince):
        words = {"what": last_of(part), "days": part.days}
        return (
            gettext("whole days since the last %(what)s (%(days)s means that many or more)") % words
        )
    said = {"what": happening(part), "when": window(part)}
    match part:
        case Count():
            return gettext("how often %(what)s happened in %(when)s") % said
        case DistinctPeople():
            return gettext("the number of different people with %(what)s in %(when)s") % said
        case ActiveDays():
            return gettext("the number of days with %(what)s in %(when)s") % said
        case SumOf(property=name):
            said["property"] = name
            return gettext("the sum of “%(property)s” of %(what)s in %(when)s") % said


def happening(part: Simple) -> str:
    """The event's name in quotes, or what any occurrence of the stream is called."""
    if part.event is not None:
        return gettext("“%(event)s”") % {"event": part.event}
    named = {
        "events": gettext("any event"),
        "contacts": gettext("a contact"),
        "contracts": gettext("a contract's start"),
    }
    return named[part.stream]


def last_of(part: DaysSince) -> str:
    """As `happening`, where "the last" stands before it."""
    if part.event is not None:
        return gettext("“%(event)s”") % {"event": part.event}
    named = {
        "events": pgettext("the last ...", "event"),
        "contacts": pgettext("the last ...", "contact"),
        "contracts": pgettext("the last ...", "contract's start"),
    }
    return named[part.stream]


def window(part: Count | DistinctPeople | ActiveDays | SumOf) -> str:
    """The window in days, and how far back it lies."""
    days = ngettext("the last day", "the last %(days)s days", part.days) % {"days": part.days}
    if not part.offset:
        return days
    words = {"window": days, "offset": part.offset}
    return (
        ngettext("%(window)s as of a day ago", "%(window)s as of %(offset)s days ago", part.offset)
        % words
    )


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


def value_text(value: float | None, unit: str) -> str:
    """The value with its unit: 12 times, 45%, ¥1,200; no value is "not measured"."""
    if value is None:
        return gettext("Not measured")
    if unit == "percent":
        return formats.percent_text(value, 1 if 0 < abs(value) < 0.1 else 0)
    number, count = formats.number_text(value), {"n": formats.number_text(value)}
    few = plural(value)
    said = {
        "times": ngettext("%(n)s time", "%(n)s times", few) % count,
        "people": ngettext("%(n)s person", "%(n)s people", few) % count,
        "days": ngettext("%(n)s day", "%(n)s days", few) % count,
        "points": ngettext("%(n)s point", "%(n)s points", few) % count,
        "yen": f"¥{number}",
        "none": number,
    }
    return said.get(unit, f"{number} {unit}")


def plural(value: float) -> int:
    """The count by which a language chooses its plural: only exactly one is one."""
    return 1 if value == 1 else 2


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
