"""Events and our own acts in one lake: each stream counts its own, equal to the evaluator."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from banso.core.atoms import atoms
from banso.core.definitions import dump, load
from banso.core.evaluate import evaluate
from banso.core.metrics import Count, PerPerson, Ratio, Seats, Trend, stream_of
from banso.core.periods import start
from banso.engine.discover import discover
from banso.engine.explore import Question, over_time
from banso.engine.measure import measure_at, snapshot
from banso.engine.own import has_events
from banso.engine.relations import AccountRow, Pair
from banso.engine.rollup import roll
from tests.engine import generated as made
from tests.engine.events import Lake, event, files

OWN = 2


def of_acts(definition):
    match definition:
        case Seats():
            return definition
        case Ratio(above, below):
            return Ratio(of_acts(above), of_acts(below))
        case Trend() | PerPerson():
            return replace(definition, of=of_acts(definition.of))
        case _:
            return replace(definition, stream="acts")


@pytest.mark.parametrize("zone", made.ZONES[:5])
def test_each_stream_counts_its_own_rows(tmp_path, zone):
    chance = random.Random(f"own {zone}")
    day = made._day(chance, zone)
    names = {key: made._names(chance, key) for key in range(60)}
    told = [e for key in names for e in made._list(chance, names[key], day, zone)]
    lake = Lake(tmp_path, zone)
    lake.stage(*told)
    known = {source: {a for _, a in made._pairs(names) if a != "unknown"} for source in (1, 2)}
    parts = files(lake.build(known))
    drawn = [made.a_definition(chance) for _ in range(80)]
    events = [each for each in drawn if stream_of(each) == "events"]
    definitions = {f"e{n}": each for n, each in enumerate(events)}
    definitions |= {f"a{n}": of_acts(each) for n, each in enumerate(events)}
    accounts = [AccountRow(key, *name, 4) for key in names for name in names[key] or [(None, None)]]
    pairs = [Pair(key, each, 4) for key in names for each in (day, day - timedelta(40))]
    found = measure_at(definitions, parts, accounts, pairs, zone=zone, own=OWN)
    rolled = {part: rolled_up(part, definitions.values(), tmp_path) for part in parts}
    words = {"zone": zone, "own": OWN, "rolled": rolled}
    at_once = snapshot(definitions, parts, accounts, as_of=day, **words)
    kept = made._kept(told, known)
    wrong = []
    for pair in pairs:
        mine = {
            "events": [name for name in names[pair.key] if name[0] != OWN],
            "acts": [name for name in names[pair.key] if name[0] == OWN],
        }
        for key, each in definitions.items():
            rows = made.told_of(kept, mine[stream_of(each)], scoped=True)
            words = {"as_of": pair.day, "zone": zone, "seats": 4}
            expected, slack = evaluate(each, rows, **words), made._slack(each, rows, words)
            values = [found[pair.key, pair.day][key]]
            values += [at_once[pair.key][key]] if pair.day == day else []
            wrong += [(pair, each) for v in values if not made.same(v, expected, slack)]
    assert len(events) > 10
    assert wrong == []


def rolled_up(part, definitions, home):
    accounts, people = home / f"{part.stem}.accounts", home / f"{part.stem}.people"
    return roll([part], atoms(definitions), accounts=accounts, people=people)


def test_without_own_acts_there_are_none(tmp_path):
    lake = Lake(tmp_path)
    lake.stage(event("2026-05-04T03:00"))
    parts = files(lake.build())
    acts = Count(None, 7, stream="acts")
    day = start("week", event("2026-05-04T03:00").at.date())
    [values] = snapshot(
        {"acts": acts, "events": Count(None, 7)},
        parts,
        [AccountRow("a", 1, "acme")],
        as_of=day,
        zone="Asia/Tokyo",
    ).values()
    assert values == {"acts": 0.0, "events": 1.0}


def test_what_is_offered_and_shown_is_of_one_stream(tmp_path):
    lake = Lake(tmp_path)
    act = event("2026-05-04T03:00", "uid", name="contact.recorded", source=OWN)
    lake.stage(event("2026-05-04T03:00"), act)
    parts = files(lake.build({1: ["acme"], OWN: ["uid"]}))
    assert [each.name for each in discover(parts, own=OWN)] == ["login"]
    assert [each.name for each in discover(parts, "acts", OWN)] == ["contact.recorded"]
    assert has_events(parts, OWN)
    assert not has_events(files(only(tmp_path / "acts", act)), OWN)
    names, day = [(1, "acme", 7), (OWN, "uid", 7)], act.at.date()
    for stream in ("events", "acts"):
        question = Question("count", "day", day, day, stream=stream)
        assert over_time(question, parts, names, own=OWN).whole == {day: 1.0}


def only(home, act):
    home.mkdir()
    lake = Lake(home)
    lake.stage(act)
    return lake.build({OWN: ["uid"]})


def test_a_ratio_is_of_one_stream():
    with pytest.raises(ValueError, match="same stream"):
        load(dump(Ratio(Count(None, 7), Count(None, 7, stream="acts"))))
    per = PerPerson(Count(None, 7, stream="acts"), "mean")
    assert load(dump(per)) == per
