"""A metric over time told by the engine, against values told one by one."""

import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from banso.core.metrics import Count
from banso.core.summary import summary
from banso.engine import patience
from banso.engine.explore import Answer, over_time
from banso.engine.explore_rows import Question
from banso.engine.explore_values import Told, values_over_time
from banso.engine.history import history, is_fast
from banso.engine.patience import TooLarge
from banso.engine.relations import AccountRow, Pair, Streams
from tests.engine.events import TOKYO, Lake, event, files
from tests.engine.generated import World, same, world

METRICS = 12
GROUPS = [f"g{n}" for n in range(11)]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Havana"])
def test_values_told_together_are_those_told_one_by_one(tmp_path: Path, zone: str) -> None:
    told, chance = world(tmp_path, zone, 5, 60), random.Random(zone)
    fast = [each for each in told.definitions.values() if is_fast(each)]
    days = sorted({told.as_of - timedelta(7 * back) for back in range(20)})
    for formula in chance.sample(fast, METRICS):
        runs = [(key, *_stretch(chance, days), key % 5 or None) for key in told.names]
        belongs = [(key, chance.choice(GROUPS)) for key in told.names for _ in range(2)]
        how = Told(*chance.choice([("mean",), ("median",), ("share", 2.0)]))
        found = values_over_time(
            formula, days, runs, told.accounts, told.streams, told=how, belongs=belongs
        )
        assert_same(found, expected(values_of(told, formula, days, runs), belongs, how))


def _stretch(chance: random.Random, days: list[date]) -> tuple[date, date]:
    first, last = sorted(chance.sample(days, 2))
    return chance.choice([(days[0], days[-1]), (first, last)])


def values_of(told: World, formula, days, runs) -> list[tuple[int, date, float]]:
    named = {row.key for row in told.accounts if row.account is not None}
    pairs = [
        Pair(key, day, seats)
        for key, first, last, seats in runs
        for day in days
        if first <= day <= last and key in named
    ]
    known = history({"v": formula}, told.accounts, pairs, told.streams)
    return [(p.key, p.day, v["v"]) for p, v in known if v["v"] is not None]


def expected(values, belongs, how: Told) -> Answer:
    within = defaultdict(set)
    for key, part in belongs:
        within[key].add(part)
    sizes = defaultdict(set)
    for key, _, _ in values:
        for part in within[key]:
            sizes[part].add(key)
    top = sorted(sizes, key=lambda part: (-len(sizes[part]), part))[:8]

    def by_day(some) -> dict[date, float]:
        days = defaultdict(list)
        for _, day, value in some:
            days[day].append(value)
        return {day: summary(each, how.aggregate, how.at_least) for day, each in days.items()}

    return Answer(
        by_day(values),
        {part: by_day([v for v in values if part in within[v[0]]]) for part in top},
        by_day([v for v in values if not within[v[0]] & set(top)]),
    )


def assert_same(found: Answer, told: Answer) -> None:
    assert list(found.parts) == list(told.parts)
    pairs = [(found.whole, told.whole), (found.rest, told.rest)]
    pairs += [(found.parts[part], told.parts[part]) for part in found.parts]
    for mine, other in pairs:
        assert mine.keys() == other.keys()
        assert all(same(mine[day], other[day]) for day in mine)


def test_without_parts_or_days_there_is_nothing(tmp_path: Path) -> None:
    told, rows = Told("mean"), [AccountRow(1, 1, "acme")]
    asked = (Count(None, 7), [], [], rows)
    assert values_over_time(*asked, Streams(TOKYO), told=told) == Answer()


def test_what_takes_too_long_is_given_up(tmp_path: Path, monkeypatch) -> None:
    lake = Lake(tmp_path)
    lake.stage(event("2026-05-04T03:00"))
    parts = files(lake.build())
    monkeypatch.setattr(patience, "SECONDS", 0.3)
    with (
        pytest.raises(TooLarge),
        patience.answering(*parts, spill=tmp_path / ".spill-1") as connection,
    ):
        connection.execute("select sum(a.range * b.range) from range(1000000) a, range(1000000) b")
    with patience.answering(*parts, spill=tmp_path / ".spill-2"), pytest.raises(TooLarge):
        over_time(_QUESTION, parts, [(1, "acme", 1)])  # it is not its turn
    monkeypatch.undo()
    assert over_time(_QUESTION, parts, [(1, "acme", 1)]).whole == {date(2026, 5, 4): 1.0}


def test_what_needs_too_much_memory_spills_or_is_given_up(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(patience, "MEMORY", "30MB")
    texts = "select md5(cast(i as varchar)) as m from range(400000) t(i)"
    with patience.answering(spill=tmp_path / ".spill-1") as connection:
        [(many,)] = connection.execute(f"select count(distinct m) from ({texts})").fetchall()
    assert many == 400_000
    with pytest.raises(TooLarge), patience.answering(spill=tmp_path / ".spill-2") as connection:
        connection.execute(f"select list(m) from ({texts})").fetchall()


_QUESTION = Question("count", "week", date(2026, 5, 1), date(2026, 5, 31))
