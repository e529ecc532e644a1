"""Measurements of the yardstick against its SQL by hand: the targets of the engine.

    python -m bench.measurements [--scale 0.1 ...] [--rounds 5] [--without-pandas] [--write]

Everything runs in turn in one process with two threads; what counts are CPU seconds, from opening
the connection to the values in Python. Values must be the same cell by cell. Peak memory is that
of a process that does nothing else. The events come from the yardstick of the shared folder and
are made when they are not there yet, in the temporary folder: 2 GB at scale 1.0, and again as much
for the lake.
"""

import argparse
import math
import multiprocessing
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from bench import explore
from bench.new_day import from_inbox, from_part, inbox
from bench.report import write as write_page
from bench.target import Line
from bench.yardstick import (
    AS_OF,
    BACK,
    DEFINITIONS,
    ZONE,
    Lake,
    by_hand,
    differences,
    lake,
    ours,
    same,
)

from banso.core.metrics import Count
from banso.engine.connect import connect, parquet
from banso.engine.history import history
from banso.engine.measure import measured, occurrences
from banso.engine.relations import AccountRow, Pair, Streams
from banso.engine.rollup import Rolled
from banso.engine.staged import spill, write

SUNDAYS = [date(2026, 6, 28) - timedelta(7 * back) for back in range(52)]
CHECKED = 4
FIRST_OF_QUARTER = date(2026, 4, 1)
SPLIT = 10
HEAD = ("| what | found | target | CPU seconds |", "| --- | --- | --- | --- |")


def main() -> int:
    """Measure and print the tables; 0 if every value agrees and no target is missed."""
    options = _options()
    tables, missed = {}, False
    for scale in options.scale or [0.1]:
        told = lake(scale)
        lines = table(told, options.rounds, pandas=not options.without_pandas)
        tables[_title(told)] = [*HEAD, *(line.row for line in lines)]
        print(_title(told), *tables[_title(told)], sep="\n", flush=True)
        missed |= any(line.missed for line in lines)
    if options.write:
        write_page(tables)
    return int(missed)


def table(told: Lake, rounds: int, *, pandas: bool) -> list[Line]:
    """Every target, beside the SQL by hand on the same files."""
    rolled = told.rolled(told.parts())
    check(told, rolled)
    batches = inbox(told, AS_OF)
    one, raw, mine, day, arrived = alternately(
        rounds,
        partial(by_hand, told),
        partial(ours, told, {}),
        partial(ours, told, rolled),
        partial(from_part, told, rolled),
        partial(from_inbox, told, rolled, batches),
    )
    [each] = alternately(1, partial(one_by_one, told))
    lines = [
        Line("snapshot of 20 metrics from the events", raw / one, 1.3, note=_beside(raw, one)),
        Line("snapshot from rollups", mine / one, 0.25, note=_beside(mine, one)),
        Line("a new day: rolled, and its snapshot", day / one, 0.3, note=_beside(day, one)),
        Line("a new day: from the inbox", arrived / one, 0.5, note=_beside(arrived, one)),
        Line("one query per metric, from the events", each / one, note=_beside(each, one)),
        _more_accounts(told, mine, rounds),
        _more_history(told, rounds),
        history_line(told, rolled),
        *_memory(told),
        _explained(told),
        *explore.lines(told, _peak),
    ]
    return [*lines, _pandas(told, mine)] if pandas else lines


def check(told: Lake, rolled: Mapping[Path, Rolled]) -> None:
    """Stop where a value is not the same by hand, from the events and from rollups."""
    hand = by_hand(told)
    wrong = [each for how in ({}, rolled) for each in differences(ours(told, how), hand)]
    if wrong:
        sys.exit(f"{len(wrong)} values differ, such as {wrong[0]}")


def one_by_one(told: Lake) -> None:
    """Each metric in a statement of its own."""
    streams = Streams(ZONE, told.parts(AS_OF - timedelta(BACK - 1), AS_OF))
    for name, each in DEFINITIONS.items():
        _exhaust(measured({name: each}, told.accounts, _pairs(told, [AS_OF]), streams))


def all_weeks(told: Lake, rolled: Mapping[Path, Rolled]) -> None:
    """52 weeks in one statement."""
    streams = Streams(ZONE, told.parts(), rolled=rolled)
    _exhaust(history(DEFINITIONS, told.accounts, _pairs(told, SUNDAYS), streams))


def week_by_week(told: Lake, rolled: Mapping[Path, Rolled]) -> None:
    for day in SUNDAYS:
        ours(told, rolled, day)


def alternately(rounds: int, *runs: Callable[[], object]) -> list[float]:
    """The median CPU seconds of each, run in turn so that other work weighs on all alike."""
    seconds: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for found, run in zip(seconds, runs, strict=True):
            before = time.process_time()
            run()
            found.append(time.process_time() - before)
    return list(map(statistics.median, seconds))


def _more_accounts(told: Lake, mine: float, rounds: int) -> Line:
    """The same events of ten times as many accounts: each person's account cut in ten."""
    many = _split(told)
    rolled = many.rolled(many.parts())
    [seconds] = alternately(rounds, partial(ours, many, rolled))
    note = f"{len(many.seats):,} accounts, {_beside(seconds, mine)}"
    return Line("snapshot from rollups, ten times as many accounts", seconds / mine, 4, note=note)


def _split(told: Lake) -> Lake:
    home = told.home.with_name(f"lake-of-{SPLIT}-times-as-many")
    for name in ("parts", "accounts", "people"):
        (home / name).mkdir(parents=True, exist_ok=True)
    which = f"account || '-' || (hash(person) % {SPLIT})"
    for part in told.parts(AS_OF - timedelta(BACK - 1), AS_OF):
        out = home / "parts" / part.name
        if not out.exists():
            with connect(part, out.parent, spill=spill(out)) as connection:
                query = f"select * replace ({which} as account) from {parquet([part])}"
                write(connection, f"{query} order by account, day, ts", out)
    return Lake(home, {f"{a}-{i}": n for a, n in told.seats.items() for i in range(SPLIT)})


def _more_history(told: Lake, rounds: int) -> Line:
    """The same snapshot where the manifest names a quarter as many days."""
    short = replace(told, first=FIRST_OF_QUARTER)
    one, four = alternately(
        rounds, *(partial(ours, each, each.rolled(each.parts())) for each in (short, told))
    )
    return Line("snapshot, four times as long a history", four / one, 1.1, note=_beside(four, one))


def history_line(told: Lake, rolled: Mapping[Path, Rolled]) -> Line:
    """All weeks together beside week by week; stops where a value of the two differs."""
    streams = Streams(ZONE, told.parts(), rolled=rolled)
    checked = set(SUNDAYS[:: len(SUNDAYS) // CHECKED])
    single = {day: ours(told, rolled, day) for day in checked}
    for pair, values in history(DEFINITIONS, told.accounts, _pairs(told, SUNDAYS), streams):
        if pair.day in checked and not _agree(values, single[pair.day][pair.key]):
            sys.exit(f"history of {pair} differs")
    one, loop = alternately(
        1, partial(all_weeks, told, rolled), partial(week_by_week, told, rolled)
    )
    note = _beside(one, loop)
    return Line("52 weekly snapshots in one statement, to one by one", one / loop, 0.75, note=note)


def _agree(values: dict[str, float | None], others: dict[str, float | None]) -> bool:
    return all(same(value, others[name]) for name, value in values.items())


def _memory(told: Lake) -> list[Line]:
    rolled = told.rolled(told.parts())
    return [
        Line("peak memory, snapshot from rollups", _peak(ours, told, rolled), 512, " MB"),
        Line("peak memory, snapshot from the events", _peak(ours, told, {}), 512, " MB"),
        Line("peak memory, 52 weeks", _peak(all_weeks, told, rolled), 1024, " MB"),
    ]


def _peak(run: Callable[..., object], *given: object) -> float:
    """The peak memory in MB of a fresh process that does this alone."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measured_alone, (run, *given))


def _measured_alone(run: Callable[..., object], *given: object) -> float:
    run(*given)
    status = Path("/proc/self/status").read_text()  # getrusage would tell the parent's peak
    [peak] = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak) / 1024


def _explained(told: Lake) -> Line:
    """From the click to the value and its events: those of the largest account in 28 days."""
    since, seconds = AS_OF - timedelta(27), 0.0
    largest = max(told.seats, key=told.seats.__getitem__)
    middle = sorted(told.seats)[len(told.seats) // 2]
    parts, notes = told.parts(since, AS_OF), []
    for account in (middle, largest):
        before = time.perf_counter()
        rows, pairs = [AccountRow(account, 1, account)], [Pair(account, AS_OF)]
        streams = Streams(ZONE, parts, rolled=told.rolled(parts))
        _exhaust(measured({"events": Count(None, 28)}, rows, pairs, streams))
        found = occurrences(parts, [(1, account)], since=since, until=AS_OF)
        seconds = time.perf_counter() - before
        notes.append(f"{len(found):,} events in {seconds:.2f} s")
    what = "a value opened to its events, the largest account"
    return Line(what, seconds, 1, " s", note=", ".join(notes))


def _pandas(told: Lake, mine: float) -> Line:
    from bench.by_hand import with_pandas

    parts = told.parts(AS_OF - timedelta(BACK - 1), AS_OF)
    found = with_pandas(parts, told.seats, AS_OF).astype(float)
    names = [name for name in DEFINITIONS if not name.startswith(("days_since", "wow"))]
    expected = by_hand(told)
    for name in names:
        column = found[name].to_dict()
        if not all(_close(column[account], expected[account][name]) for account in column):
            sys.exit(f"{name} differs in pandas")
    [seconds] = alternately(1, lambda: with_pandas(parts, told.seats, AS_OF))
    note = _beside(seconds, mine)
    return Line(
        "pandas by hand, to ours from rollups", seconds / mine, 10, "", least=True, note=note
    )


def _close(found: float, expected: float | None) -> bool:
    return expected is None or math.isclose(found, expected, abs_tol=1e-6)


def _pairs(told: Lake, days: Sequence[date]) -> list[Pair[str]]:
    return [Pair(account, day, n) for account, n in told.seats.items() for day in days]


def _exhaust(found: Iterable[object]) -> None:
    deque(found, maxlen=0)


def _beside(seconds: float, other: float) -> str:
    return f"{seconds:.2f} s / {other:.2f} s"


def _title(told: Lake) -> str:
    with connect(*told.parts()) as connection:
        events = connection.execute(f"select count(*) from {parquet(told.parts())}").fetchall()
    return f"{events[0][0] / 1e6:.1f} million events, {len(told.seats):,} accounts"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, action="append")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without-pandas", action="store_true")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
