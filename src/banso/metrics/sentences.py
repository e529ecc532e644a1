"""What a definition means, as one sentence in the reader's language."""

from django.utils.translation import gettext, ngettext, override, pgettext

from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Entered,
    LastOf,
    MeanOf,
    PerPerson,
    Ratio,
    Seats,
    Simple,
    SumOf,
    Trend,
    Windowed,
    events_of,
)
from banso.core.windows import DayKind, Period
from banso.metrics.acts import act_name
from banso.metrics.condition_words import told
from banso.web.formats import number_text


def sentence(definition: Definition) -> str:
    """The definition in one sentence of the active language."""
    match definition:
        case Entered():
            return gettext("Typed in by hand: the latest value with its date and source.")
        case _:
            return pgettext("a phrase becomes a sentence", "%s.") % capitalized(phrase(definition))


def both(definition: Definition) -> dict[str, str]:
    """The sentence in every language of the workspace."""
    found = {}
    for language in ("ja", "en"):
        with override(language):
            found[language] = capitalized(sentence(definition))
    return found


def phrase(definition: Definition) -> str:
    """What is computed, without a full stop."""
    match definition:
        case Ratio(numerator, denominator):
            return ratio(numerator, denominator)
        case Trend(of, change):
            said = {"what": simple(of)}
            if change == "ratio":
                return gettext("%(what)s, divided by the same of the window before") % said
            return gettext("%(what)s, minus the same of the window before") % said
        case PerPerson():
            return per_person(definition)
        case Entered():
            return gettext("typed in by hand")
        case _:
            return simple(definition)


def ratio(above: Simple, below: Simple | Seats) -> str:
    if not isinstance(below, Seats):
        said = {"above": simple(above), "below": simple(below)}
        return gettext("%(above)s, divided by %(below)s") % said
    if isinstance(above, DistinctPeople):
        said = {"what": happening(above), "when": window(above)}
        return gettext("the share of the contracted seats with %(what)s in %(when)s") % said
    return gettext("%(above)s, per contracted seat") % {"above": simple(above)}


def per_person(metric: PerPerson) -> str:
    seen = ngettext("the last day", "the last %(days)s days", metric.seen) % {"days": metric.seen}
    said = {
        "what": simple(metric.of),
        "seen": seen,
        "bound": number_text(metric.at_least) if metric.at_least is not None else "",
    }
    match metric.aggregate:
        case "mean":
            return gettext("the mean over the people seen in %(seen)s of %(what)s") % said
        case "median":
            return gettext("the middle over the people seen in %(seen)s of %(what)s") % said
        case "share":
            return (
                gettext(
                    "the share of the people seen in %(seen)s for whom it is at least"
                    " %(bound)s: %(what)s"
                )
                % said
            )


def simple(part: Simple) -> str:
    """What one counted number is."""
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
        case SumOf() | MeanOf() | LastOf():
            return of_property(part, said | {"property": part.property})


def of_property(part: SumOf | MeanOf | LastOf, said: dict[str, str]) -> str:
    match part:
        case SumOf():
            return gettext("the sum of “%(property)s” of %(what)s in %(when)s") % said
        case MeanOf():
            return gettext("the mean of “%(property)s” of %(what)s in %(when)s") % said
        case LastOf():
            return gettext("the last “%(property)s” of %(what)s in %(when)s") % said


def happening(part: Simple) -> str:
    """The events' names in quotes, or what any occurrence of the stream is called."""
    named = {
        "events": gettext("any event"),
        "contacts": gettext("a contact"),
        "contracts": gettext("a contract's start"),
        "actions": gettext("anything about an action"),
        "acts": gettext("anything done in Banso"),
    }
    return narrowed(part, events(part) or named[part.stream])


def last_of(part: DaysSince) -> str:
    """As `happening`, where "the last" stands before it."""
    named = {
        "events": pgettext("the last ...", "event"),
        "contacts": pgettext("the last ...", "contact"),
        "contracts": pgettext("the last ...", "contract's start"),
        "actions": pgettext("the last ...", "change of an action"),
        "acts": pgettext("the last ...", "thing done in Banso"),
    }
    return narrowed(part, events(part) or named[part.stream])


def events(part: Simple) -> str:
    named = event_name if part.stream in ("actions", "acts") else quoted_name
    quoted = [named(name) for name in events_of(part.event)]
    return gettext(" or ").join(quoted)


def event_name(name: str) -> str:
    """What the product's own occurrences are called; those of a file as they are, in quotes."""
    ours = {
        "action_opened": gettext("an action opened"),
        "action_done": gettext("an action done"),
        "action_dropped": gettext("an action dropped"),
        "action_overdue": gettext("an action overdue"),
    }
    return ours.get(name) or act_name(name) or quoted_name(name)


def quoted_name(name: str) -> str:
    return gettext("“%(event)s”") % {"event": name}


def narrowed(part: Simple, what: str) -> str:
    if part.where is None:
        return what
    return gettext("%(what)s (%(where)s)") % {"what": what, "where": told(part.where)}


def window(part: Windowed) -> str:
    """The window, how far back it lies, and which of its days count."""
    when = stretch(part.window)
    if part.offset:
        words = {"window": when, "offset": part.offset}
        when = (
            ngettext(
                "%(window)s as of a day ago", "%(window)s as of %(offset)s days ago", part.offset
            )
            % words
        )
    return on_days(when, part.on)


def stretch(length: int | Period) -> str:
    if isinstance(length, int):
        return ngettext("the last day", "the last %(days)s days", length) % {"days": length}
    named: dict[Period, str] = {
        "month_to_date": gettext("this month up to the day"),
        "quarter_to_date": gettext("this quarter up to the day"),
        "last_week": gettext("the last full week"),
        "last_month": gettext("the last full month"),
        "last_quarter": gettext("the last full quarter"),
    }
    return named[length]


def on_days(when: str, on: DayKind) -> str:
    if on == "weekdays":
        return gettext("%(when)s (Monday to Friday)") % {"when": when}
    if on == "business_days":
        return gettext("%(when)s (working days in Japan)") % {"when": when}
    return when


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
