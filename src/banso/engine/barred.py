"""What may not be in the lake: events of people who were erased, and those of days too long ago.
The people are known by digests of their outside ids, so that keeping somebody out does not keep
their name."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from banso.engine.connect import connect, create, insert, literal, parquet
from banso.engine.part import local_day
from banso.engine.staged import spill, sync, write

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

type Id = tuple[int, str]
"""(source, person)"""


@dataclass(frozen=True)
class Barred:
    """Whose events stay out, by `digest_of` their ids, and of which days: those before `since`."""

    people: frozenset[str] = frozenset()
    since: date | None = None

    def __bool__(self) -> bool:
        return bool(self.people or self.since)

    @property
    def is_old(self) -> str:
        """SQL for an event being of a day too long ago."""
        return f"coalesce(day < date '{self.since}', false)" if self.since else "false"


NOBODY = Barred()


@dataclass(frozen=True)
class LeftOut:
    """How many rows stayed out: of people who are barred, and of days too long ago."""

    people: int = 0
    old: int = 0

    def __add__(self, other: "LeftOut") -> "LeftOut":
        return LeftOut(self.people + other.people, self.old + other.old)

    @property
    def rows(self) -> int:
        return self.people + self.old


def digest_of(source: int, person: str) -> str:
    """What an outside id of a person is known by after its erasure; `IS_THEIRS` says the same."""
    return hashlib.sha256(f"{source} {person}".encode()).hexdigest()


IS_THEIRS = "coalesce(sha256(source || ' ' || person) in (select digest from barred), false)"


def name_barred(connection: "DuckDBPyConnection", barred: Barred) -> str:
    """SQL for an event being barred, in statements of this connection."""
    create(connection, "barred", {"digest": "varchar"})
    insert(connection, "barred", [(each,) for each in sorted(barred.people)])
    return f"({barred.is_old} or {IS_THEIRS})" if barred.people else f"({barred.is_old})"


def leave_out(path: Path, barred: Barred, *, zone: str) -> LeftOut:
    """Write a staged file anew without what is barred, if it has any; how many rows that were."""
    if not barred:
        return LeftOut()
    with connect(path.parent, spill=spill(path)) as connection:
        out = name_barred(connection, barred)
        lake = f"from {parquet([path], file_row_number='true')}"
        connection.execute(f"create view lying as select *, {local_day(zone)} as day {lake}")
        counts = f"count(*) filter (not {barred.is_old}), count(*) filter ({barred.is_old})"
        [left] = connection.execute(f"select {counts} from lying where {out}").fetchall()
        if any(left):
            stays = f"from lying where not {out} order by file_row_number"
            write(connection, f"select * exclude (file_row_number, day) {stays}", path)
            sync(path.parent)
        return LeftOut(*left)


def holding(files: Sequence[Path], people: Sequence[Id]) -> dict[Path, int]:
    """How many events of these people each of the files has; files without any are left out."""
    if not files or not people:
        return {}
    with connect(*files) as connection:
        found = connection.execute(
            f"select filename, count(*) from {parquet(files, filename='true')}"
            f" where {of_people(people)} group by filename"
        ).fetchall()
    return {Path(name): rows for name, rows in found}


def months_holding(files: Sequence[Path], people: Sequence[Id], *, zone: str) -> list[date]:
    """The first days of the local months in which staged files have events of these people."""
    if not files or not people:
        return []
    with connect(*files) as connection:
        month = f"cast(date_trunc('month', {local_day(zone)}) as date)"
        found = connection.execute(
            f"select distinct {month} as month from {parquet(files)}"
            f" where {of_people(people)} order by month"
        ).fetchall()
    return [month for (month,) in found]


def of_people(people: Sequence[Id]) -> str:
    """SQL for an event being of one of these people. Their ids are named plainly, so that what a
    file tells of its columns lets it be skipped."""
    pairs = " or ".join(
        f"source = {source} and person in ({_listed(who for of, who in people if of == source)})"
        for source in sorted({source for source, _ in people})
    )
    return f"(person in ({_listed(who for _, who in people)}) and ({pairs}))"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(literal(each) for each in sorted(set(names)))
