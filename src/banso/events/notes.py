"""What people write about events and properties, and which they hide."""

from collections.abc import Mapping

from django.db import transaction

from banso.base.activity import record
from banso.base.models import User
from banso.core.metrics import Stream
from banso.events.models import EventNote, PropertyNote


@transaction.atomic
def describe_event(
    *, stream: Stream, name: str, description: Mapping[str, str], by: User
) -> EventNote:
    """Write down what an event means."""
    note, _ = EventNote.objects.get_or_create(stream=stream, name=name)
    note.description, note.by = dict(description), by
    note.save(update_fields=["description", "by", "at"])
    record("event.described", actor=by, subject_id=note.pk)
    return note


@transaction.atomic
def hide_event(*, stream: Stream, name: str, hidden: bool, by: User) -> None:
    """Offer an event no more where events are chosen, or again; what uses it goes on."""
    note, _ = EventNote.objects.get_or_create(stream=stream, name=name)
    note.hidden, note.by = hidden, by
    note.save(update_fields=["hidden", "by", "at"])
    record("event.hidden" if hidden else "event.shown", actor=by, subject_id=note.pk)


@transaction.atomic
def describe_property(
    *,
    stream: Stream,
    event: str,
    name: str,
    description: Mapping[str, str],
    personal: bool | None,
    hidden: bool,
    by: User,
) -> None:
    """Write down what a property means, whether it is of a person, and whether it is offered."""
    note, _ = EventNote.objects.get_or_create(stream=stream, name=event)
    told = {"description": dict(description), "personal": personal, "hidden": hidden}
    PropertyNote.objects.update_or_create(event=note, name=name, defaults=told)
    record("event.described", actor=by, subject_id=note.pk, detail={"property": True})


def hidden_events(stream: Stream) -> set[str]:
    """The names that are offered no more."""
    found = EventNote.objects.filter(stream=stream, hidden=True)
    return set(found.values_list("name", flat=True))


def hidden_properties(stream: Stream) -> set[tuple[str, str]]:
    """(event, property) of those that are offered no more."""
    found = PropertyNote.objects.filter(event__stream=stream, hidden=True)
    return set(found.values_list("event__name", "name"))
