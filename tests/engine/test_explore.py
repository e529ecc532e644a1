"""Events over time against a plain telling of the same, on generated events.

Zones, nights of clock changes, duplicates, unknown accounts, several names of one customer,
people of several ids, conditions, awkward names and values all occur.
"""

import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from banso.core.conditions import holds
from banso.core.evaluate import _asked, number
from banso.core.metrics import Occurrence, events_of
from banso.core.periods import GRAINS, start
from banso.engine.event_days import roll_events
from banso.engine.explore import SHOWN, Answer, over_time
from banso.engine.explore_rows import Measure, Question, atoms_of
from banso.engine.lake import StagedEvent
from banso.engine.rollup import Rolled, roll
from tests.engine import generated as made
from tests.engine.events import Lake, event, files
from tests.engine.test_rollups import scattered

CUSTOMERS = 40
QUESTIONS = 40  # in each zone, each asked of the events and of their rollups
MEASURES: list[Measure] = ["count", "people", "customers", "sum", "mean"]
GROUPS = [f"g{n}" for n in range(12)] + ["", "it's"]
type Told = tuple[int, date, Occurrence, str | None]


@pytest.mark.parametrize("zone", made.ZONES)
def test_engine_and_plain_telling_agree(tmp_path: Path, zone: str) -> None:
    chance = random.Random(f"explore {zone}")
    day = made._day(chance, zone)
    names = {key: made._names(chance, key) for key in range(CUSTOMERS)}
    told = [e for key in names for e in made._list(chance, names[key], day, zone)]
    lake = Lake(tmp_path, zone)
    lake.stage(*told)
    known = {source: {a for _, a in made._pairs(names) if a != "unknown"} for source in (1, 2)}
    parts = files(lake.build(known))
    kept = made._kept(told, known)
    questions = [_question(chance, day) for _ in range(QUESTIONS)]
    home = tmp_path / "rolled"
    home.mkdir()
    others = scattered(parts, home, chance)
    rolled = _rolled(others, questions, chance)
    seen = 0
    for question in questions:
        belongs = _belongs(chance)
        shown = set(chance.sample(sorted(names), chance.choice([5, CUSTOMERS, CUSTOMERS])))
        people = chance.choice([[], made.SAME])
        readable = [(s, a, key) for key in shown for s, a in names[key]]
        more = {"people": people, "belongs": belongs}
        from_events = over_time(question, parts, readable, **more)
        from_rollups = over_time(question, others, readable, rolled=rolled, **more)
        rows = list(_rows(kept, readable, people, zone))
        expected = _expected(question, rows, belongs)
        _check(from_events, expected, question)
        _check(from_rollups, expected, question)
        seen += len(expected.whole)
    assert seen > QUESTIONS


def _rolled(
    parts: Sequence[Path], questions: Sequence[Question], chance: random.Random
) -> dict[Path, Rolled]:
    """The rollups of most parts: of some from before names were summed up, or before most of
    the metrics were thought of."""
    none, bare, few, *rest = chance.sample(list(parts), len(parts))
    asked = sorted(
        {atom for each in questions for atom in atoms_of(each).values()}, key=lambda a: a.column
    )
    rolled = {}
    for part in (bare, few, *rest):
        accounts, people, names = (part.with_suffix(f".{n}.parquet") for n in ("a", "p", "e"))
        some = asked[:3] if part == few else asked
        rolled[part] = roll([part], some, accounts=accounts, people=people)
        if part != bare:
            roll_events([part], names)
            rolled[part] = replace(rolled[part], events=names)
    assert none not in rolled
    return rolled


def _question(chance: random.Random, day: date) -> Question:
    since = day - timedelta(chance.choice([1, 6, 27, 90, 400]))
    return Question(
        measure=chance.choice(MEASURES),
        grain=chance.choice(GRAINS),
        since=since,
        until=day + timedelta(chance.choice([0, 0, 1])),
        event=made._event(chance, "events"),
        where=chance.choice([None, None, made._where(chance)]),
        property=chance.choice([p for p in made.PROPERTIES if p]),
        by=chance.choice([None, *(p for p in made.PROPERTIES if p)]),
    )


def _belongs(chance: random.Random) -> list[tuple[int, str]] | None:
    if chance.random() < 0.5:
        return None
    some = [(key, chance.choice(GROUPS)) for key in range(CUSTOMERS) for _ in range(2)]
    return chance.sample(some, chance.choice([0, 20, len(some)]))


def _rows(
    kept: Iterable[StagedEvent],
    names: Sequence[tuple[int, str, int]],
    people: Sequence[tuple[int, str, str]],
    zone: str,
) -> Iterable[tuple[int, date, Occurrence]]:
    ones = {(source, person): one for source, person, one in people}
    keys = {(source, account): key for source, account, key in names}
    for e in kept:
        if (e.source, e.account) not in keys:
            continue
        one = ones.get((e.source, e.person), e.person and f"{e.source}:{e.person}")
        [plain] = made.told_of([replace(e, person=None)], [(e.source, e.account)])
        day = e.at.astimezone(ZoneInfo(zone)).date()
        yield keys[e.source, e.account], day, replace(plain, person=one)


def _expected(
    question: Question,
    rows: Iterable[tuple[int, date, Occurrence]],
    belongs: list[tuple[int, str]] | None,
) -> Answer:
    names = events_of(question.event)
    asked = [
        (customer, start(question.grain, day), o)
        for customer, day, o in rows
        if question.since <= day <= question.until
        and (not names or o.event in names)
        and (question.where is None or holds(question.where, _asked(o.properties)))
    ]
    groups = defaultdict(set)
    for customer, group in belongs or ():
        groups[customer].add(group)
    split = belongs is not None or question.by is not None
    sizes: Counter[str] = Counter()
    for customer, _, o in asked:
        for part in groups[customer] if belongs is not None else {_text(o, question.by)}:
            sizes[part] += o.count
    top = sorted(sizes, key=lambda part: (-sizes[part], part))[:SHOWN] if split else []
    within = {
        id(o): groups[c] if belongs is not None else {_text(o, question.by)} for c, _, o in asked
    }
    parts = {
        part: _by_period(question, [r for r in asked if part in within[id(r[2])]]) for part in top
    }
    left = [row for row in asked if not within[id(row[2])] & set(top)] if split else []
    return Answer(
        _by_period(question, asked),
        {part: values for part, values in parts.items() if values},
        _by_period(question, left),
    )


def _by_period(
    question: Question, rows: Iterable[tuple[int, date, Occurrence]]
) -> dict[date, float]:
    periods = defaultdict(list)
    for row in rows:
        periods[row[1]].append(row)
    found = {period: _value(question, mine) for period, mine in periods.items()}
    return {period: value for period, value in found.items() if value is not None}


def _value(question: Question, rows: Sequence[tuple[int, date, Occurrence]]) -> float | None:
    amounts = [(number(o.properties.get(question.property)), o.count) for _, _, o in rows]
    known = [(amount, count) for amount, count in amounts if amount is not None]
    total, weight = math.fsum(a * c for a, c in known), sum(c for _, c in known)
    match question.measure:
        case "count":
            return float(sum(o.count for _, _, o in rows))
        case "people":
            return float(len({o.person for _, _, o in rows if o.person is not None}))
        case "customers":
            return float(len({customer for customer, _, _ in rows}))
        case "sum":
            return total
        case "mean":
            return total / weight if weight else None


def _text(o: Occurrence, name: str | None) -> str:
    value = o.properties.get(name or "")
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value).replace("1e-07", "1e-7")


def _check(found: Answer, expected: Answer, question: Question) -> None:
    assert list(found.parts) == list(expected.parts), question
    pairs = [(found.whole, expected.whole), (found.rest, expected.rest)]
    pairs += [(found.parts[part], expected.parts[part]) for part in found.parts]
    for mine, told in pairs:
        assert mine.keys() == told.keys(), question
        wrong = {p: (mine[p], told[p]) for p in mine if not made.same(mine[p], told[p])}
        assert wrong == {}, question


def test_nothing_is_asked_of_an_empty_lake() -> None:
    question = Question("count", "week", date(2026, 1, 1), date(2026, 2, 1))
    assert over_time(question, [], [(1, "acme", 1)]) == Answer()


def test_the_whole_counts_a_customer_of_two_parts_once(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.stage(event("2026-05-04T03:00"), event("2026-05-05T03:00", "beta", person="p2"))
    parts = files(lake.build({1: ["acme", "beta"]}))
    question = Question("customers", "week", date(2026, 5, 4), date(2026, 5, 10))
    both = [(1, "big"), (1, "new")]
    found = over_time(question, parts, [(1, "acme", 1), (1, "beta", 2)], belongs=both)
    monday = date(2026, 5, 4)
    assert found == Answer(
        {monday: 2.0}, {"big": {monday: 1.0}, "new": {monday: 1.0}}, {monday: 1.0}
    )
