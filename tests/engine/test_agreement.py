"""The engine against the pure evaluator, on 2,000 generated lists of events.

Zones, nights of clock changes, duplicates, conflicts, unknown accounts, several names of one
account and awkward names and values all occur. What the lake should keep is told here once more.
"""

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from banso.core.evaluate import evaluate
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    Occurrence,
    Ratio,
    Seats,
    Simple,
    Stream,
    SumOf,
)
from banso.engine.lake import StagedEvent
from banso.engine.measure import AccountRow, Pair, measure_at, occurrences, snapshot
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
LISTS = 100  # for each of two seeds in each zone
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


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("seed", [1, 2])
def test_engine_and_evaluator_agree(tmp_path: Path, zone: str, seed: int) -> None:
    chance = random.Random(f"{zone} {seed}")
    as_of = _day(chance, zone)
    names = {key: _names(chance, key) for key in range(LISTS)}
    told = [e for key in names for e in _list(chance, names[key], as_of, zone)]
    small = {
        stream: [
            (k, _small(chance, as_of, zone)) for k in names for _ in range(chance.randint(0, 5))
        ]
        for stream in ("contacts", "contracts")
    }
    definitions = {f"m{i}": _definition(chance) for i in range(30)}
    lake = Lake(tmp_path, zone)
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

    measured = measure_at(definitions, parts, accounts, pairs, zone=zone, **small)
    at_once = snapshot(definitions, parts, accounts, as_of=as_of, zone=zone, **small)
    kept = _kept(told, known)

    wrong = []
    for pair in pairs:
        streams: dict[Stream, list[Occurrence]] = {
            "events": _occurrences(kept, names[pair.key]),
            "contacts": [o for k, o in small["contacts"] if k == pair.key],
            "contracts": [o for k, o in small["contracts"] if k == pair.key],
        }
        for name, definition in definitions.items():
            told_so = streams[_stream(definition)]
            expected = evaluate(definition, told_so, as_of=pair.day, zone=zone, seats=pair.seats)
            found = [measured[pair.key, pair.day][name]]
            found += [at_once[pair.key][name]] if pair.day == as_of else []
            wrong += [(pair, definition, expected, f) for f in found if not _same(f, expected)]
    assert wrong == []
    _check_explained(parts, names, kept, as_of)


def _check_explained(
    parts: Sequence[Path],
    names: dict[int, list[tuple[int, str]]],
    kept: Sequence[StagedEvent],
    as_of: date,
) -> None:
    for key in range(0, LISTS, 10):
        listed = occurrences(parts, names[key], since=date.min, until=date.max)
        told = _occurrences(kept, names[key])
        assert sorted(map(_plain, listed)) == sorted(map(_plain, told))
    assert occurrences(parts, names[0], since=as_of + timedelta(400), until=date.max) == []


def _plain(o: Occurrence) -> tuple[str, ...]:
    values = {
        k: None if isinstance(v, float) and not math.isfinite(v) else v
        for k, v in o.properties.items()
    }
    return (o.at.isoformat(), o.event, str(o.person), str(o.count), str(sorted(values.items())))


def _kept(told: Sequence[StagedEvent], known: dict[int, set[str]]) -> list[StagedEvent]:
    first: dict[object, StagedEvent] = {}
    for e in told:
        labels = tuple(sorted((k, v) for k, v in e.properties.items() if isinstance(v, str)))
        alone = (e.source, e.at, e.account, e.person, e.event, labels)
        first.setdefault((e.source, e.message) if e.message else alone, e)
    return [e for e in first.values() if e.account in known[e.source]]


def _occurrences(kept: Iterable[StagedEvent], names: list[tuple[int, str]]) -> list[Occurrence]:
    scoped = len({source for source, _ in names}) > 1
    return [
        Occurrence(
            at=e.at,
            event=e.event,
            person=f"{e.source}:{e.person}" if scoped and e.person else e.person,
            count=e.count,
            properties=e.properties,
        )
        for e in kept
        if (e.source, e.account) in names
    ]


def _same(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)


def _stream(definition: Definition) -> Stream:
    simple = definition.numerator if isinstance(definition, Ratio) else definition
    return simple.stream  # type: ignore[union-attr]


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


def _simple(chance: random.Random, stream: Stream) -> Simple:
    event = chance.choice([None, *EVENTS] if stream == "events" else [None, "contact"])
    days, offset = chance.choice(DAYS), chance.choice([0, 0, 0, 1, 7, 100])
    match chance.randint(0, 4):
        case 0:
            return Count(event, days, offset, stream)
        case 1:
            return DistinctPeople(event, days, offset, stream)
        case 2:
            return ActiveDays(event, days, offset, stream)
        case 3:
            return DaysSince(event, days, stream)
        case _:
            return SumOf(event, chance.choice(PROPERTIES), days, offset, stream)


def _definition(chance: random.Random) -> Definition:
    stream: Stream = chance.choice(["events", "events", "events", "contacts", "contracts"])
    simple = _simple(chance, stream)
    if chance.random() < 0.7:
        return simple
    return Ratio(simple, chance.choice([Seats(), _simple(chance, stream)]))


def test_the_generator_covers_what_it_says() -> None:
    chance = random.Random(0)
    seen: dict[str, int] = defaultdict(int)
    for _ in range(300):
        seen[type(_definition(chance)).__name__] += 1
    assert set(seen) == {"Count", "DistinctPeople", "ActiveDays", "DaysSince", "SumOf", "Ratio"}
    assert len(ZONES) * 2 * LISTS == 2_000
