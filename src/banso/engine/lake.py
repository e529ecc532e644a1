"""The event lake: Parquet parts of one calendar month, a pure function of the live imports.

Each import stages its good rows in one file; the parts are built from the staged files of all
live imports, in the order of the imports. So undoing an import, a late file or an account that
appears is: build the months it touches again.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from banso.engine.barred import NOBODY, Barred, name_barred
from banso.engine.connect import connect, create, insert, parquet
from banso.engine.part import EVENT, Written, local_day, write_part
from banso.engine.staged import StagedEvent, canonical, spill, sync, write_staged

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = [
    "EVENT",
    "Conflict",
    "Outcome",
    "PartResult",
    "StagedEvent",
    "build_part",
    "build_parts",
    "canonical",
    "month_of",
    "staged_months",
    "touched_months",
    "write_staged",
]

_BATCH = 200_000  # rows deduplicated at a time
_LISTED = 10_000  # conflicts named for a month


@dataclass
class Outcome:
    """What became of the rows of one import in one month; the four add up to its rows."""

    imported: int = 0
    duplicates: int = 0
    conflicts: int = 0
    on_hold: int = 0


class Conflict(NamedTuple):
    """A row that says something else than an earlier row of the same identity, which stays."""

    import_id: int
    line: int
    first_import_id: int
    first_line: int


@dataclass(frozen=True)
class PartResult:
    """A month built anew. `written` is None where no row is left. `conflicts` lists at most 10,000;
    `outcomes` counts all. `waiting` counts the rows on hold by (source, account)."""

    month: date
    written: Written | None = None
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    conflicts: Sequence[Conflict] = ()
    waiting: Mapping[tuple[int, str], int] = field(default_factory=dict)

    @property
    def path(self) -> Path | None:
        return self.written.path if self.written else None

    @property
    def rows(self) -> int:
        return self.written.rows if self.written else 0

    @property
    def weight(self) -> int:
        return self.written.weight if self.written else 0


def staged_months(path: Path, *, zone: str) -> list[date]:
    """The first days of the local months in which a staged file has rows, ascending."""
    with connect(path) as connection:
        return _months(connection, f"from {parquet([path])}", zone)


def touched_months(changed: Path, live: Sequence[Path], *, zone: str) -> list[date]:
    """The months to build when the import staged as `changed` comes or goes: its own, and those
    where another of the `live` staged files speaks of the same message."""
    others = [p for p in live if p != changed]
    with connect(changed, *others) as connection:
        months = _months(connection, f"from {parquet([changed])}", zone)
        if others:
            shared = f"select source, message from {parquet([changed])} where message is not null"
            rows = f"from {parquet(others)} where (source, message) in ({shared})"
            months = sorted({*months, *_months(connection, rows, zone)})
    return months


def build_parts(
    staged: Sequence[Path],
    months: Collection[date],
    *,
    zone: str,
    known_accounts: Mapping[int, Collection[str]],
    out: Callable[[date], Path],
    received: Sequence[Path] = (),
    barred: Barred = NOBODY,
) -> Iterator[PartResult]:
    """Build the parts of `months` (first days), results in order as batches of them are on disk.

    `staged` are the files of all live imports in the order of the imports. Of rows with the same
    identity (source and message id; without one, source, time, account, person, event and text
    properties) the first stays; equal ones are duplicates, others conflicts. A row that stays
    but whose account is not among `known_accounts[source]` is on hold. A row that a part of
    `received` tells of the same or a neighbouring day is a duplicate of that; one that is
    barred is none at all. `out(month)` names the file to write; nothing is written for a month
    without rows.
    """
    if not months or not staged:
        yield from (PartResult(month) for month in sorted(months))
        return
    directories = {out(month).parent for month in months}
    first_out = out(min(months))
    with connect(*staged, *received, *directories, spill=spill(first_out)) as connection:
        _load_accounts(connection, known_accounts)
        stays = f"where not {name_barred(connection, barred)}" if barred else ""
        connection.execute(f"create view lying as {_union(staged, zone)}")
        connection.execute(f"create view staged as from lying {stays}")
        connection.execute(f"create view received as {_received(received)}")
        for batch in _batches(connection, sorted(months)):
            _judge(connection, batch)
            built = [_part(connection, month, out(month)) for month in batch]
            for directory in directories:
                sync(directory)
            yield from built


def build_part(
    staged: Sequence[Path],
    month: date,
    *,
    zone: str,
    known_accounts: Mapping[int, Collection[str]],
    out: Path,
) -> PartResult:
    """`build_parts` for one month."""
    return next(
        build_parts(staged, [month], zone=zone, known_accounts=known_accounts, out=lambda _: out)
    )


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def _months(connection: "DuckDBPyConnection", rows: str, zone: str) -> list[date]:
    month = f"cast(date_trunc('month', {local_day(zone)}) as date)"
    found = connection.execute(f"select distinct {month} as month {rows} order by month")
    return [month for (month,) in found.fetchall()]


def _union(staged: Sequence[Path], zone: str) -> str:
    return " union all ".join(
        f"select {place} as place, file_row_number as position, {local_day(zone)} as day, *"
        f" exclude (file_row_number) from {parquet([path], file_row_number='true')}"
        for place, path in enumerate(staged)
    )


def _received(paths: Sequence[Path]) -> str:
    if paths:
        return f"select source, message, day from {parquet(paths)}"
    return "select 0 as source, '' as message, date '1970-01-01' as day where false"


def _load_accounts(connection: "DuckDBPyConnection", known: Mapping[int, Collection[str]]) -> None:
    create(connection, "known", {"source": "integer", "account": "varchar"})
    insert(connection, "known", ((s, a) for s, accounts in known.items() for a in accounts))


def _batches(connection: "DuckDBPyConnection", months: Sequence[date]) -> Iterator[list[date]]:
    counted = connection.execute(
        "select cast(date_trunc('month', day) as date), count(*) from lying group by 1"
    )
    sizes = dict(counted.fetchall())
    batch: list[date] = []
    size = 0
    for month in months:
        if batch and size + sizes.get(month, 0) > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(month)
        size += sizes.get(month, 0)
    yield batch


_JUDGED = """
create or replace temp table judged as
with mine as (select * from staged where {inside}),
same as (
  select * from mine union all
  select * from staged where not ({inside}) and message is not null
    and (source, message) in (select source, message from mine where message is not null)),
ranked as (
  select *, row_number() over identity as rank,
    first_value(struct_pack(import_id, line)) over identity as first,
    first_value(struct_pack(ts, account, person, event, count, properties)) over identity as said
  from same window identity as (
    partition by source, message, case when message is null then
      struct_pack(ts, account, person, event, labels) end
    order by place, position)),
told as (select distinct r.place, r.position from ranked r join received t
  on t.source = r.source and t.message = r.message and t.day between r.day - 1 and r.day + 1
  where r.rank = 1 and t.day between date '{low}' and date '{high}')
select * exclude (said, rank), cast(date_trunc('month', day) as date) as month,
  case when rank > 1 and said = struct_pack(ts, account, person, event, count, properties)
      then 'duplicates'
    when rank > 1 then 'conflicts'
    when (place, position) in (from told) then 'duplicates'
    when (source, account) in (from known) then 'imported' else 'on_hold' end as verdict
from ranked where month in ({months})
"""


def _judge(connection: "DuckDBPyConnection", months: Sequence[date]) -> None:
    listed = ", ".join(f"date '{month}'" for month in months)
    low, high = months[0] - timedelta(2), _next_month(months[-1]) + timedelta(2)
    near = (
        f"ts >= timestamp '{low}' and ts < timestamp '{high}'"  # lets whole row groups be skipped
    )
    inside = f"({near} and cast(date_trunc('month', day) as date) in ({listed}))"
    connection.execute(_JUDGED.format(inside=inside, months=listed, low=low, high=high))


def _part(connection: "DuckDBPyConnection", month: date, out: Path) -> PartResult:
    here = f"from judged where month = date '{month}'"
    stays = f"{here} and verdict = 'imported'"
    some = connection.execute(f"select 1 {stays} limit 1").fetchone()
    return PartResult(
        month=month,
        written=write_part(connection, stays, out) if some else None,
        outcomes=_outcomes(connection, here),
        conflicts=_conflicts(connection, here),
        waiting=_waiting(connection, here),
    )


def _outcomes(connection: "DuckDBPyConnection", here: str) -> dict[int, Outcome]:
    found: dict[int, Outcome] = defaultdict(Outcome)
    query = f"select import_id, verdict, count(*) {here} group by import_id, verdict"
    for import_id, verdict, rows in connection.execute(query).fetchall():
        setattr(found[import_id], verdict, rows)
    return dict(found)


def _conflicts(connection: "DuckDBPyConnection", here: str) -> list[Conflict]:
    query = (
        f"select import_id, line, first.import_id, first.line {here} and verdict = 'conflicts'"
        f" order by place, position limit {_LISTED}"
    )
    return [Conflict(*row) for row in connection.execute(query).fetchall()]


def _waiting(connection: "DuckDBPyConnection", here: str) -> dict[tuple[int, str], int]:
    query = f"select source, account, count(*) {here} and verdict = 'on_hold' group by 1, 2"
    return {(s, a): rows for s, a, rows in connection.execute(query).fetchall()}


def _next_month(month: date) -> date:
    return month_of(month + timedelta(31))
