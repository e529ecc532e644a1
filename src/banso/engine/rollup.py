"""Rollups: what metrics ask of the rows of a part, kept by account and day, and by person and day.

Two small files belong to a part. Their columns are atoms (`core.atoms`), named by a digest of
what they ask; several rows of one day say together what one row would, so neither a second part
of a day nor an account that goes by two names needs a thought.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from banso.core.atoms import Atom, Grain
from banso.engine.connect import connect, parquet
from banso.engine.lake import EVENT
from banso.engine.sql_atoms import MERGE, TYPES, of_event
from banso.engine.staged import spill, sync, write

MARKS = 2**64
_SAID = "source, message, ts, account, person, event, count, properties"
_BY: dict[Grain, str] = {
    "account": "source, account, day",
    "person": "source, account, person, day",
}


@dataclass(frozen=True)
class Rolled:
    """The rollups of a part: the account-days, the person-days, and their columns of atoms.

    `days` are the marks of the days a part has events of. The marks of a day's parts add up (modulo
    2 to the 64) to the mark of the day, which is another one when its events are.
    """

    accounts: Path
    people: Path
    columns: frozenset[str]
    days: Mapping[date, int] = field(default_factory=dict)
    events: Path | None = None

    @property
    def paths(self) -> tuple[Path, Path]:
        return self.accounts, self.people

    @property
    def files(self) -> list[Path]:
        """All files that may be read."""
        return [*self.paths, *([self.events] if self.events else [])]


def roll(parts: Sequence[Path], asked: Sequence[Atom], *, accounts: Path, people: Path) -> Rolled:
    """Write the rollups of parts whole or not at all; all atoms are read off in one pass."""
    folders = {accounts.parent, people.parent}
    with connect(*parts, *folders, spill=spill(accounts)) as connection:
        connection.execute(f"create temp table rolled as {_rolled(parts, asked)}")
        write(connection, _merged("account", asked), accounts)
        write(connection, _merged("person", asked), people)
        marked = connection.execute("select day, sum(mark) from rolled group by day").fetchall()
    for folder in folders:
        sync(folder)
    days = {day: int(mark) % MARKS for day, mark in marked}
    return Rolled(accounts, people, frozenset(each.column for each in asked), days)


def covered(
    parts: Iterable[Path], rolled: Mapping[Path, Rolled], asked: Sequence[Atom]
) -> dict[Path, None]:
    """The parts whose rollups say all that is asked, in their order."""
    columns = {each.column for each in asked}
    return {part: None for part in parts if part in rolled and columns <= rolled[part].columns}


def relation(
    grain: Grain, asked: Sequence[Atom], parts: Sequence[Path], rolled: Mapping[Path, Rolled]
) -> str:
    """The rows that say what atoms are, of all parts: from their rollups, and where a part has
    none with all that is asked, from its events, each of which is as good as a rollup of one."""
    mine, known = [each for each in asked if each.grain == grain], covered(parts, rolled, asked)
    raw = [part for part in parts if part not in known]
    files = [rolled[part].paths[grain == "person"] for part in known]
    columns = "".join(f", {each.column}" for each in mine)
    told = [f"select {_BY[grain]}{columns} from {parquet(files)}"] if files else []
    told += [_row_by_row(grain, mine, raw)] if raw or not files else []
    return f"({' union all '.join(told)})"


def events(parts: Sequence[Path]) -> str:
    """The rows of parts; of none, no rows."""
    if parts:
        return parquet(parts)
    columns = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in EVENT.items())
    return f"(select {columns} where false)"


def _rolled(parts: Sequence[Path], asked: Iterable[Atom]) -> str:
    by = _BY["person"]
    columns = "".join(
        f", {MERGE[each.kind]}({of_event(each).sql}) as {each.column}" for each in asked
    )
    mark = f"sum(hash({_SAID})) as mark"
    return f"select {by}, {mark}{columns} from {parquet(parts)} group by {by}"


def _merged(grain: Grain, asked: Iterable[Atom]) -> str:
    mine = (each for each in asked if each.grain == grain)
    columns = "".join(
        f", cast({MERGE[each.kind]}({each.column}) as {TYPES[each.kind]}) as {each.column}"
        for each in mine
    )
    known = " where person is not null" if grain == "person" else ""
    by = _BY[grain]
    return f"select {by}{columns} from rolled{known} group by {by} order by {by}"


def _row_by_row(grain: Grain, mine: Iterable[Atom], parts: Sequence[Path]) -> str:
    columns = "".join(
        f", cast({of_event(each).sql} as {TYPES[each.kind]}) as {each.column}" for each in mine
    )
    known = " where person is not null" if grain == "person" else ""
    return f"select {_BY[grain]}{columns} from {events(parts)}{known}"
