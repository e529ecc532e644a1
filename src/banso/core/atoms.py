"""Atoms: what a metric asks of a single row, whatever its day.

An atom names events and a condition, and what is kept of the rows that match: that there are
any, their weight, a sum. What is kept of two sets of rows makes what is kept of both, so rows may
be summed up by day, and windows, kinds of days and ratios asked for afterwards.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from banso.core import conditions
from banso.core.conditions import Condition
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    LastOf,
    MeanOf,
    PerPerson,
    Simple,
    Stream,
    SumOf,
    events_of,
    parts,
)

type Grain = Literal["account", "person"]
type Kind = Literal["happened", "count", "sum", "weight", "last"]


@dataclass(frozen=True)
class Atom:
    """What is kept of the rows of one account, or of one person, on one day.

    "happened": whether there are any; "count": their weight; "sum": of the number property `of`
    times the weight; "weight": that of the rows with such a number; "last": the latest moment
    with such a number, and the number, the largest of several.
    """

    grain: Grain
    kind: Kind
    events: tuple[str, ...] = ()
    where: Condition | None = None
    of: str | None = None

    @property
    def plain(self) -> bool:
        """Whether the mere existence of a row says it."""
        return self.kind == "happened" and not self.events and self.where is None

    @property
    def column(self) -> str:
        """Its name in a file: a digest of all it asks."""
        where = None if self.where is None else conditions.dump(self.where)
        asked = [self.grain, self.kind, self.events, where, self.of]
        text = json.dumps(asked, ensure_ascii=False, sort_keys=True)
        return f"a_{sha256(text.encode()).hexdigest()[:16]}"


def atom(metric: Simple, kind: Kind, grain: Grain) -> Atom:
    """That of a metric."""
    names = tuple(sorted(set(events_of(metric.event))))
    name = metric.property if isinstance(metric, SumOf | MeanOf | LastOf) else None
    return Atom(grain, kind, names, metric.where, None if kind in _OF_ROWS else name)


def atoms(definitions: Iterable[Definition], stream: Stream = "events") -> list[Atom]:
    """All that definitions ask of the rows of a stream, each once, in the order of columns;
    what needs no column is left out."""
    found = {each for definition in definitions for each in _atoms(definition, stream)}
    return sorted((each for each in found if not each.plain), key=lambda each: each.column)


def grain(definition: Definition, part: Simple) -> Grain:
    """Whether rows must be told apart by person to answer a part of a definition."""
    by_person = isinstance(definition, PerPerson) or isinstance(part, DistinctPeople)
    return "person" if by_person else "account"


def _atoms(definition: Definition, stream: Stream) -> Iterator[Atom]:
    for part in parts(definition):
        if part.stream == stream:
            yield from (atom(part, kind, grain(definition, part)) for kind in _kinds(part))


def _kinds(metric: Simple) -> tuple[Kind, ...]:
    match metric:
        case Count():
            return ("count",)
        case SumOf():
            return ("sum",)
        case MeanOf():
            return ("sum", "weight")
        case LastOf():
            return ("last",)
        case DistinctPeople() | ActiveDays() | DaysSince():
            return ("happened",)


_OF_ROWS: tuple[Kind, ...] = ("happened", "count")
