from datetime import date
from pathlib import Path

from banso.engine.discover import EventName, discover
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
            properties={"a/b": "numeric", "minutes": "numeric", "on": "text", "plan": "text"},
        ),
        EventName("it's", 1, 1, date(2026, 6, 12), date(2026, 6, 12), {}),
    ]


def test_an_empty_lake_offers_nothing() -> None:
    assert discover([]) == []
