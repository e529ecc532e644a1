from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    DistinctPeople,
    Entered,
    Occurrence,
    Ratio,
    Seats,
)
from banso.engine.measure import measure_at, occurrences, snapshot
from banso.engine.relations import AccountRow, Pair
from banso.engine.sql import reach
from tests.engine.events import TOKYO, Lake, event, files

AS_OF = date(2026, 6, 30)
ALL = {
    "count": Count(None, 28),
    "people": DistinctPeople(None, 28),
    "days": ActiveDays(None, 28),
    "since": DaysSince(None, 60),
    "share": Ratio(DistinctPeople(None, 28), Seats()),
}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


def test_without_files_everything_is_silent_and_nothing_fails() -> None:
    found = snapshot(ALL, [], [AccountRow("a", 1, "x", 4)], as_of=AS_OF, zone=TOKYO)
    assert found == {"a": {"count": 0, "people": 0, "days": 0, "since": 60, "share": 0}}


def test_without_definitions_or_accounts_there_is_nothing_to_ask(lake: Lake) -> None:
    lake.stage(event("2026-06-29"))
    parts = files(lake.build())
    accounts = [AccountRow("a", 1, "acme")]
    assert snapshot({}, parts, accounts, as_of=AS_OF, zone=TOKYO) == {"a": {}}
    assert snapshot(ALL, parts, [], as_of=AS_OF, zone=TOKYO) == {}


def test_two_names_of_one_customer_share_their_people_within_a_source(lake: Lake) -> None:
    lake.stage(
        event("2026-06-29", "acme"),
        event("2026-06-29", "acme old"),
        event("2026-06-29", "acme", source=2),
    )
    known = {1: ["acme", "acme old"], 2: ["acme"]}
    names = [(1, "acme"), (1, "acme old"), (2, "acme")]
    accounts = [AccountRow(7, source, account) for source, account in names]
    found = snapshot(ALL, files(lake.build(known)), accounts, as_of=AS_OF, zone=TOKYO)
    assert found[7] == {"count": 3, "people": 2, "days": 1, "since": 1, "share": None}


@pytest.mark.parametrize("others", [0, 60])
def test_a_few_names_and_many_give_the_same(lake: Lake, others: int) -> None:
    lake.stage(
        event("2026-06-29", "acme"),
        event("2026-06-28", "acme old"),
        event("2026-06-28", "acme", count=4, person="p2"),
        event("2026-06-28", "stranger"),
    )
    parts = files(lake.build({1: ["acme", "acme old", "stranger"]}))
    accounts = [AccountRow("a", 1, "acme", 2), AccountRow("a", 1, "acme old", 2)]
    accounts += [AccountRow(str(i), 1, f"other {i}") for i in range(others)]
    found = snapshot(ALL, parts, accounts, as_of=AS_OF, zone=TOKYO)
    assert found["a"] == {"count": 6, "people": 2, "days": 2, "since": 1, "share": 1}
    assert len(found) == 1 + others


def test_a_customer_known_from_contacts_alone(lake: Lake) -> None:
    talk = Occurrence(datetime(2026, 6, 20, 1, tzinfo=UTC), "contact", "p1")
    start = Occurrence(datetime(2026, 5, 31, 15, tzinfo=UTC), "contract_started")
    definitions = {
        "contact": DaysSince(None, 90, stream="contacts"),
        "contract": DaysSince(None, 90, stream="contracts"),
        "usage": Count(None, 28),
    }
    found = snapshot(
        definitions,
        [],
        [AccountRow("a"), AccountRow("b")],
        as_of=AS_OF,
        zone=TOKYO,
        contacts=[("a", talk), ("stranger", talk)],
        contracts=[("b", start)],
    )
    assert found["a"] == {"contact": 10, "contract": 90, "usage": 0}
    assert found["b"] == {"contact": 90, "contract": 29, "usage": 0}


def test_history_is_many_snapshots_in_one(lake: Lake) -> None:
    lake.stage(*(event(f"2026-0{m}-{d:02}") for m in (4, 5, 6) for d in range(1, 31, 3)))
    parts = files(lake.build())
    accounts = [AccountRow("a", 1, "acme", 5)]
    days = [date(2026, 4, 1), date(2026, 5, 15), date(2026, 6, 1), AS_OF]
    many = measure_at(ALL, parts, accounts, [Pair("a", d, 5) for d in days], zone=TOKYO)
    for day in days:
        alone = snapshot(ALL, parts, accounts, as_of=day, zone=TOKYO)
        assert many["a", day] == alone["a"]
    assert len({values["count"] for values in many.values()}) > 1


def test_seats_are_those_of_the_day(lake: Lake) -> None:
    lake.stage(event("2026-06-01"))
    pairs = [Pair("a", AS_OF, 4), Pair("a", date(2026, 6, 2), 2), Pair("a", date(2026, 6, 3))]
    share = {"share": Ratio(DistinctPeople(None, 90), Seats())}
    accounts = [AccountRow("a", 1, "acme", 99)]
    found = measure_at(share, files(lake.build()), accounts, pairs, zone=TOKYO)
    assert [v["share"] for v in found.values()] == [0.25, 0.5, None]


def test_what_is_not_computed_is_refused() -> None:
    mixed = Ratio(Count(None, 7), Count(None, 7, stream="contacts"))
    for definition in (Entered(), mixed):
        with pytest.raises(ValueError, match=r"entered|stream"):
            snapshot({"m": definition}, [], [AccountRow("a")], as_of=AS_OF, zone=TOKYO)


def test_occurrences_are_those_of_the_account_and_the_days(lake: Lake) -> None:
    lake.stage(
        event("2026-06-10T14:59", message="before"),
        event("2026-06-10T15:00", count=3, properties={"n": 1.5, "plan": "pro"}),
        event("2026-06-12T14:59", name="export", person=None),
        event("2026-06-12T15:00"),
        event("2026-06-11", "other"),
    )
    parts = files(lake.build({1: ["acme", "other"]}))
    found = occurrences(parts, [(1, "acme")], since=date(2026, 6, 11), until=date(2026, 6, 12))
    assert found == [
        Occurrence(
            datetime(2026, 6, 10, 15, tzinfo=UTC), "login", "p1", 3, {"n": 1.5, "plan": "pro"}
        ),
        Occurrence(datetime(2026, 6, 12, 14, 59, tzinfo=UTC), "export"),
    ]
    assert occurrences([], [(1, "acme")], since=date.min, until=date.max) == []
    assert occurrences(parts, [], since=date.min, until=date.max) == []


def test_reach_is_the_longest_look_back_of_each_stream() -> None:
    definitions = [
        Count("a", 7, offset=30),
        DaysSince(None, 90, stream="contacts"),
        Ratio(Count("a", 28), Seats()),
        Ratio(Count("b", 28), ActiveDays(None, 40)),
    ]
    assert reach(definitions) == {"events": 40, "contacts": 90}
