"""Events over time: how much of them, by period and by part, in one statement.

Rows are grouped by account first, which makes them few; only then it is said whose they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from banso.core.periods import Grain
from banso.engine.connect import create, insert
from banso.engine.explore_people import counted, load_periods
from banso.engine.explore_people import hit as people_hit
from banso.engine.explore_rows import Measure, Question, asked_rows, is_numeric
from banso.engine.own import rows_of
from banso.engine.patience import answering
from banso.engine.relations import Merged
from banso.engine.rollup import Rolled
from banso.engine.staged import spill

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

type Name = tuple[int, str, int]
"""(source, account, customer): what a source calls a customer."""

SHOWN = 8
_NONE: Mapping[Path, Rolled] = {}


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
    rolled: Mapping[Path, Rolled] = _NONE,
) -> Answer:
    """The answer over the customers that have one of `names`; other events are left out.

    `belongs` (customer, part) splits by what customers are: in several parts they count in each.
    `people` are counted once. `own` is the source whose rows are our own acts.
    """
    if not files:
        return Answer()
    if belongs is not None:
        question = replace(question, by=None)
    split = "customer" if belongs is not None else "property" if question.by else ""
    read = [*files, *(path for each in rolled.values() for path in each.files)]
    with answering(*read, spill=spill(files[0])) as connection:
        _load(connection, names, people)
        load_belongs(connection, belongs or ())
        rows = rows_of(question.stream, asked_rows(question, files, rolled), own)
        text = _statement(connection, question, rows, split)
        return answer_of(connection.execute(text).fetchall())


def _load(
    connection: "DuckDBPyConnection",
    names: Iterable[Name],
    people: Merged,
) -> None:
    named = {"source": "integer", "account": "varchar", "customer": "integer"}
    create(connection, "named", named)
    insert(connection, "named", sorted(set(names)))
    create(connection, "alias", {"source": "integer", "person": "varchar", "one": "varchar"})
    insert(connection, "alias", sorted(set(people)))


def load_belongs(connection: "DuckDBPyConnection", belongs: Iterable[tuple[int, str]]) -> None:
    """Create `belongs(who, part)`, which `parted` reads."""
    create(connection, "belongs", {"who": "integer", "part": "varchar"})
    insert(connection, "belongs", sorted(set(belongs)))


def answer_of(rows: Sequence[tuple[int | None, str | None, date, float | None]]) -> Answer:
    """The answer that rows of (place, part, period, value) tell, see `_statement`."""
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


def _statement(connection: "DuckDBPyConnection", question: Question, rows: str, split: str) -> str:
    """One SELECT giving (place, part, period, value): no place for the whole, no part for the
    rest; the parts in their order."""
    if question.measure == "people":
        periods = load_periods(connection, question)
        hit, one, alias = people_hit(question, rows, periods), _ONE, _ALIAS
        tell = partial(counted, periods=periods)
    else:
        hit, one, alias, tell = _hit(question, rows), "", "", partial(_by_period, question.measure)
    told = _TOLD.format(hit=hit, one=one, alias=alias)
    parts = {"": "", "property": _BY_PROPERTY, "customer": parted("sum(t.n)")}[split]
    whole = f"select null as place, null as part, * from ({tell('', 'told')})"
    each = f"\nunion all\n{tell('place, part', 'parted')}" if split else ""
    known = ", ".join(filter(None, (told, parts)))
    return f"with {known}\n{whole}{each}\norder by place nulls first, period"


def parted(size: str) -> str:
    """The relation `parted`: the rows `t` of `told`, each with the largest of the parts that its
    customer is in."""
    return _BY_CUSTOMER.format(size=size)


def _by_period(measure: Measure, by: str, rows: str) -> str:
    """(the columns `by`, period, value)."""
    keys = f"{by}, period" if by else "period"
    return f"select {keys}, {_VALUES[measure]} as value from {rows} group by {keys}"


def _hit(question: Question, rows: str) -> str:
    """The rows asked for, grouped by account."""
    keys = ["source", "account", f"{_period(question.grain)} as period"]
    if question.by:
        keys.append("part")
    sums = ["sum(n) as n"]
    if is_numeric(question):
        sums += ["sum(total) as total", "sum(weight) as weight"]
    days = f"day between date '{question.since}' and date '{question.until}'"
    return f"select {', '.join([*keys, *sums])} from {rows} where {days} group by all"


def _period(grain: Grain) -> str:
    return "day" if grain == "day" else f"cast(date_trunc('{grain}', day) as date)"


_VALUES: Mapping[Measure, str] = {
    "count": "cast(sum(n) as double)",
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

_BY_PROPERTY = f"""ranked as (
  select part, row_number() over (order by sum(n) desc, part) as place from told group by part
  order by place limit {SHOWN}),
parted as (
  select t.* exclude (part), coalesce(r.place, {SHOWN} + 1) as place, r.part
  from told t left join ranked r on r.part = t.part)"""

_BY_CUSTOMER = f"""ranked as (
  select b.part, row_number() over (order by {{size}} desc, b.part) as place
  from told t join belongs b on b.who = t.customer group by b.part
  order by place limit {SHOWN}),
within as (select b.who, r.place, r.part from belongs b join ranked r on r.part = b.part),
parted as (
  select t.*, coalesce(w.place, {SHOWN} + 1) as place, w.part
  from told t left join within w on w.who = t.customer)"""
