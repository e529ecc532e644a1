"""A cluster says what this machine says: every cell of a snapshot and of several days, and what
the evaluator says of generated events, read from the lake's parts and from their rollups."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from banso.core.metrics import Count, DaysSince, LastOf
from banso.engine.history import measured_over
from banso.engine.measure import Values, measured, per_person, snapshot
from banso.engine.relations import AccountRow, Pair, Streams
from banso.engine.spark import cluster, measuring_on
from tests.engine.events import TOKYO, Lake, event, files
from tests.engine.generated import World, a_number_of_people, same, world
from tests.engine.test_rollups import rolled_up, scattered

pytestmark = [pytest.mark.spark]
LISTS = 100  # in each of five zones
FARTHER = ["America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Beirut"]

type Found = Iterable[tuple[Pair[int], Values]]


@pytest.fixture(scope="session")
def session(spark_master: str) -> Iterator[object]:
    with cluster(spark_master) as found:
        yield found


def test_both_workers_measure_what_this_machine_does(tmp_path: Path, session: object) -> None:
    check(world(tmp_path, "Asia/Tokyo", 11, LISTS), tmp_path, session)
    members = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size()
    assert members == 3  # the two workers' and this one


@pytest.mark.slow
@pytest.mark.parametrize("zone", FARTHER)
def test_hundreds_of_lists_agree(tmp_path: Path, zone: str, session: object) -> None:
    assert len(["Asia/Tokyo", *FARTHER]) * LISTS == 500
    check(world(tmp_path, zone, 11, LISTS), tmp_path, session)


def check(told: World, home: Path, session: object) -> None:
    """Several days from the events, one day from rollups, and people: cell by cell."""
    chance = random.Random(told.zone)
    parts = scattered(told.streams.files, home, chance)
    rollups = rolled_up(parts, list(told.definitions.values()), chance)
    rolled = replace(told.streams, files=parts, rolled=rollups)
    one_day = [pair for pair in told.pairs if pair.day == told.as_of]
    for pairs, streams in ((told.pairs, told.streams), (one_day, rolled)):
        asked = (told.definitions, told.accounts, pairs, streams)
        here = list(measured_over(*asked))
        with measuring_on(session):
            there = list(measured_over(*asked))
        assert len(there) == len(pairs)
        assert differences(told, there, here) == []
    of = a_number_of_people(chance, "events")
    persons = (of, told.accounts, told.pairs, told.streams)
    with measuring_on(session):
        people = per_person(*persons, seen=90)
    assert_same(people, per_person(*persons, seen=90))


def differences(told: World, there: Found, here: Found) -> list[str]:
    wrong = []
    for (pair, values), (_, others) in zip(there, here, strict=True):
        for name, value in values.items():
            wrong += [said] if (said := told.wrong(name, pair, value)) else []
            wrong += [] if same(value, others[name]) else [f"{name}: {value}, not {others[name]}"]
    return wrong


def assert_same(there: dict, here: dict) -> None:
    assert there.keys() == here.keys()
    assert any(here.values())
    for key, values in here.items():
        assert values.keys() == there[key].keys()
        assert all(same(values[who], there[key][who]) for who in values)


def values_on(session: object, definitions: dict, files: Sequence[Path], as_of: date) -> Values:
    accounts = [AccountRow("a", 1, "acme")]
    with measuring_on(session):
        return snapshot(definitions, files, accounts, as_of=as_of, zone=TOKYO)["a"]


def test_a_lake_under_an_odd_name_and_no_lake_at_all(tmp_path: Path, session: object) -> None:
    home = tmp_path / "été [2026] {a,b}?*"
    home.mkdir()
    lake = Lake(home)
    lake.stage(event("2026-06-29", count=3, properties={"n": "7"}), event("2026-06-01"))
    definitions = {"count": Count(None, 7), "last": LastOf(None, "n", 28)}
    as_of = date(2026, 6, 30)
    assert values_on(session, definitions, files(lake.build()), as_of) == {"count": 3, "last": 7}
    assert values_on(session, definitions, [], as_of) == {"count": 0, "last": None}


def test_outside_the_block_this_machine_measures(session: object) -> None:
    with measuring_on(session):
        pass
    streams = Streams(TOKYO)
    pairs = [Pair("a", date(2026, 6, 30))]
    [(_, values)] = measured({"m": DaysSince(None, 9)}, [AccountRow("a")], pairs, streams)
    assert values == {"m": 9}
