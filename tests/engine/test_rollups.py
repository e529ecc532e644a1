"""Rollups say what the events they sum up say: files that came in any order, days in several
files, files that lack what a new metric asks."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from banso.core.atoms import atoms
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    LastOf,
    MeanOf,
    PerPerson,
    SumOf,
)
from banso.engine.connect import connect, parquet
from banso.engine.history import history, is_fast, measured_over
from banso.engine.measure import measured, per_person
from banso.engine.relations import AccountRow, Pair, Streams
from banso.engine.rollup import Rolled, covered, roll
from banso.engine.staged import write
from tests.engine.events import TOKYO, Lake, event
from tests.engine.events import files as files_of
from tests.engine.generated import ZONES, World, a_number_of_people, same, world

FILES = 7
SEEDS, LISTS = range(4, 9), 100


@pytest.mark.parametrize("zone", ZONES)
def test_rollups_events_and_the_evaluator_agree(tmp_path: Path, zone: str) -> None:
    check(world(tmp_path, zone, 3, 20), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("zone", ZONES)
def test_five_thousand_lists_agree(tmp_path: Path, zone: str, seed: int) -> None:
    assert len(ZONES) * len(SEEDS) * LISTS == 5_000
    check(world(tmp_path, zone, seed, LISTS), tmp_path)


def check(told: World, home: Path) -> None:
    """Every value from rollups is that from the events, and what the evaluator says."""
    chance = random.Random(told.zone)
    files = scattered(told.streams.files, home, chance)
    raw = replace(told.streams, files=files)
    of = a_number_of_people(chance, "events")
    definitions = [*told.definitions.values(), PerPerson(of, "mean")]
    rolled = replace(raw, rolled=rolled_up(files, definitions, chance))

    wrong = []
    for pairs in (told.pairs, [pair for pair in told.pairs if pair.day == told.as_of]):
        from_events = measured(told.definitions, told.accounts, pairs, raw)
        from_rollups = measured(told.definitions, told.accounts, pairs, rolled)
        for (pair, values), (_, others) in zip(from_events, from_rollups, strict=True):
            for name in told.definitions:
                found = (values[name], others[name])
                wrong += [said for each in found if (said := told.wrong(name, pair, each))]
    assert wrong == []
    check_history(told, raw, rolled)
    check_here_and_there(told, rolled, chance)

    asked = (of, told.accounts, told.pairs)
    people = [per_person(*asked, streams, seen=90) for streams in (raw, rolled)]
    assert_same(*people)


def check_history(told: World, *streams: Streams[int]) -> None:
    """Many days at once say what each day says: more days than fit into one word of bits."""
    fast = {name: each for name, each in told.definitions.items() if is_fast(each)}
    days = [told.as_of - timedelta(7 * back) for back in range(63)] + [told.as_of + timedelta(1)]
    keys = {pair.key: pair.seats for pair in told.pairs}
    pairs = [Pair(key, day, seats) for key, seats in list(keys.items())[::10] for day in days]
    pairs += told.pairs
    for each in streams:
        found = list(history(fast, told.accounts, pairs, each))
        assert [pair for pair, _ in found] == pairs
        said = [told.wrong(name, pair, v[name]) for pair, v in found for name in fast]
        assert list(filter(None, said)) == []


def check_here_and_there(told: World, streams: Streams[int], chance: random.Random) -> None:
    """So does each of a few pairs of very different days."""
    pairs = [
        Pair(pair.key, pair.day - timedelta(chance.randrange(400)), pair.seats)
        for pair in told.pairs[::7]
    ]
    found = list(measured_over(told.definitions, told.accounts, pairs, streams))
    assert [pair for pair, _ in found] == pairs
    said = [told.wrong(name, pair, v[name]) for pair, v in found for name in told.definitions]
    assert list(filter(None, said)) == []


def test_few_of_many_days_are_measured_in_portions(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("banso.engine.history._AT_ONCE", 7)
    told = world(tmp_path, "Asia/Tokyo", 9, 20)
    check_here_and_there(told, told.streams, random.Random(9))


def assert_same(
    events: Mapping[object, Mapping[str, float | None]],
    rollups: Mapping[object, Mapping[str, float | None]],
) -> None:
    for key, values in events.items():
        assert values.keys() == rollups[key].keys()
        assert all(same(values[name], rollups[key][name]) for name in values)


def scattered(parts: Sequence[Path], home: Path, chance: random.Random) -> list[Path]:
    """The same events in other files, any of them in any, as they may have come in."""
    with connect(*parts, home) as connection:
        connection.execute(f"create table every as from {parquet(parts)}")
        [(rows,)] = connection.execute("select count(*) from every").fetchall()
        found = []
        order = ", ".join(str(chance.randrange(FILES)) for _ in range(rows))
        connection.execute(f"create table dealt as select unnest([{order}]) as file")
        for number in range(FILES):
            out = home / f"scattered-{number}.parquet"
            query = "select e.* from every e positional join dealt d where d.file = "
            write(connection, f"{query}{number}", out)
            found.append(out)
    return found


def rolled_up(
    files: Sequence[Path], definitions: Sequence[Definition], chance: random.Random
) -> dict[Path, Rolled]:
    """The rollups of most of the files: of one, from before some metrics were thought of, of
    others with columns that nobody asks for any more."""
    late, none, *rest = chance.sample(list(files), FILES)
    asked = {file: [*definitions, *chance.choice([[], [Count("gone", 7)]])] for file in rest}
    asked[late] = definitions[:20]
    return {file: rolled_beside(file, asked[file]) for file in files if file != none}


def rolled_beside(file: Path, definitions: Sequence[Definition]) -> Rolled:
    accounts, people = (file.with_suffix(f".{each}.parquet") for each in ("accounts", "people"))
    return roll([file], atoms(definitions), accounts=accounts, people=people)


def test_where_rollups_say_all_the_events_are_not_read(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.stage(
        event("2026-05-01 09:00", count=2),
        event("2026-05-03 09:00", person="p2"),
        event("2026-05-03 15:00", name="export"),  # midnight in Tokyo: the 4th
    )
    [part] = files_of(lake.build())
    asked = {
        "logins": Count("login", 7),
        "people": DistinctPeople("login", 2),
        "days": ActiveDays(None, 7),
        "each": PerPerson(Count(None, 7), "mean"),
    }
    rolled = {part: rolled_beside(part, list(asked.values()))}
    part.unlink()
    streams = Streams(TOKYO, [part], rolled=rolled)
    pair = Pair("acme", date(2026, 5, 4))
    [(_, values)] = measured(asked, [AccountRow("acme", 1, "acme")], [pair], streams)
    assert values == {"logins": 3, "people": 1, "days": 3, "each": 2}


def test_a_question_that_rollups_do_not_answer_is_asked_of_the_events(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.stage(event("2026-05-01 09:00"), event("2026-05-01 09:01", name="export"))
    [part] = files_of(lake.build())
    rolled = {part: rolled_beside(part, [Count("login", 7)])}
    assert covered([part], rolled, atoms([Count("login", 28), ActiveDays(None, 7)])) == {part: None}
    assert covered([part], rolled, atoms([Count("export", 7)])) == {}
    streams = Streams(TOKYO, [part], rolled=rolled)
    asked, rows = {"n": Count("export", 7)}, [AccountRow("acme", 1, "acme")]
    [(_, values)] = measured(asked, rows, [Pair("acme", date(2026, 5, 1))], streams)
    assert values == {"n": 1}


def test_without_any_part_there_is_a_past_of_nothing() -> None:
    asked = {"n": Count(None, 7), "people": DistinctPeople(None, 7), "since": DaysSince("a", 9)}
    pairs = [Pair("acme", date(2026, 5, day)) for day in (3, 10)]
    found = list(history(asked, [AccountRow("acme", 1, "acme")], pairs, Streams(TOKYO)))
    assert [values for _, values in found] == [{"n": 0, "people": 0, "since": 9}] * 2


def test_an_atom_is_known_by_what_it_asks() -> None:
    one, same_rows = Count(("b", "a"), 7), Count(("a", "b", "a"), 28, offset=7, on="weekdays")
    assert atoms([one, same_rows]) == atoms([one])
    others = [SumOf("a", "n", 7), MeanOf("a", "n", 7), LastOf("a", "n", 7), DaysSince("a", 9)]
    assert len(atoms([one, *others])) == 5  # a sum serves the mean as well
    assert atoms([ActiveDays(None, 7), DistinctPeople(None, 7)]) == []
    assert atoms([Count("contact", 7, stream="contacts")]) == []
    by = {each.grain for each in atoms([Count("a", 7), PerPerson(Count("a", 7), "mean")])}
    assert by == {"account", "person"}
