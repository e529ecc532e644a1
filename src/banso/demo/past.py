"""Days of the past in turn, with the tables as a night of each would have left them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from banso.core.metrics import stream_of
from banso.goals.models import Standing
from banso.goals.past_days import Batch, batches
from banso.goals.proposals import levels
from banso.goals.refresh import COLUMNS, labels_of, row_of
from banso.goals.sections import sections
from banso.goals.standing import StandingValue
from banso.metrics.actions import bring_up, forget_ended, version_numbers
from banso.metrics.values import Values, definitions, measure


def past(days: Sequence[date]) -> Iterator[date]:
    """Each day in turn, while latest values and standings are those of that day.

    The lake is read once for many days. What rests on contacts is measured on the day itself, as
    some were written meanwhile. Moves of the gap are not kept: what alerts know of a customer's
    own past stays what the files tell.
    """
    known, numbers = levels(days[-1]), version_numbers()
    meanings = definitions(list(numbers))
    spoken = {key: each for key, each in meanings.items() if stream_of(each) == "contacts"}
    others = {key: each for key, each in meanings.items() if key not in spoken}
    for current in batches(days):
        batch = Batch(current, known)
        measured = measure(others, pairs_of(current))
        for day, ids in current.items():
            today = measure(spoken, pairs_of({day: ids}))
            for pair, values in today.items():
                values.update(measured[pair])
                batch.measured.setdefault(pair, {}).update(values)
            keep_values(today, numbers, day)
            keep_standings(batch.day(day).standings, day)
            yield day


def pairs_of(current: Mapping[date, Collection[int]]) -> list[tuple[int, date]]:
    return [(each, day) for day, ids in current.items() for each in sorted(ids)]


def keep_values(
    found: Mapping[tuple[int, date], Values], numbers: Mapping[str, tuple[int, int]], day: date
) -> None:
    forget_ended({each for each, _ in found}, None, None)
    bring_up(found, numbers, day)


def keep_standings(found: Mapping[int, StandingValue], day: date) -> None:
    """Standings as of the day; who was no customer then is not current."""
    shown, labels = sections(found.values(), day), labels_of(found)
    Standing.objects.bulk_create(
        [row_of(found[each], shown[each], labels[each]) for each in labels],
        update_conflicts=True,
        unique_fields=["engagement"],
        update_fields=COLUMNS,
    )
    gone = Standing.objects.filter(current=True).exclude(pk__in=list(found))
    gone.update(current=False, as_of=day)
