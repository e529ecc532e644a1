"""The engine against the pure evaluator, on 2,000 generated lists of events."""

import json
import random
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from banso.core.definitions import dump, load
from banso.core.evaluate import by_person
from banso.core.metrics import Occurrence, Ratio, Seats, stream_of
from banso.engine.measure import measure_at, occurrences, per_person, snapshot
from tests.engine.generated import (
    ZONES,
    World,
    a_definition,
    a_number_of_people,
    same,
    told_of,
    world,
)

LISTS = 100  # for each of two seeds in each zone


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("seed", [1, 2])
def test_engine_and_evaluator_agree(tmp_path: Path, zone: str, seed: int) -> None:
    told = world(tmp_path, zone, seed, LISTS)
    more = {"zone": zone, "people": told.streams.people, **told.streams.told}
    measured = measure_at(told.definitions, told.streams.files, told.accounts, told.pairs, **more)
    at_once = snapshot(
        told.definitions, told.streams.files, told.accounts, as_of=told.as_of, **more
    )

    wrong = []
    for pair in told.pairs:
        for name in told.definitions:
            found = [measured[pair.key, pair.day][name]]
            found += [at_once[pair.key][name]] if pair.day == told.as_of else []
            wrong += [said for each in found if (said := told.wrong(name, pair, each))]
    assert wrong == []
    _check_explained(told)
    _check_people(told, random.Random(seed))


def _check_explained(told: World) -> None:
    parts, people = told.streams.files, told.streams.people
    for key in range(0, LISTS, 10):
        names = told.names[key]
        listed = occurrences(parts, names, since=date.min, until=date.max, people=people)
        expected = told.occurrences(key, "events")
        assert sorted(map(_plain, listed)) == sorted(map(_plain, expected))
    late = told.as_of + timedelta(400)
    assert occurrences(parts, told.names[0], since=late, until=date.max) == []


def _check_people(told: World, chance: random.Random) -> None:
    of, seen = a_number_of_people(chance, "events"), chance.choice([7, 90, 400])
    found = per_person(of, told.accounts, told.pairs, told.streams, seen=seen)
    for pair in told.pairs:
        rows = told_of(told.kept, told.names[pair.key], told.streams.people, scoped=True)
        by = by_person(of, rows, as_of=pair.day, zone=told.zone, seen=seen)
        mine = found[pair.key, pair.day]
        assert mine.keys() == by.keys()
        assert [(p, of) for p in mine if not same(mine[p], by[p])] == []


def _plain(o: Occurrence) -> tuple[str, ...]:
    values = sorted(o.properties.items())
    return (o.at.isoformat(), o.event, str(o.person), str(o.count), str(values))


def test_the_generator_covers_what_it_says() -> None:
    chance = random.Random(0)
    seen: dict[str, int] = defaultdict(int)
    for _ in range(500):
        found = a_definition(chance)
        seen[type(found).__name__] += 1
        assert stream_of(found) is not None
        if "'property': ''" not in str(dump(found)):
            assert load(json.loads(json.dumps(dump(found)))) == found
    simple = {"Count", "DistinctPeople", "ActiveDays", "DaysSince", "SumOf", "MeanOf", "LastOf"}
    assert set(seen) == simple | {"Ratio", "Trend", "PerPerson"}
    more = [a_definition(chance) for _ in range(500)]
    assert {type(each).__name__ for each in more if getattr(each, "where", None)} == simple
    assert any(isinstance(each, Ratio) and each.denominator == Seats() for each in more)
    assert len(ZONES) * 2 * LISTS == 2_000
