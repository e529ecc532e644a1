"""The yardstick of the shared folder as a lake of ours, its 20 metrics, and its SQL by hand.

The events become the parts they would be after a year: one a month, and one a day of the month
that is not over. Both sides read these same files.
"""

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from banso.core.atoms import atoms
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
from banso.engine.measure import measured
from banso.engine.relations import AccountRow, Pair, Streams
from banso.engine.rollup import Rolled, roll
from banso.engine.staged import spill, write

AS_OF = date(2026, 6, 30)
BACK = 90
ZONE = "Asia/Tokyo"
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

_EVENT = """select cast(1 as integer) as source, message_id as message, ts,
 cast(day as date) as day, account_id as account, person_id as person, event,
 cast(1 as integer) as count, properties,
 cast(null as integer) as import_id, cast(null as integer) as line"""


@dataclass(frozen=True)
class Lake:
    """Events in parts, and their rollups; what lies before `first` is not in it."""

    home: Path
    seats: dict[str, int]
    first: date = date.min

    def parts(self, since: date = date.min, until: date = date.max) -> list[Path]:
        """The parts with events of the days between, by their first day."""
        found = sorted((self.home / "parts").glob("*.parquet"))
        return [
            part
            for part in found
            if max(since, self.first) <= _last(part) and _first(part) <= until
        ]

    def rolled(self, parts: Sequence[Path]) -> dict[Path, Rolled]:
        """Their rollups, made once."""
        return {part: self._rolled(part) for part in parts}

    def _rolled(self, part: Path) -> Rolled:
        accounts, people = (self.home / each / part.name for each in ("accounts", "people"))
        asked = atoms(DEFINITIONS.values())
        if people.exists():
            return Rolled(accounts, people, frozenset(each.column for each in asked))
        return roll([part], asked, accounts=accounts, people=people)

    @property
    def accounts(self) -> list[AccountRow[str]]:
        return [AccountRow(account, 1, account) for account in self.seats]


def lake(scale: float) -> Lake:
    """The lake of a scale, made when it is not there yet."""
    data = Path(tempfile.gettempdir()) / f"banso-yardstick-{scale}"
    if not (data / "accounts.parquet").exists():
        maker = SHARED / "yardstick" / "make_events.py"
        subprocess.run([sys.executable, maker, str(scale), data], check=True)
    home = data / "lake"
    for name in ("parts", "accounts", "people"):
        (home / name).mkdir(parents=True, exist_ok=True)
    for name, files in _layout(data).items():
        out = home / "parts" / f"{name}.parquet"
        if not out.exists():
            with connect(*files, out.parent, spill=spill(out)) as connection:
                events = parquet(files, hive_partitioning="true")
                write(connection, f"{_EVENT} from {events} order by account, day, ts", out)
    with connect(data) as connection:
        accounts = parquet([data / "accounts.parquet"])
        seats = connection.execute(f"select account_id, seats from {accounts}").fetchall()
    return Lake(home, dict(seats))


def ours(told: Lake, rolled: Mapping[Path, Rolled], as_of: date = AS_OF) -> Table:
    """A snapshot, from the connection to the values in Python."""
    parts = told.parts(as_of - timedelta(BACK - 1), as_of)
    streams = Streams(ZONE, parts, rolled={part: rolled[part] for part in parts if part in rolled})
    pairs = [Pair(account, as_of, n) for account, n in told.seats.items()]
    found = measured(DEFINITIONS, told.accounts, pairs, streams)
    return {pair.key: values for pair, values in found}


def by_hand(told: Lake) -> Table:
    """The same by the SQL of the yardstick."""
    query = (SHARED / "yardstick" / "two_level.sql").read_text()
    parts = told.parts(AS_OF - timedelta(BACK - 1), AS_OF)
    accounts = told.home.parent / "accounts.parquet"
    with connect(*parts, accounts) as connection:
        columns = "account as account_id, person as person_id, day, event, properties"
        connection.execute(f"create view ev as select {columns} from {parquet(parts)}")
        connection.execute(f"create view acc as select * from {parquet([accounts])}")
        found = connection.execute(query)
        names = [column[0] for column in found.description][1:]
        return {row[0]: dict(zip(names, row[1:], strict=True)) for row in found.fetchall()}


def differences(mine: Table, hand: Table) -> list[tuple[str, str, float | None, float | None]]:
    """(account, metric, ours, by hand) where the two are not the same."""
    pairs = (
        (account, name, _as_by_hand(name, mine[account][name]), values[name])
        for account, values in hand.items()
        for name in DEFINITIONS
    )
    return [pair for pair in pairs if not same(*pair[2:])]


def _as_by_hand(name: str, value: float | None) -> float | None:
    # the yardstick subtracts 1 from the ratio, and says nothing where we say "90 or more"
    if name == "wow_events":
        return None if value is None else value - 1
    return None if name.startswith("days_since") and value == 90 else value


def same(a: float | None, b: float | None) -> bool:
    return a is b or (a is not None and b is not None and math.isclose(a, b, abs_tol=1e-9))


def _layout(data: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for file in sorted(data.glob("events/*/*.parquet")):
        day = file.parent.name.removeprefix("day=")
        open_month = date.fromisoformat(day) >= AS_OF.replace(day=1)
        found.setdefault(day if open_month else day[:7], []).append(file)
    return found


def _first(part: Path) -> date:
    return date.fromisoformat(part.stem if len(part.stem) > 7 else f"{part.stem}-01")


def _last(part: Path) -> date:
    first = _first(part)
    return first if len(part.stem) > 7 else (first + timedelta(31)).replace(day=1) - timedelta(1)
