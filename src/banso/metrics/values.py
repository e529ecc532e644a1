"""What metrics say of engagements, as of any day, and what a value rests on.

Every value knows only what was known on its day: events, contacts and contracts up to it,
entered values recorded by its end. None is "not measured": a stream that nobody had connected
by then, an engagement the product does not know, a ratio without a divisor.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db.models import Max

from banso.actions.models import Contact
from banso.actions.streams import contact_occurrences
from banso.base.workspace import day_end
from banso.core.definitions import load
from banso.core.evaluate import evaluate, relevant
from banso.core.metrics import Definition, Entered, Occurrence, Stream, stream_of
from banso.engagements.models import Contract, Engagement
from banso.engagements.values import contract_occurrences, seats_at
from banso.engine import measure as engine
from banso.engine.measure import AccountRow, Pair
from banso.engine.sql import reach
from banso.events import lake
from banso.metrics.entered import FEW, entered_at, measurements
from banso.metrics.models import Measurement, Metric, MetricVersion

type Values = dict[str, float | None]
type At = tuple[int, date]


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
    """The current meaning of each metric by key; without `keys`, of all that are in use."""
    metrics = Metric.objects.annotate(current=Max("versions__number"))
    chosen = metrics.filter(retired_at=None) if keys is None else metrics.filter(key__in=keys)
    rows = MetricVersion.objects.filter(metric__in=chosen).order_by("metric_id", "number")
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
    wanted = list(dict.fromkeys(pairs))
    typed = [key for key, each in meanings.items() if isinstance(each, Entered)]
    formulas = {key: each for key, each in meanings.items() if key not in typed}
    computed = _computed(formulas, wanted)
    entered = entered_at(typed, wanted)
    return {
        pair: {key: (entered if key in typed else computed)[pair][key] for key in meanings}
        for pair in wanted
    }


def explain(engagement: Engagement, metric: Metric, as_of: date) -> Explained:
    """The metric's value for one engagement on `as_of`, with what it rests on."""
    [(_, meaning)] = definitions([metric.key]).items()
    pair = (engagement.pk, as_of)
    if isinstance(meaning, Entered):
        source = next(iter(measurements(metric, engagement, as_of)), None)
        value = None if source is None else source.value
        return Explained(meaning, value, [], value, measurement=source)
    value = _computed({metric.key: meaning}, [pair])[pair][metric.key]
    if value is None:
        return Explained(meaning, None, [], None)
    zone, seats = lake.zone(), seats_at([pair])[pair]
    basis = relevant(meaning, _occurrences(meaning, pair), as_of=as_of, zone=zone)
    again = evaluate(meaning, basis, as_of=as_of, zone=zone, seats=seats)
    return Explained(meaning, value, basis, again, seats)


def everybody() -> list[int]:
    """All engagements, in the order they came."""
    rows = Engagement.objects.filter(merged_into=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _computed(formulas: Mapping[str, Definition], pairs: Sequence[At]) -> dict[At, Values]:
    if not formulas or not pairs:
        return {pair: dict.fromkeys(formulas) for pair in pairs}
    ids = {each for each, _ in pairs}
    last, back = max(day for _, day in pairs), reach(formulas.values())
    accounts = _accounts(ids)
    found = engine.measure_at(
        formulas,
        _files(back, pairs) if "events" in back else [],
        accounts,
        [Pair(*pair, count) for pair, count in seats_at(pairs).items()],
        zone=lake.zone(),
        contacts=_contacts(last, back, pairs, ids) if "contacts" in back else (),
        contracts=contract_occurrences(last) if "contracts" in back else (),
    )
    return _only_measured(formulas, found, {row.key for row in accounts if row.account})


def _only_measured(
    formulas: Mapping[str, Definition], found: Mapping[At, Values], named: Collection[int]
) -> dict[At, Values]:
    silent = {
        stream: _unconnected(stream, {day for _, day in found})
        for stream in {stream_of(each) for each in formulas.values()}
    }
    streams = {key: stream_of(each) for key, each in formulas.items()}
    return {
        (each, day): {
            key: None
            if day in silent[streams[key]] or (streams[key] == "events" and each not in named)
            else value
            for key, value in values.items()
        }
        for (each, day), values in found.items()
    }


def _unconnected(stream: Stream | None, days: Collection[date]) -> set[date]:
    """The days on which nothing of a stream was known yet."""
    connected: dict[Stream | None, Callable[[date], bool]] = {
        "events": lake.connected,
        "contacts": lambda day: Contact.objects.filter(occurred_at__lt=day_end(day)).exists(),
        "contracts": lambda day: Contract.objects.filter(start_on__lte=day).exists(),
    }
    ordered = sorted(days)
    low, high = 0, len(ordered)
    while low < high:  # once connected, every later day is
        middle = (low + high) // 2
        low, high = (low, middle) if connected[stream](ordered[middle]) else (middle + 1, high)
    return set(ordered[:low])


def _accounts(ids: Collection[int]) -> list[AccountRow[int]]:
    rows = lake.accounts(ids if len(ids) <= FEW else None)
    named = [AccountRow(int(row.key), row.source, row.account) for row in rows]
    rest = set(ids) - {row.key for row in named}
    return [*(row for row in named if row.key in ids), *map(AccountRow, sorted(rest))]


def _files(back: Mapping[Stream, int], pairs: Sequence[At]) -> list[Path]:
    days = [day for _, day in pairs]
    return lake.files(min(days) - timedelta(days=back["events"] - 1), max(days))


def _contacts(
    last: date, back: Mapping[Stream, int], pairs: Sequence[At], ids: Collection[int]
) -> list[tuple[int, Occurrence]]:
    first = min(day for _, day in pairs) - timedelta(days=back["contacts"] - 1)
    return contact_occurrences(last, first, ids if len(ids) <= FEW else None)


def _occurrences(meaning: Definition, pair: At) -> list[Occurrence]:
    each, day = pair
    [(stream, back)] = reach([meaning]).items()
    since = day - timedelta(days=back - 1)
    if stream == "contacts":
        return [found for _, found in contact_occurrences(day, since, [each])]
    if stream == "contracts":
        return [found for one, found in contract_occurrences(day, since) if one == each]
    names = [(row.source, row.account) for row in lake.accounts([each])]
    known = [(source, account) for source, account in names if source and account]
    return engine.occurrences(lake.files(since, day), known, since=since, until=day)
