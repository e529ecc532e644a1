"""What a definition may ask for, as the streams really hold it: events, properties, values."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext_lazy as _

from banso.actions.models import Contact
from banso.engine.discover import EventName, PropertyKind
from banso.metrics.acts import ACTS
from banso.metrics.fields import Choices, Field, Kind
from banso.metrics.sentences import event_name

ACTIONS = ("action_opened", "action_done", "action_dropped", "action_overdue")
CONTACT_ACTS = {"contact.recorded", "contact.corrected", "contact.withdrawn"}
NUMBERS: dict[str, tuple[str, ...]] = {
    "contacts": (),
    "contracts": ("annual", "monthly", "seats"),
    "actions": ("late_days",),
    "acts": (),
}
KINDS: dict[PropertyKind, Kind] = {"numeric": "number", "boolean": "boolean", "text": "text"}


def events_offered(stream: str, known: Sequence[EventName], kept: Collection[str]) -> Choices:
    """The events to choose among, the most frequent first; a chosen one that is not seen stays."""
    if stream == "actions":
        return [(name, event_name(name)) for name in ACTIONS]
    if stream == "acts":
        unworded = [name for name in kept if name not in ACTS]
        return [(name, event_name(name)) for name in [*ACTS, *unworded]]
    if stream != "events":
        return []
    names = [each.name for each in known]
    unseen = [name for name in kept if name not in names]
    return [*((name, name) for name in names), *((name, name) for name in unseen)]


def numbers_offered(
    stream: str, known: Sequence[EventName], chosen: Collection[str], kept: str
) -> list[str]:
    """The properties that can be added up, of the chosen events or of any."""
    if stream != "events":
        return list(NUMBERS.get(stream, ()))
    found = {
        name
        for each in among(known, chosen)
        for name, kind in each.properties.items()
        if kind == "numeric"
    }
    return [*sorted(found), *([kept] if kept and kept not in found else [])]


def fields_offered(stream: str, known: Sequence[EventName], chosen: Collection[str]) -> list[Field]:
    """What a condition may ask of the chosen events, or of any."""
    if stream == "contacts":
        return [Field("channel", _("Channel"), "choice", choices=channels)]
    if stream == "acts":
        return acts_fields(chosen)
    if stream != "events":
        return [Field(name, name, "number") for name in NUMBERS.get(stream, ())]
    kinds: dict[str, set[PropertyKind]] = {}
    values: dict[str, dict[str, None]] = {}
    for each in among(known, chosen):
        for name, kind in each.properties.items():
            kinds.setdefault(name, set()).add(kind)
        for name, texts in each.values.items():
            values.setdefault(name, {}).update(dict.fromkeys(texts))
    return [
        property_field(name, found, list(values.get(name, ())))
        for name, found in sorted(kinds.items())
    ]


def acts_fields(chosen: Collection[str]) -> list[Field]:
    """What a condition may ask of our own acts: of contacts, through which channel."""
    if chosen and set(chosen) <= CONTACT_ACTS:
        return [Field("channel", _("Channel"), "choice", choices=channels)]
    return []


def property_field(name: str, kinds: set[PropertyKind], values: Sequence[str]) -> Field:
    kind: Kind = KINDS[next(iter(kinds))] if len(kinds) == 1 else "text"
    return Field(name, name, kind, choices=lambda: [(value, value) for value in values])


def channels() -> Choices:
    return [(str(code), label) for code, label in CHANNELS.items()]


CHANNELS = {
    Contact.Channel.CALL: _("Call"),
    Contact.Channel.MAIL: _("Mail"),
    Contact.Channel.MEETING: _("Meeting"),
    Contact.Channel.VISIT: _("Visit"),
    Contact.Channel.CHAT: _("Chat"),
    Contact.Channel.OTHER: _("Other"),
}


def among(known: Sequence[EventName], chosen: Collection[str]) -> list[EventName]:
    return [each for each in known if not chosen or each.name in chosen]
