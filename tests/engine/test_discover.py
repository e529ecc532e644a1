import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from banso.engine.discover import EventName, discover, dump, load, merged
from tests.engine.events import Lake, event, files


def test_names_come_with_their_reach_and_their_properties(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.stage(
        event("2026-05-01", properties={"plan": "pro", "minutes": 3, "a/b": " 4.5 ", "none": None}),
        event("2026-06-10", person="p2", properties={"plan": "7", "minutes": 2.5, "on": True}),
        event("2026-06-11", person=None, properties={"minutes": 10**20}),
        event("2026-06-12", person="p2", source=2),
        event("2026-06-12", name="it's"),
    )
    found = discover(files(lake.build({1: ["acme"], 2: ["acme"]})))
    assert found == [
        EventName(
            "login",
            rows=4,
            people=3,
            first_day=date(2026, 5, 1),
            last_day=date(2026, 6, 12),
            properties={"a/b": "numeric", "minutes": "numeric", "on": "boolean", "plan": "text"},
            values={"plan": ("7", "pro")},
        ),
        EventName("it's", 1, 1, date(2026, 6, 12), date(2026, 6, 12), {}),
    ]


def test_of_an_event_with_very_many_rows_some_are_looked_at(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("banso.engine.discover.MOST_LOOKED_AT", 10)
    lake = Lake(tmp_path)
    told = [event(f"2026-06-10T{n // 60:02}:{n % 60:02}", properties={"n": n}) for n in range(400)]
    rare = event("2026-06-11", name="rare", properties={"role": "admin"})
    lake.stage(*told, rare)
    often, seldom = discover(files(lake.build()))
    assert (often.rows, often.properties) == (400, {"n": "numeric"})
    assert seldom.values == {"role": ("admin",)}


def test_what_files_hold_apart_is_what_they_hold_together(tmp_path: Path) -> None:
    told = [
        [event("2026-05-01", properties={"plan": "pro", "minutes": 3, "on": True, "x": 1})],
        [
            event("2026-06-10", person="p2", properties={"plan": "lite", "minutes": 2, "x": "y"}),
            event("2026-06-12", name="it's", properties={"plan": "free"}),
        ],
    ]
    lake = Lake(tmp_path)
    lake.stage(*told[0], *told[1])
    may, june = files(lake.build())
    together = discover([june, may])
    apart = merged([load(json.loads(json.dumps(dump(discover([each]))))) for each in (june, may)])
    assert [replace(each, people=0) for each in apart] == [
        replace(each, people=0) for each in together
    ]
    assert apart[0].people == 1  # of the file with most
    assert apart[0].values == {"plan": ("lite", "pro"), "x": ("y",)}


def test_an_empty_lake_offers_nothing() -> None:
    assert discover([]) == []
