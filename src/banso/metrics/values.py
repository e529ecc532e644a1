"""What metrics say of engagements, as of any day, and what a value rests on.

Every value knows only what was known on its day: events, contacts and contracts up to it,
entered values recorded by its end. None is "not measured": a stream that nobody had connected
by then, an engagement the product does not know, a ratio without a divisor.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched
from pathlib import Path

from banso.core.definitions import load
from banso.core.evaluate import evaluate, relevant
from banso.core.metrics import Definition, Entered, Formula, Occurrence, Stream, stream_of
from banso.engagements.models import Engagement
from banso.engagements.values import seats_at
from banso.engine.history import measured_over
from banso.engine.sql import reach
from banso.events import lake
from banso.metrics.entered import entered_at, measurements
from banso.metrics.models import Measurement, Metric, MetricVersion
from banso.metrics.streams import At, gather, occurrences, parts_of, unconnected

CHUNK = 2_000
type Values = dict[str, float | None]


@dataclass(frozen=True)
class Explained:
    """A value with what it rests on: evaluating `definition` over `occurrences` gives
    `recomputed`, which equals `value`. Of an entered one, the measurement it was taken from."""

    definition: Definition
    value: float | None
    occurrences: list[Occurrence]
    recomputed: float | None
    seats: int | None = None
    measurement: Measurement | None = None


def definitions(keys: Collection[str] | None = None) -> dict[str, Definition]:
    """The meaning in force of each metric by key; without `keys`, of all that are in use."""
    metrics = Metric.objects.all()
    chosen = metrics.filter(retired_at=None) if keys is None else metrics.filter(key__in=keys)
    rows = MetricVersion.objects.filter(metric__in=chosen, proposed=False)
    rows = rows.order_by("metric_id", "number")
    return {key: load(stored) for key, stored in rows.values_list("metric__key", "definition")}


def snapshot(
    keys: Collection[str] | None, as_of: date, engagement_ids: Collection[int] | None = None
) -> dict[int, Values]:
    """The value of each metric for each engagement (None: for all) on `as_of`."""
    ids = everybody() if engagement_ids is None else engagement_ids
    found = at([(each, as_of) for each in ids], keys)
    return {each: values for (each, _), values in found.items()}


def at(pairs: Iterable[At], keys: Collection[str] | None) -> dict[At, Values]:
    """The value of each metric for any pairs of an engagement and a day."""
    return measure(definitions(keys), pairs)


def measure(meanings: Mapping[str, Definition], pairs: Iterable[At]) -> dict[At, Values]:
    """As `at`, for definitions that need not belong to a stored metric. An entered one is read
    from the measurements of the metric of its key."""
    return dict(measured(meanings, pairs))


def measured(
    meanings: Mapping[str, Definition], pairs: Iterable[At], files: Sequence[Path] | None = None
) -> Iterator[tuple[At, Values]]:
    """As `measure`, one pair after the other in order of engagements, so that not all need to be
    held at once. The streams are read once, of the lake these `files` where they are given;
    entered values with each chunk of pairs."""
    wanted = sorted(set(pairs))
    typed = [key for key, each in meanings.items() if isinstance(each, Entered)]
    formulas = {key: each for key, each in meanings.items() if not isinstance(each, Entered)}
    for chunk in batched(_computed(formulas, wanted, files), CHUNK):
        entered = entered_at(typed, [pair for pair, _ in chunk])
        for pair, values in chunk:
            known = values | entered[pair]
            yield pair, {key: known[key] for key in meanings}


def explain(engagement: Engagement, metric: Metric, as_of: date) -> Explained:
    """The metric's value for one engagement on `as_of`, with what it rests on."""
    [(_, meaning)] = definitions([metric.key]).items()
    pair = (engagement.pk, as_of)
    if isinstance(meaning, Entered):
        source = next(iter(measurements(metric, engagement, as_of)), None)
        value = None if source is None else source.value
        return Explained(meaning, value, [], value, measurement=source)
    files = parts_of(reach([meaning]), [as_of])  # the same for both: events come at any moment
    value = dict(measured({metric.key: meaning}, [pair], files))[pair][metric.key]
    if value is None:
        return Explained(meaning, None, [], None)
    zone, seats = lake.zone(), seats_at([pair])[pair]
    basis = relevant(meaning, occurrences(meaning, pair, files), as_of=as_of, zone=zone)
    again = evaluate(meaning, basis, as_of=as_of, zone=zone, seats=seats)
    return Explained(meaning, value, basis, again, seats)


def everybody() -> list[int]:
    """All engagements, in the order they came."""
    rows = Engagement.objects.filter(merged_into=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _computed(
    formulas: Mapping[str, Formula], pairs: Sequence[At], files: Sequence[Path] | None
) -> Iterator[tuple[At, Values]]:
    if not formulas or not pairs:
        yield from ((pair, dict.fromkeys(formulas)) for pair in pairs)
        return
    known = gather(reach(formulas.values()), pairs, files)
    streams = {key: stream_of(each) for key, each in formulas.items()}
    silent = {each: unconnected(each, {day for _, day in pairs}) for each in set(streams.values())}
    named = known.named
    for pair, values in measured_over(formulas, known.accounts, known.pairs, known.streams):
        absent = {each for each, days in silent.items() if pair.day in days}
        absent |= set() if pair.key in named else {"events"}
        yield (pair.key, pair.day), _only_measured(values, streams, absent)


def _only_measured(
    values: Values, streams: Mapping[str, Stream | None], absent: Collection[Stream | None]
) -> Values:
    if not absent:
        return values
    return {key: None if streams[key] in absent else value for key, value in values.items()}
