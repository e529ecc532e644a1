"""A metric over time: how its values lay on many days, in one statement that gives no single
customer's value away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from banso.core.metrics import Aggregate, Formula
from banso.engine.connect import create, insert
from banso.engine.explore import Answer, answer_of, load_belongs, parted
from banso.engine.history import many_days
from banso.engine.patience import answering
from banso.engine.relations import ACCOUNT, AccountRow, Streams, load_people
from banso.engine.staged import spill
from banso.engine.store import Local

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

type Run = tuple[int, date, date, int | None]
"""(customer, first, last, seats): current with these seats on the days between, both included."""


@dataclass(frozen=True)
class Told:
    """How many values are told as one; `at_least` is the bound of a share."""

    aggregate: Aggregate
    at_least: float = 0.0

    @property
    def sql(self) -> str:
        return {
            "mean": "avg(v)",
            "median": "median(v)",
            "share": f"avg(case when v >= {self.at_least!r} then 1.0 else 0.0 end)",
        }[self.aggregate]


def values_over_time(
    formula: Formula,
    days: Sequence[date],
    runs: Iterable[Run],
    accounts: Iterable[AccountRow[int]],
    streams: Streams[int],
    *,
    told: Told,
    belongs: Iterable[tuple[int, str]] | None = None,
) -> Answer:
    """What the values of a metric that `history.is_fast` are, told as one, by day; days without
    any value are left out. Only customers with a name count."""
    if not days or not streams.files:
        return Answer()
    with answering(*streams.paths, spill=spill(streams.files[0])) as connection:
        _load(connection, days, runs, accounts)
        load_people(Local(connection), streams)
        load_belongs(connection, belongs or ())
        query = many_days(connection, {"v": formula}, days, streams)
        connection.execute(_VALUES.format(query=query))
        text = _statement(told, split=belongs is not None)
        return answer_of(connection.execute(text).fetchall())


def _load(
    connection: "DuckDBPyConnection",
    days: Sequence[date],
    runs: Iterable[Run],
    accounts: Iterable[AccountRow[int]],
) -> None:
    create(connection, "measured", {"day": "date"})
    insert(connection, "measured", ((day,) for day in days))
    create(connection, "run", _RUN)
    insert(connection, "run", runs)
    named = {(a.source, a.account, a.key) for a in accounts if a.account is not None}
    create(connection, "account", ACCOUNT)
    insert(connection, "account", sorted(named))
    connection.execute(_SUBJECTS)


def _statement(told: Told, *, split: bool) -> str:
    whole = f"select null as place, null as part, period, {told.sql} from told group by period"
    if not split:
        return whole
    groups = f"select place, part, period, {told.sql} from parted group by place, part, period"
    return (
        f"with {parted('count(distinct t.customer)')}\n{whole}\nunion all\n{groups}"
        "\norder by place nulls first, period"
    )


_RUN = {"key": "integer", "first": "date", "last": "date", "seats": "integer"}
_SUBJECTS = """
create table subject as
select row_number() over () as subject, r.key, m.day, r.seats
from run r join measured m on m.day between r.first and r.last
where r.key in (select key from account)
"""
_VALUES = """
create temp table told as
select s.key as customer, s.day as period, q.v0 as v
from ({query}) q join subject s on s.subject = q.subject where q.v0 is not null
"""
