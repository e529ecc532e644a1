"""What the sources send: event names and their properties, as the loader meets them."""

from collections.abc import Sequence

from banso.engine.seen import MOST_PROPERTIES, MOST_VALUES, Gone, Seen
from banso.engine.seen import SeenProperty as Told
from banso.events.models import SeenEvent, SeenProperty

MOST_NAMES = 1_000
"""Of a source with more event names than this, the further ones are not listed."""


def note_seen(batch: Sequence[Seen]) -> None:
    """Add what a batch held to what is known; call it in the transaction that loads it."""
    for source in sorted({each.source for each in batch}):
        _note(source, [each for each in batch if each.source == source])


def forget_seen(gone: Sequence[Gone]) -> None:
    """Take out of what is known what people who are erased have told; what others tell as well
    comes back with them. Call it in the transaction that erases."""
    for each in gone:
        row = SeenEvent.objects.filter(source=each.source, name=each.event).first()
        if row is None:
            continue
        if row.rows <= each.rows:
            row.delete()
            continue
        row.rows -= each.rows
        row.save(update_fields=["rows"])
        for told in row.properties.filter(name__in={name for name, _ in each.texts}):
            told.values = [text for text in told.values if (told.name, text) not in each.texts]
            told.save(update_fields=["values"])


def _note(source: int, batch: Sequence[Seen]) -> None:
    known = {row.name: row for row in SeenEvent.objects.filter(source=source)}
    room = MOST_NAMES - len(known)
    fresh = [each for each in batch if each.event not in known][: max(room, 0)]
    made = SeenEvent.objects.bulk_create(
        SeenEvent(source_id=source, name=e.event, first_on=e.first, last_on=e.last) for e in fresh
    )
    known |= {row.name: row for row in made}
    listed = [(known[each.event], each) for each in batch if each.event in known]
    for row, each in listed:
        row.rows += each.rows
        row.first_on, row.last_on = min(row.first_on, each.first), max(row.last_on, each.last)
    SeenEvent.objects.bulk_update([row for row, _ in listed], ["rows", "first_on", "last_on"])
    _note_properties(listed)


def _note_properties(listed: Sequence[tuple[SeenEvent, Seen]]) -> None:
    known = _properties_of([event.pk for event, _ in listed])
    fresh: list[SeenProperty] = []
    changed: list[SeenProperty] = []
    for event, each in listed:
        mine = known[event.pk]
        for told in each.properties:
            row = mine.get(told.name)
            if row is not None:
                changed.append(row)
            elif len(mine) < MOST_PROPERTIES:
                row = mine[told.name] = SeenProperty(event=event, name=told.name)
                row.first_on, row.last_on = each.first, each.last
                fresh.append(row)
            if row is not None:
                _add(row, told, each)
    SeenProperty.objects.bulk_create(fresh)
    SeenProperty.objects.bulk_update(changed, ["kinds", "values", "first_on", "last_on"])


def _properties_of(events: Sequence[int]) -> dict[int, dict[str, SeenProperty]]:
    found: dict[int, dict[str, SeenProperty]] = {each: {} for each in events}
    for row in SeenProperty.objects.filter(event__in=events):
        found[row.event_id][row.name] = row
    return found


def _add(row: SeenProperty, told: Told, batch: Seen) -> None:
    row.kinds = sorted({*row.kinds, *told.kinds})
    row.values = list(dict.fromkeys([*row.values, *told.values]))[:MOST_VALUES]
    row.first_on, row.last_on = min(row.first_on, batch.first), max(row.last_on, batch.last)
