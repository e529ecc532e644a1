"""What metrics are computed over: the five streams, gathered for engagements and their days."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from banso.actions.models import Action, Contact
from banso.actions.streams import action_occurrences, contact_occurrences
from banso.base.models import Activity
from banso.base.workspace import day_end, workspace
from banso.core.metrics import Definition, Occurrence, Stream
from banso.engagements.models import Contract
from banso.engagements.values import contract_occurrences, seats_at
from banso.engine import measure as engine
from banso.engine.relations import IN_LAKE, AccountRow, Pair, Streams
from banso.engine.sql import reach
from banso.events import lake
from banso.metrics.rollups import rolled

FEW = 500
type At = tuple[int, date]


@dataclass(frozen=True)
class Gathered:
    """What the engine measures: how the sources call each engagement, the pairs with their seats,
    and the streams."""

    accounts: list[AccountRow[int]]
    pairs: list[Pair[int]]
    streams: Streams[int]

    @property
    def named(self) -> set[int]:
        """The engagements that the product knows."""
        own = self.streams.own
        return {row.key for row in self.accounts if row.account and row.source != own}


def parts_of(back: Mapping[Stream, int], days: Collection[date]) -> list[Path]:
    """The lake's files that definitions looking so far `back` from these days may count of."""
    looking = [number for stream, number in back.items() if stream in IN_LAKE]
    if not looking:
        return []
    return lake.files(min(days) - timedelta(days=max(looking) - 1), max(days))


def gather(
    back: Mapping[Stream, int], pairs: Sequence[At], files: Sequence[Path] | None = None
) -> Gathered:
    """Everything that definitions looking so far `back` may count for these pairs; of the lake as
    it is now, or of these `files` of it."""
    ids, days = {each for each, _ in pairs}, [day for _, day in pairs]
    first, last = min(days), max(days)
    few = ids if len(ids) <= FEW else None
    since = {stream: first - timedelta(days=days - 1) for stream, days in back.items()}
    files = parts_of(back, days) if files is None else files
    streams = Streams(
        zone=lake.zone(),
        files=files,
        contacts=contact_occurrences(last, since["contacts"], few) if "contacts" in back else (),
        contracts=contract_occurrences(last, ids=few) if "contracts" in back else (),
        actions=action_occurrences(last, since["actions"], few) if "actions" in back else (),
        people=lake.same_people() if "events" in back else (),
        rolled=rolled(files) if "events" in back else {},
        own=lake.own_source() if "acts" in back else None,  # else no name means its rows
    )
    seats = seats_at(pairs)
    accounts = [*accounts_of(ids), *(own_names(ids) if "acts" in back else ())]
    return Gathered(accounts, [Pair(*pair, seats[pair]) for pair in pairs], streams)


def usage_of(
    meaning: Definition, ids: Collection[int], days: Sequence[date]
) -> tuple[list[AccountRow[int]], Streams[int]]:
    """What a definition over product events may count for these engagements on these days, and
    how its sources call them."""
    back = reach([meaning])["events"]
    files = lake.files(min(days) - timedelta(days=back - 1), max(days))
    people, sums = lake.same_people(), rolled(files)
    return accounts_of(ids), Streams(lake.zone(), files, people=people, rolled=sums)


def occurrences(meaning: Definition, pair: At, files: Sequence[Path]) -> list[Occurrence]:
    """What one engagement's value on a day may rest on; of the lake, what is in these files."""
    each, day = pair
    [(stream, back)] = reach([meaning]).items()
    since = day - timedelta(days=back - 1)
    told: dict[Stream, Callable[[], list[tuple[int, Occurrence]]]] = {
        "contacts": lambda: contact_occurrences(day, since, [each]),
        "contracts": lambda: contract_occurrences(day, since, [each]),
        "actions": lambda: action_occurrences(day, since, [each]),
    }
    if stream in told:
        return [found for one, found in told[stream]() if one == each]
    rows = lake.own_names([each]) if stream == "acts" else lake.accounts([each])
    names = [(row.source, row.account) for row in rows]
    return engine.occurrences(
        files,
        [(source, account) for source, account in names if source and account],
        since=since,
        until=day,
        people=lake.same_people(),
    )


def unconnected(stream: Stream | None, days: Collection[date]) -> set[date]:
    """The days on which nothing of a stream was known yet."""
    place = workspace()
    ends = {day: day_end(day, place) for day in days}
    connected: dict[Stream | None, Callable[[date], bool]] = {
        "events": lake.connected,
        "contacts": lambda day: Contact.objects.filter(occurred_at__lt=ends[day]).exists(),
        "contracts": lambda day: Contract.objects.filter(start_on__lte=day).exists(),
        "actions": lambda day: Action.objects.filter(created_at__lt=ends[day]).exists(),
        "acts": lambda day: Activity.objects.filter(at__lt=ends[day]).exists(),
    }
    ordered = sorted(days)
    low, high = 0, len(ordered)
    while low < high:  # once connected, every later day is
        middle = (low + high) // 2
        low, high = (low, middle) if connected[stream](ordered[middle]) else (middle + 1, high)
    return set(ordered[:low])


def accounts_of(ids: Collection[int]) -> list[AccountRow[int]]:
    """How the sources call these engagements; one row without a name for the rest."""
    rows = lake.accounts(ids if len(ids) <= FEW else None)
    named = [AccountRow(int(row.key), row.source, row.account) for row in rows]
    rest = set(ids) - {row.key for row in named}
    return [*(row for row in named if row.key in ids), *map(AccountRow, sorted(rest))]


def own_names(ids: Collection[int]) -> list[AccountRow[int]]:
    """What our own acts call these engagements."""
    return [AccountRow(int(row.key), row.source, row.account) for row in lake.own_names(ids)]
