"""Different people over time: of each person a set of bits, one for each period with an event of
theirs, so that a person is one row however many periods are told."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from banso.core.periods import start
from banso.engine.connect import create, insert
from banso.engine.explore_rows import Question

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_WORD = 62


def load_periods(connection: "DuckDBPyConnection", question: Question) -> list[date]:
    """Create `asked`, the periods of a question, each with its bit, and `calendar`, the bit of
    each day; the first days of the periods."""
    days = [
        question.since + timedelta(n) for n in range((question.until - question.since).days + 1)
    ]
    periods = sorted({start(question.grain, day) for day in days})
    place = {period: divmod(n, _WORD) for n, period in enumerate(periods)}
    create(connection, "asked", {"period": "date", "word": "integer", "shift": "integer"})
    insert(connection, "asked", ((period, *place[period]) for period in periods))
    create(connection, "calendar", {"day": "date", "word": "integer", "bit": "bigint"})
    placed = ((day, *place[start(question.grain, day)]) for day in days)
    insert(connection, "calendar", ((day, word, 1 << shift) for day, word, shift in placed))
    return periods


def hit(question: Question, rows: str, periods: Sequence[date]) -> str:
    """The rows asked for, grouped by person: how often, and the bits of the periods."""
    by = f"source, account, person{', part' if question.by else ''}"
    bits = ", ".join(
        f"bit_or(case when c.word = {word} then c.bit end) as w{word}" for word in _words(periods)
    )
    inside = f"e.day between date '{question.since}' and date '{question.until}'"
    return (
        f"select {by}, sum(n) as n, {bits} from {rows} e join calendar c on c.day = e.day"
        f" where {inside} group by {by}"
    )


def counted(by: str, rows: str, periods: Sequence[date]) -> str:
    """(the columns `by`, period, value): how many different people `rows` has in each period in
    which it has anything at all."""
    words = _words(periods)
    keys = f"{by}, " if by else ""
    either = ", ".join(f"bit_or(w{word}) as w{word}" for word in words)
    word = " ".join(f"when {word} then w{word}" for word in words)
    bit = f"(case q.word {word} end >> q.shift & 1)"
    return (
        f"select {keys}q.period, cast(count(one) filter ({bit} = 1) as double) as value"
        f" from (select {keys}one, {either} from {rows} group by {keys}one) p cross join asked q"
        f" group by {keys}q.period having bool_or({bit} = 1)"
    )


def _words(periods: Sequence[date]) -> range:
    return range((len(periods) + _WORD - 1) // _WORD)
