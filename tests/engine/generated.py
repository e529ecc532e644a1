"""Generated lists of events, metrics and days, with what the lake should keep of them told anew.

Zones, nights of clock changes, duplicates, conflicts, unknown accounts, several names of one
account and awkward names and values all occur.
"""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from banso.core.conditions import All, AnyOf, Condition, Is, Not, Op
from banso.core.evaluate import evaluate
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Events,
    LastOf,
    MeanOf,
    Occurrence,
    PerPerson,
    Ratio,
    Seats,
    Simple,
    Stream,
    SumOf,
    Trend,
    stream_of,
)
from banso.core.windows import DAY_KINDS, PERIODS, Window
from banso.engine.lake import StagedEvent
from banso.engine.relations import AccountRow, Pair, Streams
from tests.engine.events import Lake, files

ZONES = [
    "Asia/Tokyo",
    "UTC",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Havana",
    "Pacific/Apia",
    "America/St_Johns",
    "Asia/Beirut",
]
EVENTS = ["login", "export", "it's", 'say "hi"', "ログイン", "back\\slash", "Login"]
PROPERTIES = ["n", "金額", "a/b~1c", 'q"uote', "", "two words", "$.x", "it's"]
VALUES: list[str | float | int | bool | None] = [
    *(1, 2.5, -3, 0, 1e-7, 123456789012, 10**20, 0.1, True, False, None),
    *(
        "4",
        " 5.5 ",
        "1e3",
        "-.5",
        "7.",
        "nan",
        "inf",
        "1e400",
        "",
        "x",
        "1_000",
        "１２",
        "0x1F",
        "\t9",
    ),
    *(float("nan"), float("inf")),
]
DAYS = [1, 2, 7, 28, 61, 62, 63, 90, 125, 365]
SAME = [(1, "p1", "one"), (2, "p2", "one"), (2, "p1", "two"), (2, "人", "two"), (9, "p3", "x")]
ASKED: list[str | float | int | bool] = [
    *(1, 2.5, -3, 0, 4, 1000.0, 123456789012, 10**20, True, False),
    *("4", " 5.5 ", "1e3", "x", "X", "nan", "true", "１２", "it's"),
]


@dataclass(frozen=True)
class World:
    """Accounts by key, each with its names and events; metrics; days near `as_of`."""

    zone: str
    as_of: date
    names: dict[int, list[tuple[int, str]]]
    definitions: dict[str, Definition]
    accounts: list[AccountRow[int]]
    pairs: list[Pair[int]]
    streams: Streams[int]
    kept: list[StagedEvent]
    listed: dict[tuple[int, Stream], list[Occurrence]] = field(default_factory=dict)
    expected: dict[tuple[str, Pair[int]], tuple[float | None, float]] = field(default_factory=dict)

    def occurrences(self, key: int, stream: Stream) -> list[Occurrence]:
        """What happened in the stream of one account."""
        if (key, stream) not in self.listed:
            self.listed[key, stream] = self._list(key, stream)
        return self.listed[key, stream]

    def _list(self, key: int, stream: Stream) -> list[Occurrence]:
        if stream == "events":
            return told_of(self.kept, self.names[key], self.streams.people)
        return [o for k, o in self.streams.told[stream] if k == key]

    def wrong(self, name: str, pair: Pair[int], found: float | None) -> str | None:
        """Where `found` is not what the pure evaluator says, the two."""
        if (name, pair) not in self.expected:
            self.expected[name, pair] = self._expect(name, pair)
        expected, slack = self.expected[name, pair]
        if same(found, expected, slack):
            return None
        return f"{pair} {self.definitions[name]}: {found}, not {expected}"

    def _expect(self, name: str, pair: Pair[int]) -> tuple[float | None, float]:
        definition = self.definitions[name]
        told = self.occurrences(pair.key, stream_of(definition))
        day = {"as_of": pair.day, "zone": self.zone, "seats": pair.seats}
        return evaluate(definition, told, **day), _slack(definition, told, day)


def world(home: Path, zone: str, seed: int, lists: int) -> World:
    """A world of so many lists of events, in a lake built at `home`."""
    chance = random.Random(f"{zone} {seed}")
    as_of = _day(chance, zone)
    names = {key: _names(chance, key) for key in range(lists)}
    told = [e for key in names for e in _list(chance, names[key], as_of, zone)]
    small = {
        stream: [
            (k, _small(chance, as_of, zone)) for k in names for _ in range(chance.randint(0, 5))
        ]
        for stream in ("contacts", "contracts", "actions")
    }
    definitions = {f"m{i}": a_definition(chance) for i in range(40)}
    lake = Lake(home, zone)
    for some in _cut(chance, told):
        lake.stage(*some)
    known = {source: {a for _, a in _pairs(names) if a != "unknown"} for source in (1, 2)}
    parts = files(lake.build(known))
    accounts = [
        AccountRow(key, source, account, chance.choice([None, 0, 3, 10]))
        for key in names
        for source, account in names[key] or [(None, None)]
    ]
    seats = {row.key: row.seats for row in accounts}
    days = [as_of, as_of - timedelta(chance.randint(1, 90)), as_of + timedelta(1)]
    pairs = [Pair(key, day, seats[key]) for key in names for day in days]
    streams = Streams(zone, parts, **small, people=chance.choice([[], SAME]))
    return World(zone, as_of, names, definitions, accounts, pairs, streams, _kept(told, known))


def _kept(told: Sequence[StagedEvent], known: dict[int, set[str]]) -> list[StagedEvent]:
    first: dict[object, StagedEvent] = {}
    for e in told:
        labels = tuple(sorted((k, v) for k, v in e.properties.items() if isinstance(v, str)))
        alone = (e.source, e.at, e.account, e.person, e.event, labels)
        first.setdefault((e.source, e.message) if e.message else alone, e)
    return [e for e in first.values() if e.account in known[e.source]]


def told_of(
    kept: Iterable[StagedEvent],
    names: list[tuple[int, str]],
    people: Sequence[tuple[int, str, str]] = (),
    *,
    scoped: bool = False,
) -> list[Occurrence]:
    ones = {(source, person): one for source, person, one in people}
    scoped = scoped or len({source for source, _ in names}) > 1
    return [
        Occurrence(
            at=e.at,
            event=e.event,
            person=ones.get((e.source, e.person))
            or (f"{e.source}:{e.person}" if scoped and e.person else e.person),
            count=e.count,
            properties={
                k: None if isinstance(v, float) and not math.isfinite(v) else v
                for k, v in e.properties.items()
            },
        )
        for e in kept
        if (e.source, e.account) in names
    ]


def _slack(definition: Definition, told: list[Occurrence], day: dict) -> float:
    """What doubles lose where two large sums are taken from one another."""
    if not isinstance(definition, Trend) or definition.change == "ratio":
        return 0.0
    return abs(evaluate(definition.of, told, **day) or 0.0)


def same(found: float | None, expected: float | None, slack: float = 0.0) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=max(1e-9, 1e-9 * slack))


def _day(chance: random.Random, zone: str) -> date:
    """A day near a night on which the clocks change, where the zone has such."""
    noon = datetime(2021, 1, 1, 12, tzinfo=ZoneInfo(zone))
    changes = [
        noon.date() + timedelta(i)
        for i in range(900)
        if (noon + timedelta(i)).utcoffset() != (noon + timedelta(i - 1)).utcoffset()
    ]
    near = chance.choice(changes or [noon.date() + timedelta(chance.randint(0, 900))])
    return near + timedelta(chance.choice([0, 0, 1, 6, 27]))


def _moment(chance: random.Random, as_of: date, zone: str) -> datetime:
    """A time at or near a local midnight, or any; mostly near the day, some after it."""
    back = chance.choice([-1, 0, 0, 1, 2, 6, 7, 27, 28, chance.randint(0, 400)])
    midnight = datetime.combine(as_of - timedelta(back), datetime.min.time(), ZoneInfo(zone))
    away = chance.choice([-1, 0, 1, 60_000_000, chance.randint(0, 86_400_000_000)])
    return midnight.astimezone(UTC) + timedelta(microseconds=away)


def _names(chance: random.Random, key: int) -> list[tuple[int, str]]:
    mine = [(1, f"a{key}"), (1, f"a{key}'s other"), (2, f"a{key}"), (1, f"z{key}")]
    return chance.sample(mine, chance.choice([0, 1, 1, 1, 1, 2, 3]))


def _pairs(names: dict[int, list[tuple[int, str]]]) -> list[tuple[int, str]]:
    return [pair for pairs in names.values() for pair in pairs]


def _list(
    chance: random.Random, names: list[tuple[int, str]], as_of: date, zone: str
) -> list[StagedEvent]:
    told: list[StagedEvent] = []
    for _ in range(chance.choice([0, 1, 3, 10, 30]) if names else 0):
        source, account = chance.choice([*names, (1, "unknown")])
        event = StagedEvent(
            source=source,
            import_id=1,
            line=0,
            message=chance.choice([None, None, f"m{chance.randint(0, 10**9)}"]),
            at=_moment(chance, as_of, zone),
            account=account,
            person=chance.choice([None, "p1", "p2", "p3", "人"]),
            event=chance.choice(EVENTS),
            count=chance.choice([1, 1, 1, 2, 5, 0]),
            properties={
                p: chance.choice(VALUES) for p in chance.sample(PROPERTIES, chance.randint(0, 4))
            },
        )
        told.append(event)
        if chance.random() < 0.2:
            told.append(chance.choice([event, replace(event, count=event.count + 1)]))
    return told


def _small(chance: random.Random, as_of: date, zone: str) -> Occurrence:
    return Occurrence(
        at=_moment(chance, as_of, zone),
        event=chance.choice(["contact", "contract_started"]),
        person=chance.choice([None, "p1", "p2"]),
        count=chance.choice([1, 2]),
        properties={"n": chance.choice(VALUES), "channel": "mail"},
    )


def _cut(chance: random.Random, told: list[StagedEvent]) -> list[list[StagedEvent]]:
    first, second = sorted(chance.randint(0, len(told)) for _ in range(2))
    return [told[:first], told[first:second], told[second:]]


def _event(chance: random.Random, stream: Stream) -> Events:
    known = EVENTS if stream == "events" else ["contact", "contract_started"]
    several = tuple(sorted(chance.sample(known, 2)))
    return chance.choice([None, *known, several])


def _window(chance: random.Random) -> Window:
    return chance.choice([*DAYS, *PERIODS])


def _where(chance: random.Random, deeper: int = 2) -> Condition:
    kind = chance.randint(0, 5) if deeper else 5
    if kind == 0:
        return Not(_where(chance, deeper - 1))
    if kind in (1, 2):
        of = tuple(_where(chance, deeper - 1) for _ in range(chance.randint(1, 3)))
        return All(of) if kind == 1 else AnyOf(of)
    return _is(chance)


def _is(chance: random.Random) -> Is:
    name = chance.choice([p for p in PROPERTIES if p])
    op: Op = chance.choice(
        ["is", "is_not", "one_of", "contains", "lt", "le", "gt", "ge", "between", "known",
         "unknown"]
    )  # fmt: skip
    numbers = [a for a in ASKED if not isinstance(a, bool | str)]
    match op:
        case "known" | "unknown":
            return Is(name, op)
        case "one_of":
            return Is(name, op, tuple(chance.sample(ASKED, 3)))
        case "between":
            return Is(name, op, tuple(sorted(chance.sample(numbers, 2))))
        case "contains":
            return Is(name, op, chance.choice(["x", "X", "5.", "1", "'"]))
        case "is" | "is_not":
            return Is(name, op, chance.choice(ASKED))
        case _:
            return Is(name, op, chance.choice([*numbers, "2026-01-01"]))


def _shared(chance: random.Random, stream: Stream) -> dict:
    return {
        "offset": chance.choice([0, 0, 0, 1, 7, 100]),
        "stream": stream,
        "where": chance.choice([None, None, _where(chance)]),
        "on": chance.choice(["every_day", *DAY_KINDS]),
    }


def _simple(chance: random.Random, stream: Stream) -> Simple:
    kind = chance.randint(0, 8)
    if kind == 0:
        return DistinctPeople(_event(chance, stream), _window(chance), **_shared(chance, stream))
    return a_number_of_people(chance, stream)


def a_number_of_people(chance: random.Random, stream: Stream) -> Simple:
    event, window, shared = _event(chance, stream), _window(chance), _shared(chance, stream)
    kind = chance.randint(0, 5)
    if kind == 0:
        return DaysSince(event, chance.choice(DAYS), stream, shared["where"])
    if kind < 3:
        return chance.choice([Count, ActiveDays])(event, window, **shared)
    name = chance.choice(PROPERTIES if shared["where"] is None else ["n", "金額"])
    return chance.choice([SumOf, MeanOf, LastOf])(event, name, window, **shared)


def a_definition(chance: random.Random) -> Definition:
    stream: Stream = chance.choice(["events", "events", "events", "contacts", "contracts"])
    stream = chance.choice([stream, stream, "actions"])
    simple = _simple(chance, stream)
    match chance.randint(0, 9):
        case 0 | 1:
            return Ratio(simple, chance.choice([Seats(), _simple(chance, stream)]))
        case 2 | 3 if not isinstance(simple, DaysSince):
            return Trend(simple, chance.choice(["difference", "ratio"]))
        case 4 | 5 if not isinstance(simple, DistinctPeople):
            how = chance.choice(["mean", "median", "share"])
            bound = chance.choice([1, 2.5, 0, -3]) if how == "share" else None
            return PerPerson(simple, how, bound, chance.choice([7, 90, 400]))
        case _:
            return simple
