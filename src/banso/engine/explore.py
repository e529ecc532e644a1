"""Events over time: how much of them, by period and by part, in one statement.

Rows are grouped by account first, which makes them few; only then it is said whose they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from banso.core.conditions import Condition
from banso.core.metrics import Events, Stream, events_of
from banso.core.periods import Grain
from banso.engine import sql_where
from banso.engine.connect import connect, create, insert, literal, parquet
from banso.engine.own import rows_of
from banso.engine.relations import Merged

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

type Measure = Literal["count", "people", "customers", "sum", "mean"]
type Name = tuple[int, str, int]
"""(source, account, customer): what a source calls a customer."""

SHOWN = 8


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


@dataclass(frozen=True)
class Answer:
    """Values by the first day of their period; a period without an entry has no such event.

    `parts` are the eight with most occurrences, the largest first, "" what has no value;
    `rest` is all that is in none of these.
    """

    whole: dict[date, float] = field(default_factory=dict)
    parts: dict[str, dict[date, float]] = field(default_factory=dict)
    rest: dict[date, float] = field(default_factory=dict)


def over_time(
    question: Question,
    files: Sequence[Path],
    names: Iterable[Name],
    *,
    people: Merged = (),
    belongs: Iterable[tuple[int, str]] | None = None,
    own: int | None = None,
) -> Answer:
    """The answer over the customers that have one of `names`; other events are left out.

    `belongs` (customer, part) splits by what customers are: in several parts they count in each.
    `people` are counted once. `own` is the source whose rows are our own acts.
    """
    if not files:
        return Answer()
    split = "customer" if belongs is not None else "property" if question.by else ""
    with connect(*files) as connection:
        _load(connection, names, people, belongs or ())
        text = _statement(question, rows_of(question.stream, parquet(files), own), split)
        return _answer(connection.execute(text).fetchall())


def _load(
    connection: "DuckDBPyConnection",
    names: Iterable[Name],
    people: Merged,
    belongs: Iterable[tuple[int, str]],
) -> None:
    named = {"source": "integer", "account": "varchar", "customer": "integer"}
    create(connection, "named", named)
    insert(connection, "named", sorted(set(names)))
    create(connection, "alias", {"source": "integer", "person": "varchar", "one": "varchar"})
    insert(connection, "alias", sorted(set(people)))
    create(connection, "belongs", {"who": "integer", "part": "varchar"})
    insert(connection, "belongs", sorted(set(belongs)))


def _answer(rows: Sequence[tuple[int | None, str | None, date, float | None]]) -> Answer:
    answer = Answer()
    for place, part, period, value in rows:
        if value is None:
            continue
        if place is None:
            answer.whole[period] = value
        elif part is None:
            answer.rest[period] = value
        else:
            answer.parts.setdefault(part, {})[period] = value
    return answer


def _statement(question: Question, lake: str, split: str) -> str:
    """One SELECT giving (place, part, period, value): no place for the whole, no part for the
    rest; the parts in their order."""
    value = _VALUES[question.measure]
    parted = _PARTED[split].format(value=value, shown=SHOWN) if split else ""
    one, alias = (_ONE, _ALIAS) if question.measure == "people" else ("", "")
    told = _TOLD.format(hit=_hit(question, lake), one=one, alias=alias)
    whole = f"select null as place, null as part, period, {value} as value from told group by 3"
    parts = "\nunion all\nselect place, part, period, value from parted" if split else ""
    return f"with {told}{parted}\n{whole}{parts}\norder by place nulls first, period"


def _hit(question: Question, lake: str) -> str:
    """The rows asked for, grouped by account, and by person where people are counted."""
    keys = ["source", "account", f"{_period(question.grain)} as period"]
    if question.measure == "people":
        keys.append("person")
    if question.by:
        keys.append(f"coalesce({sql_where.text(question.by)}, '') as part")
    sums = ["sum(count) as n"]
    if question.measure in ("sum", "mean"):
        number = sql_where.number(question.property)
        sums.append(f"sum(count * {number}) as total")
        sums.append(f"sum(case when {number} is not null then count end) as weight")
    return f"select {', '.join([*keys, *sums])} from {lake} where {_asked(question)} group by all"


def _asked(question: Question) -> str:
    asked = [f"day between date '{question.since}' and date '{question.until}'"]
    if names := events_of(question.event):
        asked.append(f"event in ({', '.join(map(literal, names))})")
    if question.where is not None:
        asked.append(sql_where.holds(question.where))
    return " and ".join(asked)


def _period(grain: Grain) -> str:
    return "day" if grain == "day" else f"cast(date_trunc('{grain}', day) as date)"


_VALUES: Mapping[Measure, str] = {
    "count": "cast(sum(n) as double)",
    "people": "cast(count(distinct one) as double)",
    "customers": "cast(count(distinct customer) as double)",
    "sum": "coalesce(cast(sum(total) as double), 0)",
    "mean": "sum(total) / nullif(cast(sum(weight) as double), 0)",
}

_ONE = ", coalesce(a.one, h.source || ':' || h.person) as one"
_ALIAS = "\n  left join alias a on a.source = h.source and a.person = h.person"

_TOLD = """hit as ({hit}),
told as materialized (
  select h.*, n.customer{one} from hit h
  join named n on n.source = h.source and n.account = h.account{alias})"""

_PARTED = {
    "property": """,
ranked as (
  select part, row_number() over (order by sum(n) desc, part) as place from told group by part
  order by place limit {shown}),
parted as (
  select coalesce(r.place, {shown} + 1) as place, r.part, t.period, {value} as value
  from told t left join ranked r on r.part = t.part group by all)""",
    "customer": """,
ranked as (
  select b.part, row_number() over (order by sum(n) desc, b.part) as place
  from told t join belongs b on b.who = t.customer group by b.part
  order by place limit {shown}),
within as (select b.who, r.place, r.part from belongs b join ranked r on r.part = b.part),
parted as (
  select coalesce(w.place, {shown} + 1) as place, w.part, t.period, {value} as value
  from told t left join within w on w.who = t.customer group by all)""",
}
