"""What is offered for which events, and why."""

from datetime import date

import pytest

from banso.core.conditions import All, Is
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    DistinctPeople,
    PerPerson,
    Ratio,
    Seats,
    Trend,
)
from banso.engine.discover import EventName
from banso.metrics.starter_kinds import by_kind, snake

DAY = date(2026, 11, 1)


def named(name: str, rows: int = 10, people: int = 3, **values: tuple[str, ...]) -> EventName:
    kinds = dict.fromkeys(values, "text")
    return EventName(name, rows, people, DAY, DAY, kinds, values)


def offered(*names: EventName, seats: bool = True) -> dict[str, object]:
    return {each.key: each.sheet.definition for each in by_kind(names, seats=seats)}


def test_logins_are_told_by_seats_and_by_people():
    assert offered(named("User Logged In"), named("session_start")) == {
        "login-seat-share-28": Ratio(
            DistinctPeople(("User Logged In", "session_start"), 28), Seats()
        ),
        "regular-people-28": PerPerson(
            ActiveDays(("User Logged In", "session_start"), 28), "share", 8
        ),
    }
    assert set(offered(named("ログイン"), seats=False)) == {"regular-people-28"}
    assert offered(named("login", people=0)) == {}


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("reportCreated", {"creators-28", "creation-trend-28"}),
        ("資料の作成", {"creators-28", "creation-trend-28"}),
        ("invite_sent", {"sharers-28"}),
        ("upload_failed", {"creators-28", "creation-trend-28", "error-share-28"}),
        ("page_view", set()),
        ("newsletter", set()),
    ],
)
def test_an_event_is_known_by_its_name(name, keys):
    assert set(offered(named(name))) == keys


def test_what_is_offered_can_be_computed():
    found = offered(named("report_created"), named("error_shown"), named("page_view", rows=90))
    assert found["creation-trend-28"] == Trend(Count("report_created", 28))
    assert found["error-share-28"] == Ratio(Count("error_shown", 28), Count(None, 28))


def test_the_leading_role_is_looked_for():
    found = offered(named("page_view", role=("member", "admin", "guest")))
    where = All((Is("role", "is", "admin"),))
    assert found == {"days-since-role-90": DaysSince(None, 90, where=where)}
    assert offered(named("page_view", role=("member",))) == {}
    assert offered(named("page_view", color=("red", "blue"))) == {}


def test_every_offer_says_what_was_found():
    [first, *_] = by_kind([named("login", rows=1200), named("sign_in", rows=34)], seats=True)
    assert first.reason == {
        "ja": "「login」ほか1種類のイベントが1,234件あります。",
        "en": "“login” and 1 more: 1,234 events found.",
    }
    assert (first.group, first.sheet.unit) == ("logins", "percent")


@pytest.mark.parametrize(
    ("name", "plain"),
    [("reportCreated", "report_created"), ("Report Created", "report_created"), ("作成", "作成")],
)
def test_names_are_compared_in_one_spelling(name, plain):
    assert snake(name) == plain
