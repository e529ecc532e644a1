"""A snapshot of 20 metrics from raw events, beside the same metrics in SQL written by hand.

    python bench/snapshot_from_raw.py [--scale 0.1] [--rounds 7] [--events DIR]

Both run on the same files, in turn, in one process with two threads. The CPU seconds are those
of everything from opening the connection to the values in Python; ours must be at most 1.3
times the other's, and every value must be the same. The events come from the yardstick of the
shared folder and are made when they are not there yet.
"""

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Ratio,
    Seats,
    SumOf,
)
from banso.engine.connect import connect, parquet
from banso.engine.relations import AccountRow, Pair, event_rows, load_subjects
from banso.engine.sql import Plan, reach, statement
from banso.engine.store import Local

AS_OF = date(2026, 6, 30)
LIMIT = 1.3
SHARED = Path(os.environ.get("BANSO_SHARED") or Path(__file__).resolve().parents[2] / "shared")
DEFINITIONS: dict[str, Definition] = {
    "logins_7": Count("login", 7),
    "logins_28": Count("login", 28),
    "logins_90": Count("login", 90),
    "report_views_28": Count("report_viewed", 28),
    "exports_28": Count("export", 28),
    "invites_90": Count("invite_sent", 90),
    "events_7": Count(None, 7),
    "events_28": Count(None, 28),
    "persons_7": DistinctPeople(None, 7),
    "persons_28": DistinctPeople(None, 28),
    "persons_90": DistinctPeople(None, 90),
    "report_makers_28": DistinctPeople("report_created", 28),
    "days_since_any": DaysSince(None, 90),
    "days_since_report": DaysSince("report_created", 90),
    "minutes_28": SumOf("session_ended", "minutes", 28),
    "amount_90": SumOf("purchase", "amount", 90),
    "active_days_28": ActiveDays(None, 28),
    "active_share_28": Ratio(DistinctPeople(None, 28), Seats()),
    "reports_per_login_28": Ratio(Count("report_created", 28), Count("login", 28)),
    "wow_events": Ratio(Count(None, 7), Count(None, 7, offset=7)),
}

type Table = dict[str, dict[str, float | None]]


def main() -> int:
    """Measure, compare and print; 0 if the values agree and the ratio is within the limit."""
    options = _options()
    data = options.events or Path(tempfile.gettempdir()) / f"banso-yardstick-{options.scale}"
    if not (data / "accounts.parquet").exists():
        maker = SHARED / "yardstick" / "make_events.py"
        subprocess.run([sys.executable, maker, str(options.scale), data], check=True)
    seats = _seats(data)
    differences = _differences(_ours(data, seats), _by_hand(data))
    ours, by_hand = [], []
    for number in range(options.rounds):
        ours.append(_cpu(lambda: _ours(data, seats)))
        by_hand.append(_cpu(lambda: _by_hand(data)))
        print(f"round {number + 1}: ours {ours[-1]:.3f} s, by hand {by_hand[-1]:.3f} s")
    ratio = statistics.median(ours) / statistics.median(by_hand)
    print(f"cells: {len(seats) * len(DEFINITIONS)}, that differ: {len(differences)}")
    for difference in differences[:5]:
        print(" ", *difference)
    print(f"median CPU: ours {statistics.median(ours):.3f} s", end=", ")
    print(f"by hand {statistics.median(by_hand):.3f} s, ratio {ratio:.2f} (limit {LIMIT})")
    return int(bool(differences) or ratio > LIMIT)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--events", type=Path)
    return parser.parse_args()


def _files(data: Path) -> list[Path]:
    return sorted(data.glob("events/*/*.parquet"))


def _seats(data: Path) -> dict[str, int]:
    with connect(data) as connection:
        accounts = parquet([data / "accounts.parquet"])
        return dict(connection.execute(f"select account_id, seats from {accounts}").fetchall())


def _ours(data: Path, seats: dict[str, int]) -> Table:
    lake = (
        "(select 1 as source, account_id as account, person_id as person, event, 1 as count,"
        f" properties, day, ts from {parquet(_files(data), hive_partitioning='true')})"
    )
    accounts = [AccountRow(account, 1, account) for account in seats]
    pairs = [Pair(account, AS_OF, n) for account, n in seats.items()]
    with connect(data) as connection:
        load_subjects(Local(connection), accounts, pairs)
        rows = event_rows(lake, reach(DEFINITIONS.values())["events"], {AS_OF}, len(accounts))
        found = connection.execute(statement(DEFINITIONS, Plan({"events": rows}))).fetchall()
    return {pairs[row[0]].key: dict(zip(DEFINITIONS, row[1:], strict=True)) for row in found}


def _by_hand(data: Path) -> Table:
    query = (SHARED / "yardstick" / "two_level.sql").read_text()
    events = parquet(_files(data), hive_partitioning="true")
    with connect(data) as connection:
        connection.execute(f"create view ev as select * from {events}")
        accounts = parquet([data / "accounts.parquet"])
        connection.execute(f"create view acc as select * from {accounts}")
        found = connection.execute(query)
        names = [column[0] for column in found.description][1:]
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in found.fetchall()}


def _differences(ours: Table, by_hand: Table) -> list[tuple[str, str, float | None, float | None]]:
    pairs = (
        (account, name, _as_by_hand(name, ours[account][name]), values[name])
        for account, values in by_hand.items()
        for name in DEFINITIONS
    )
    return [pair for pair in pairs if not _equal(*pair[2:])]


def _as_by_hand(name: str, value: float | None) -> float | None:
    # the yardstick subtracts 1 from the ratio, and says nothing where we say "90 or more"
    if name == "wow_events":
        return None if value is None else value - 1
    return None if name.startswith("days_since") and value == 90 else value


def _equal(a: float | None, b: float | None) -> bool:
    return a is b or (a is not None and b is not None and math.isclose(a, b, abs_tol=1e-9))


def _cpu(run: Callable[[], Table]) -> float:
    before = time.process_time()
    run()
    return time.process_time() - before


if __name__ == "__main__":
    sys.exit(main())
