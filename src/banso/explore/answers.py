"""Answers to a question, over the customers that a reader may read."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from banso.base.models import User
from banso.core.conditions import Condition
from banso.core.metrics import Aggregate, Entered, Formula, Stream
from banso.core.periods import Grain, Period
from banso.core.summary import summary
from banso.engagements.access import engagements
from banso.engagements.values import current_at, current_runs
from banso.engine.explore import SHOWN, Answer, over_time
from banso.engine.explore_rows import Measure, Question
from banso.engine.explore_values import Told, values_over_time
from banso.engine.history import is_fast
from banso.events import lake
from banso.explore.splits import PROPERTY, Parts, belongs
from banso.explore.subjects import Subject
from banso.metrics.models import Metric
from banso.metrics.rollups import rolled
from banso.metrics.streams import unconnected, usage_of
from banso.metrics.values import definitions, measured

MOST_VALUES = 400_000
type Values = dict[tuple[int, date], float]


class TooMany(Exception):
    """More customers times periods than a person waits for."""


@dataclass(frozen=True)
class Asked:
    """A question that can be answered; `periods` are the stretches it is told for."""

    subject: Subject
    measure: Any
    grain: Grain
    periods: Sequence[Period]
    property: str = ""
    at_least: float | None = None
    condition: Condition | None = None
    split: str = ""


def answer_of(asked: Asked, user: User) -> Answer:
    """The values by period. Raises TooMany."""
    ids = set(engagements(user).order_by().values_list("pk", flat=True))
    parts = belongs(asked.split, ids, asked.periods[-1].last, user) if asked.split else None
    if asked.subject.metric:
        return of_metric(asked, asked.subject.metric, ids, parts)
    return of_events(asked, ids, parts)


def of_events(asked: Asked, ids: Collection[int], parts: Parts | None) -> Answer:
    measure: Measure = asked.measure
    first, last = asked.periods[0].first, asked.periods[-1].last
    question = Question(
        measure=measure,
        grain=asked.grain,
        since=first,
        until=last,
        event=asked.subject.names or None,
        where=asked.condition,
        property=asked.property,
        stream=asked.subject.stream,
        by=asked.split.removeprefix(PROPERTY) if asked.split.startswith(PROPERTY) else None,
    )
    files = lake.files(first, last)
    return over_time(
        question,
        files,
        names_of(ids, asked.subject.stream),
        people=lake.same_people() if measure == "people" else (),
        belongs=parts,
        own=lake.own_source(),
        rolled=rolled(files),
    )


def names_of(ids: Collection[int], stream: Stream) -> Iterator[tuple[int, str, int]]:
    """How the sources of events, or our own acts, call these customers."""
    for row in lake.own_names(ids) if stream == "acts" else lake.accounts():
        if row.source is not None and row.account is not None and int(row.key) in ids:
            yield row.source, row.account, int(row.key)


def of_metric(asked: Asked, metric: Metric, ids: Collection[int], parts: Parts | None) -> Answer:
    """How the values lie at the end of each period, of the customers current then."""
    [meaning] = definitions([metric.key]).values()
    starts = {period.last: period.first for period in asked.periods}
    if not isinstance(meaning, Entered) and is_fast(meaning):
        found = of_usage(asked, meaning, ids, parts)
    else:
        found = one_by_one(asked, metric, ids, parts)
    return Answer(
        whole=renamed(found.whole, starts),
        parts={part: renamed(values, starts) for part, values in found.parts.items()},
        rest=renamed(found.rest, starts),
    )


def of_usage(asked: Asked, meaning: Formula, ids: Collection[int], parts: Parts | None) -> Answer:
    """By day, the engine telling many values as one."""
    days = [period.last for period in asked.periods]
    silent = unconnected("events", days)
    heard = [day for day in days if day not in silent]
    if not heard:
        return Answer()
    accounts, streams = usage_of(meaning, ids, heard)
    return values_over_time(
        meaning,
        heard,
        current_runs(ids, heard),
        accounts,
        streams,
        told=Told(asked.measure, asked.at_least or 0.0),
        belongs=parts,
    )


def renamed(values: Mapping[date, float], starts: Mapping[date, date]) -> dict[date, float]:
    return {starts[day]: value for day, value in values.items()}


def one_by_one(asked: Asked, metric: Metric, ids: Collection[int], parts: Parts | None) -> Answer:
    """By day, every value computed and then told with the others. Raises TooMany."""
    if len(ids) * len(asked.periods) > MOST_VALUES:
        raise TooMany
    known = values_at(metric, ids, [period.last for period in asked.periods])
    within: dict[int, set[str]] = defaultdict(set)
    for each, part in parts or ():
        within[each].add(part)
    top = largest(within, {each for each, _ in known}) if parts is not None else []

    def told(chosen: Mapping[tuple[int, date], float]) -> dict[date, float]:
        return by_day(chosen, asked.measure, asked.at_least or 0.0)

    rest = {pair: v for pair, v in known.items() if not within[pair[0]] & set(top)}
    return Answer(
        whole=told(known),
        parts={
            part: told({pair: v for pair, v in known.items() if part in within[pair[0]]})
            for part in top
        },
        rest=told(rest) if parts is not None else {},
    )


def values_at(metric: Metric, ids: Collection[int], days: Sequence[date]) -> Values:
    """The values of those who were current on each day and measured."""
    pairs = current_at((each, day) for day in days for each in ids)
    found = measured(definitions([metric.key]), pairs)
    return {pair: value for pair, told in found if (value := told[metric.key]) is not None}


def largest(within: Mapping[int, set[str]], ids: Collection[int]) -> list[str]:
    """The parts with most customers."""
    sizes = Counter(part for each in ids for part in within.get(each, ()))
    return sorted(sizes, key=lambda part: (-sizes[part], part))[:SHOWN]


def by_day(
    values: Mapping[tuple[int, date], float], aggregate: Aggregate, at_least: float
) -> dict[date, float]:
    """One value for each day that has any."""
    found: dict[date, list[float]] = defaultdict(list)
    for (_, day), value in values.items():
        found[day].append(value)
    told = {day: summary(each, aggregate, at_least) for day, each in found.items()}
    return {day: value for day, value in told.items() if value is not None}
