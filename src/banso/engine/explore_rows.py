"""What a question about events over time reads: of each part its rollups where these say what is
asked, else its events."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from banso.core.atoms import Atom, Kind
from banso.core.conditions import Condition
from banso.core.metrics import Events, Stream, events_of
from banso.core.periods import Grain
from banso.engine import sql_where
from banso.engine.connect import literal, parquet
from banso.engine.rollup import Rolled, events

type Measure = Literal["count", "people", "customers", "sum", "mean"]

_WHO = "source, account, person, day"
_NO_NUMBER = "cast(null as double) as total, cast(null as bigint) as weight"


@dataclass(frozen=True)
class Question:
    """What is asked of the events from `since` to `until`, local days, both included.

    `property` is what "sum" and "mean" are of, weighted by `count` as metrics are. `by` is the
    property whose values split the answer.
    """

    measure: Measure
    grain: Grain
    since: date
    until: date
    event: Events = None
    where: Condition | None = None
    property: str = ""
    by: str | None = None
    stream: Stream = "events"


def is_numeric(question: Question) -> bool:
    """Whether a property's numbers are asked for."""
    return question.measure in ("sum", "mean")


def asked_rows(question: Question, parts: Sequence[Path], rolled: Mapping[Path, Rolled]) -> str:
    """The relation (source, account, person, day, part, n, total, weight) of what is asked for,
    on any day: `n` is how often, `total` and `weight` what its numbers sum up to. Rows of
    rollups may lack the person where nobody asks for people."""
    known = {part: rolled[part] for part in parts if _says(question, rolled.get(part))}
    told = list(_from_rollups(question, list(known.values()))) if known else []
    raw = [part for part in parts if part not in known]
    told += [_from_events(question, raw)] if raw or not told else []
    return f"({' union all '.join(told)})"


def _says(question: Question, rolled: Rolled | None) -> bool:
    """Whether the rollups of a part say all that a question asks of it."""
    if rolled is None or question.by is not None:
        return False
    if question.where is not None and question.measure == "people":
        return False
    columns = {each.column for each in atoms_of(question).values()}
    return columns <= rolled.columns and (question.where is not None or bool(rolled.events))


def atoms_of(question: Question) -> dict[str, Atom]:
    """What account-days must hold to answer a question, besides the event-days, by what it says
    of a row."""
    kinds: dict[str, Kind] = {} if question.where is None else {"n": "count"}
    if is_numeric(question):
        kinds["total"] = "sum"
    if question.measure == "mean":
        kinds["weight"] = "weight"
    return {name: _atom(question, kind) for name, kind in kinds.items()}


def _atom(question: Question, kind: Kind) -> Atom:
    of = None if kind == "count" else question.property
    return Atom("account", kind, _names(question), question.where, of)


def _from_rollups(question: Question, known: Sequence[Rolled]) -> Iterator[str]:
    if question.where is None:
        files = [each.events for each in known if each.events]
        names = ", ".join(map(literal, _names(question)))
        asked = f"event in ({names})" if names else "event is null"
        yield f"select {_WHO}, '' as part, n, {_NO_NUMBER} from {parquet(files)} where {asked}"
    if atoms := atoms_of(question):
        columns = {name: each.column for name, each in atoms.items()}
        n, total, weight = (columns.get(name, "null") for name in ("n", "total", "weight"))
        some = " or ".join(f"{column} is not null" for column in columns.values())
        yield (
            f"select source, account, null as person, day, '' as part, {n} as n,"
            f" {total} as total, {weight} as weight"
            f" from {parquet([each.accounts for each in known])} where {some}"
        )


def _from_events(question: Question, parts: Sequence[Path]) -> str:
    part = "''" if question.by is None else f"coalesce({sql_where.text(question.by)}, '')"
    numbers = _NO_NUMBER
    if is_numeric(question):
        number = sql_where.number(question.property)
        known = f"case when {number} is not null then count end"
        numbers = f"count * {number} as total, {known} as weight"
    asked = " and ".join(_asked(question)) or "true"
    return (
        f"select {_WHO}, {part} as part, count as n, {numbers} from {events(parts)} where {asked}"
    )


def _asked(question: Question) -> Iterator[str]:
    if _names(question):
        yield f"event in ({', '.join(map(literal, _names(question)))})"
    if question.where is not None:
        yield sql_where.holds(question.where)


def _names(question: Question) -> tuple[str, ...]:
    """The events asked for; none means any."""
    return tuple(sorted(set(events_of(question.event))))
