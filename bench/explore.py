"""Explore at the size of the yardstick: what a person waits for, from the connection to the
answer, over a year of weeks split by segment."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from bench.target import Line
from bench.yardstick import AS_OF, DEFINITIONS, ZONE, Lake

from banso.core.metrics import Entered
from banso.engine import patience
from banso.engine.connect import connect, parquet
from banso.engine.event_days import roll_events
from banso.engine.explore import Answer, over_time
from banso.engine.explore_rows import Measure, Question
from banso.engine.explore_values import Told, values_over_time
from banso.engine.relations import AccountRow, Streams
from banso.engine.rollup import Rolled

SINCE = date(2025, 7, 1)
SUNDAYS = [date(2026, 6, 28) - timedelta(7 * back) for back in range(52)][::-1]
ROUNDS = 3
WAIT = 2.0
LONG = 600.0  # what is compared with may take longer than anybody waits
METRIC = "persons_28"


@dataclass(frozen=True)
class Waited:
    """The shortest of some rounds: by the clock, and of the processor."""

    clock: float
    processor: float


def lines(told: Lake, peak: Callable[..., float]) -> Iterator[Line]:
    """How long somebody waits, and what the process holds; `peak` measures a run alone."""
    patience.SECONDS = LONG
    full = with_event_days(told, told.rolled(told.parts()))
    day, again = told.parts(AS_OF, AS_OF), told.home / "event_days" / "again.parquet"
    rolling = waited(partial(roll_events, day, again))
    note = f"{rolling.clock:.2f} s by the clock"
    yield Line("event-days of a new day", rolling.processor, unit=" s", note=note)
    yield _line("one event", partial(event, told, measure="count"), full)
    yield _line("people of one event", partial(event, told, measure="people"), full)
    yield _line("people of any event", partial(event, told, measure="people", name=None), full)
    yield _line("sum of a property", partial(event, told, measure="sum", name="purchase"), full)
    yield _line("one metric", partial(metric, told), full)
    for what in ("people of any event", "one metric"):
        yield Line(f"peak memory, explore: {what}", peak(_alone, what, told), 512, " MB")


def event(
    told: Lake,
    rolled: Mapping[Path, Rolled],
    *,
    measure: Measure,
    name: str | None = "login",
) -> Answer:
    """A year of weeks of an event, split by segment."""
    asked = Question(measure, "week", SINCE, AS_OF, event=name, property="amount")
    segments = _segments(told)
    names = [(1, account, n) for n, account in enumerate(told.seats)]
    belongs = [(n, segments[account]) for n, account in enumerate(told.seats)]
    return over_time(asked, told.parts(), names, belongs=belongs, rolled=rolled)


def metric(told: Lake, rolled: Mapping[Path, Rolled]) -> Answer:
    """A year of weeks of a metric, split by segment: the middle of all customers."""
    formula, segments = DEFINITIONS[METRIC], _segments(told)
    assert not isinstance(formula, Entered)
    return values_over_time(
        formula,
        SUNDAYS,
        [(n, SUNDAYS[0], SUNDAYS[-1], seats) for n, seats in enumerate(told.seats.values())],
        [AccountRow(n, 1, account) for n, account in enumerate(told.seats)],
        Streams(ZONE, told.parts(), rolled=rolled),
        told=Told("median"),
        belongs=[(n, segments[account]) for n, account in enumerate(told.seats)],
    )


def with_event_days(told: Lake, rolled: Mapping[Path, Rolled]) -> dict[Path, Rolled]:
    """The rollups with the event-days of their parts, made once."""
    home = told.home / "event_days"
    home.mkdir(exist_ok=True)
    found = {}
    for part, each in rolled.items():
        out = home / part.name
        if not out.exists():
            roll_events([part], out)
        found[part] = replace(each, events=out)
    return found


def waited(run: Callable[[], object]) -> Waited:
    found = []
    for _ in range(ROUNDS):
        clock, processor = time.perf_counter(), time.process_time()
        run()
        found.append((time.perf_counter() - clock, time.process_time() - processor))
    return Waited(*map(min, zip(*found, strict=True)))


def _line(
    what: str, run: Callable[[Mapping[Path, Rolled]], Answer], rolled: Mapping[Path, Rolled]
) -> Line:
    """From rollups, beside the same from the events; the two must say the same."""
    mine, raw = run(rolled), run({})
    assert same_answers(mine, raw), what
    ours, theirs = waited(partial(run, rolled)), waited(partial(run, {}))
    note = (
        f"{ours.clock:.2f} s by the clock; from the events"
        f" {theirs.processor:.2f} s, {theirs.clock:.2f} s"
    )
    what = f"explore, 52 weeks by segment: {what}"
    return Line(what, ours.processor, WAIT, " s", note=note)


def same_answers(mine: Answer, other: Answer) -> bool:
    """Whether two answers agree in every number."""
    pairs = [(mine.whole, other.whole), (mine.rest, other.rest)]
    pairs += [(mine.parts[part], other.parts[part]) for part in mine.parts]
    return list(mine.parts) == list(other.parts) and all(map(_same, *zip(*pairs, strict=True)))


def _same(mine: Mapping[date, float], other: Mapping[date, float]) -> bool:
    return mine.keys() == other.keys() and all(
        abs(mine[day] - other[day]) <= 1e-9 * max(1.0, abs(other[day])) for day in mine
    )


def _alone(what: str, told: Lake) -> None:
    patience.SECONDS = LONG
    full = with_event_days(told, told.rolled(told.parts()))
    if what == "one metric":
        metric(told, full)
    else:
        event(told, full, measure="people", name=None)


def _segments(told: Lake) -> dict[str, str]:
    file = told.home.parent / "accounts.parquet"
    with connect(file) as connection:
        rows: Sequence[tuple[str, str]] = connection.execute(
            f"select account_id, segment from {parquet([file])}"
        ).fetchall()
    return dict(rows)
