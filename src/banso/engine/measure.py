"""Measurements: the values of many metrics for many accounts, from the lake in one statement."""

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path

from banso.core.metrics import Definition, Occurrence, OfPerson, PerPerson
from banso.engine.connect import connect, literal, parquet
from banso.engine.relations import AccountRow, Keyed, Merged, Pair, Streams, loaded
from banso.engine.rollup import Rolled
from banso.engine.sql import people_statement, statement

type Values = dict[str, float | None]

_NONE: Mapping[Path, Rolled] = {}


def snapshot[K: Hashable](
    definitions: Mapping[str, Definition],
    files: Sequence[Path],
    accounts: Sequence[AccountRow[K]],
    *,
    as_of: date,
    zone: str,
    contacts: Keyed[K] = (),
    contracts: Keyed[K] = (),
    actions: Keyed[K] = (),
    people: Merged = (),
    rolled: Mapping[Path, Rolled] = _NONE,
    own: int | None = None,
) -> dict[K, Values]:
    """The value of each definition for each key of `accounts` on local day `as_of`.

    `files` are the lake's parts (later days in them are ignored). None means that there is no
    number. Raises ValueError for a definition that is not computed.
    """
    pairs = [Pair(row.key, as_of, row.seats) for row in {a.key: a for a in accounts}.values()]
    streams = Streams(zone, files, contacts, contracts, actions, people, rolled, own)
    return {pair.key: values for pair, values in measured(definitions, accounts, pairs, streams)}


def measure_at[K: Hashable](
    definitions: Mapping[str, Definition],
    files: Sequence[Path],
    accounts: Sequence[AccountRow[K]],
    pairs: Sequence[Pair[K]],
    *,
    zone: str,
    contacts: Keyed[K] = (),
    contracts: Keyed[K] = (),
    actions: Keyed[K] = (),
    people: Merged = (),
    rolled: Mapping[Path, Rolled] = _NONE,
    own: int | None = None,
) -> dict[tuple[K, date], Values]:
    """As `snapshot`, for any pairs of a key and a day, in one statement.

    Of `accounts` only the names are used; seats come from the pair.
    """
    streams = Streams(zone, files, contacts, contracts, actions, people, rolled, own)
    found = measured(definitions, accounts, pairs, streams)
    return {(pair.key, pair.day): values for pair, values in found}


def measured[K: Hashable](
    definitions: Mapping[str, Definition],
    accounts: Sequence[AccountRow[K]],
    pairs: Sequence[Pair[K]],
    streams: Streams[K],
) -> Iterator[tuple[Pair[K], Values]]:
    """As `measure_at`, one pair after the other, so that not all values need to be held at once.
    The work is done when the first is asked for."""
    if not pairs or not definitions:
        yield from ((pair, {}) for pair in pairs)
        return
    names = list(definitions)
    with loaded(definitions.values(), accounts, pairs, streams) as (store, plan):
        for row in store.rows(f"{statement(definitions, plan)}\norder by s.subject"):
            yield pairs[row[0]], dict(zip(names, row[1:], strict=True))


def per_person[K: Hashable](
    of: OfPerson,
    accounts: Sequence[AccountRow[K]],
    pairs: Sequence[Pair[K]],
    streams: Streams[K],
    *,
    seen: int,
) -> dict[tuple[K, date], dict[str, float | None]]:
    """The number of each person seen in the `seen` days up to the day of each pair.

    People go by "source:person", those of `streams.people` by the name of the one.
    """
    found: dict[tuple[K, date], dict[str, float | None]] = {(p.key, p.day): {} for p in pairs}
    if not pairs:
        return found
    people = streams.people or [(-1, "", "")]  # so that all are named alike
    streams, asked = replace(streams, people=people), [PerPerson(of, "mean", seen=seen)]
    with loaded(asked, accounts, pairs, streams) as (store, plan):
        for subject, person, value in store.rows(people_statement(of, seen, plan)):
            found[pairs[subject].key, pairs[subject].day][person] = value
    return found


def occurrences(
    files: Sequence[Path],
    names: Iterable[tuple[int, str]],
    *,
    since: date,
    until: date,
    people: Merged = (),
) -> list[Occurrence]:
    """What the lake holds of one account between two local days, both included, in order of time.

    `names` are the (source, account) pairs it goes by. People are ids of their source; where the
    names are of several sources, "source:person", so that nobody is taken for another; of
    `people`, the name of the one.
    """
    known = sorted(set(names))
    if not files or not known:
        return []
    scoped = len({source for source, _ in known}) > 1
    ones = {(source, person): one for source, person, one in people}
    mine = " or ".join(f"(source = {s} and account = {literal(a)})" for s, a in known)
    with connect(*files) as connection:
        found = connection.execute(
            f"select source, ts, person, event, count, properties from {parquet(files)}"
            f" where ({mine}) and day between date '{since}' and date '{until}'"
            " order by ts, source, import_id, line, message"
        ).fetchall()
    return [
        Occurrence(
            at=ts.replace(tzinfo=UTC),
            event=event,
            person=ones.get((source, person)) or _scoped(source, person, scoped),
            count=count,
            properties=json.loads(properties),
        )
        for source, ts, person, event, count, properties in found
    ]


def _scoped(source: int, person: str | None, scoped: bool) -> str | None:
    return f"{source}:{person}" if scoped and person else person
