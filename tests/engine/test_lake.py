import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from banso.engine.connect import connect, parquet
from banso.engine.lake import (
    EVENT,
    Conflict,
    Outcome,
    PartResult,
    StagedEvent,
    build_part,
    canonical,
    staged_months,
    touched_months,
    write_staged,
)
from tests.engine.events import Lake, event, files

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
SAME = "2026-06-10T03:00"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path)


def read(results: Iterable[PartResult], columns: str = "line, account, count") -> list[tuple]:
    found = files(results)
    if not found:
        return []
    with connect(*found) as connection:
        query = f"select {columns} from {parquet(found)} order by import_id, line"
        return connection.execute(query).fetchall()


def outcomes(results: Iterable[PartResult]) -> dict[int, Outcome]:
    total: dict[int, Outcome] = {}
    for result in results:
        for import_id, o in result.outcomes.items():
            t = total.setdefault(import_id, Outcome())
            total[import_id] = Outcome(
                *(a + b for a, b in zip(vars(t).values(), vars(o).values(), strict=True))
            )
    return total


def test_a_part_has_the_columns_of_the_contract_sorted_by_account_and_day(lake: Lake) -> None:
    lake.stage(event("2026-06-20", "b"), event("2026-06-11", "a"), event("2026-06-01", "b"))
    [result] = lake.build({1: ["a", "b"]})
    with connect(result.path) as connection:
        described = connection.execute(f"describe from {parquet([result.path])}").fetchall()
        rows = connection.execute(f"select account, line from {parquet([result.path])}").fetchall()
    assert {name: kind.lower() for name, kind, *_ in described} == EVENT
    assert rows == [("a", 2), ("b", 3), ("b", 1)]


def test_everything_an_event_says_comes_back(lake: Lake) -> None:
    said = {"plan": '㈱髙﨑 "pro"', "n": 1.5, "on": True, "none": None, "bad": float("nan")}
    lake.stage(event("2026-06-10T23:30:00.123456", message="m1", count=7, properties=said))
    [row] = read(lake.build(), "source, message, ts, day, person, event, count, properties")
    assert row == (
        1,
        "m1",
        datetime(2026, 6, 10, 23, 30, 0, 123456, UTC).replace(tzinfo=None),
        date(2026, 6, 11),
        "p1",
        "login",
        7,
        '{"bad":null,"n":1.5,"none":null,"on":true,"plan":"㈱髙﨑 \\"pro\\""}',
    )


def test_the_month_is_the_local_one(lake: Lake) -> None:
    path = lake.stage(event("2026-05-31T15:00"), event("2026-05-31T14:59:59"))
    assert staged_months(path, zone="Asia/Tokyo") == [MAY, JUNE]
    assert staged_months(path, zone="UTC") == [MAY]
    assert [(r.month, r.rows) for r in lake.build()] == [(MAY, 1), (JUNE, 1)]


def test_an_exact_duplicate_counts_once_within_a_file_and_across_imports(lake: Lake) -> None:
    lake.stage(event(SAME), event(SAME), event(SAME, person="p2"))
    lake.stage(event(SAME), event(SAME, person="p3"))
    results = lake.build()
    assert [(r[0]) for r in read(results, "line")] == [1, 3, 2]
    assert outcomes(results) == {1: Outcome(2, 1, 0, 0), 2: Outcome(1, 1, 0, 0)}


def test_the_same_file_twice_leaves_the_same_bytes(lake: Lake) -> None:
    rows = [event(f"2026-06-{d:02}", message=f"m{d}") for d in range(1, 20)]
    lake.stage(*rows)
    [before] = lake.build()
    digest = hashlib.sha256(before.path.read_bytes()).digest()
    lake.stage(*rows)
    [after] = lake.build()
    assert hashlib.sha256(after.path.read_bytes()).digest() == digest
    assert after.outcomes[2] == Outcome(duplicates=19)


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ({"count": 2}, {"count": 3}, "conflicts"),
        ({"properties": {"n": 1}}, {"properties": {"n": 2}}, "conflicts"),
        ({"properties": {"n": 1}}, {"properties": {}}, "conflicts"),
        ({"properties": {"plan": "a"}}, {"properties": {"plan": "b"}}, "imported"),
        ({"properties": {"a": "1", "b": 2}}, {"properties": {"b": 2, "a": "1"}}, "duplicates"),
        ({"person": None}, {"person": None}, "duplicates"),
        ({"person": None}, {"person": ""}, "duplicates"),
        ({"person": None}, {}, "imported"),
        ({"message": "m"}, {"message": "m", "event": "other"}, "conflicts"),
        ({"message": "m"}, {"message": "m"}, "duplicates"),
        ({"message": "m"}, {"message": "n"}, "imported"),
        ({"message": "m"}, {}, "imported"),
        ({"message": "m"}, {"message": "m", "source": 2}, "imported"),
        ({"source": 1}, {"source": 2, "count": 5}, "imported"),
    ],
)
def test_what_a_second_row_is(
    lake: Lake, first: dict[str, object], second: dict[str, object], verdict: str
) -> None:
    lake.stage(event(SAME, **first))
    lake.stage(event(SAME, **second))
    results = lake.build({1: ["acme"], 2: ["acme"]})
    assert outcomes(results)[2] == replace(Outcome(), **{verdict: 1})
    assert outcomes(results)[1] == Outcome(imported=1)


def test_a_conflict_keeps_the_first_and_names_both_rows(lake: Lake) -> None:
    lake.stage(event("2026-06-01"), event(SAME, count=2))
    lake.stage(event(SAME, count=3), event(SAME, count=2))
    [result] = lake.build()
    assert read([result], "import_id, line, count") == [(1, 1, 1), (1, 2, 2)]
    assert list(result.conflicts) == [Conflict(2, 1, 1, 2)]
    assert result.outcomes[2] == Outcome(duplicates=1, conflicts=1)


def test_a_message_seen_in_another_month_is_a_conflict_whichever_months_are_built(
    lake: Lake,
) -> None:
    lake.stage(event("2026-06-10", message="m"))
    later = lake.stage(event("2026-05-10", message="m"), event("2026-05-11", message="n"))
    assert [r.outcomes for r in lake.build(months=[MAY])] == [{2: Outcome(imported=1, conflicts=1)}]
    assert [r.rows for r in lake.build()] == [1, 1]
    assert touched_months(later, lake.staged, zone=lake.zone) == [MAY, JUNE]


def test_rows_of_unknown_accounts_wait_and_come_when_the_account_does(lake: Lake) -> None:
    lake.stage(event(SAME, "acme"), event(SAME, "late"), event(SAME, "late", name="x"))
    [before] = lake.build({1: ["acme"], 2: ["late"]})
    assert before.outcomes == {1: Outcome(imported=1, on_hold=2)}
    assert before.waiting == {(1, "late"): 2}
    [after] = lake.build({1: ["acme", "late"]})
    assert after.outcomes == {1: Outcome(imported=3)}
    assert after.waiting == {}


def test_a_waiting_row_waits_once(lake: Lake) -> None:
    lake.stage(event(SAME, "late"))
    lake.stage(event(SAME, "late"), event(SAME, "late", count=9))
    [result] = lake.build()
    assert result.outcomes == {1: Outcome(on_hold=1), 2: Outcome(duplicates=1, conflicts=1)}
    assert result.path is None
    assert (result.rows, result.weight) == (0, 0)


def test_undoing_an_import_gives_its_duplicates_and_conflicts_their_turn(lake: Lake) -> None:
    first = lake.stage(event(SAME), event("2026-06-11", count=2))
    lake.stage(event(SAME), event("2026-06-11", count=3))
    lake.build()
    lake.staged.remove(first)
    [result] = lake.build()
    assert read([result], "import_id, line, count") == [(2, 1, 1), (2, 2, 3)]


def test_building_only_what_an_import_touches_equals_building_all(lake: Lake) -> None:
    lake.stage(*(event(f"2026-0{m}-15", message=f"m{m}") for m in (4, 5, 6, 7)))
    lake.stage(event("2026-06-16", message="m5"), event("2026-07-01", message="x"))
    everything = {r.month: r.outcomes for r in lake.build()}
    touched = touched_months(lake.staged[1], lake.staged, zone=lake.zone)
    assert touched == [MAY, JUNE, JULY]
    assert {r.month: r.outcomes for r in lake.build(months=touched)} == {
        m: everything[m] for m in touched
    }


def test_rows_and_weight_are_those_of_the_part(lake: Lake) -> None:
    lake.stage(event(SAME, count=5), event("2026-06-12", count=7), event("2026-06-12", "x"))
    [result] = lake.build()
    assert (result.rows, result.weight) == (2, 12)


def test_months_come_in_order_and_an_empty_one_has_no_file(lake: Lake) -> None:
    lake.stage(event("2026-07-10"), event("2026-05-10"))
    results = lake.build(months=[JULY, JUNE, MAY])
    assert [(r.month, r.path is not None) for r in results] == [
        (MAY, True),
        (JUNE, False),
        (JULY, True),
    ]


def test_without_imports_there_is_nothing(lake: Lake) -> None:
    assert lake.build(months=[MAY]) == [PartResult(MAY)]


def test_many_months_are_built_in_bounded_batches(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.stage(*(event(f"2026-0{m}-{d:02}") for m in range(1, 8) for d in range(1, 11)))
    whole = outcomes(lake.build())
    monkeypatch.setattr("banso.engine.lake._BATCH", 15)
    assert outcomes(lake.build()) == whole == {1: Outcome(imported=70)}


def test_one_month_alone(lake: Lake, tmp_path: Path) -> None:
    lake.stage(event(SAME))
    known: Mapping[int, set[str]] = {1: {"acme"}}
    out = tmp_path / "june.parquet"
    assert build_part(lake.staged, JUNE, zone="UTC", known_accounts=known, out=out).path == out


def test_a_failing_import_leaves_no_file(tmp_path: Path) -> None:
    out = tmp_path / "import.parquet"
    with pytest.raises(TypeError):
        write_staged([event(SAME), StagedEvent(1, 1, 2, None, None, "a", None, "e", 1, {})], out)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_rebuilt_part_replaces_the_old_one_whole(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.stage(event(SAME))
    [before] = lake.build()
    old = before.path.read_bytes()
    lake.stage(event("2026-06-20"))

    def crash(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("banso.engine.staged.sync", crash)
    with pytest.raises(OSError, match="disk full"):
        lake.build()
    assert before.path.read_bytes() == old
    assert not [p for p in lake.home.iterdir() if p.name.startswith(".part")]


def test_canonical_does_not_depend_on_order() -> None:
    assert canonical({"b": 1, "a": "x"}) == canonical({"a": "x", "b": 1}) == '{"a":"x","b":1}'
