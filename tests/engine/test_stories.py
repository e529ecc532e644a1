"""A dozen small stories: what happened, the SQL a careful analyst would write for the question,
the definition asking the same, and the answer worked out by hand. All four must meet.

The SQL sees the table `told(ts, account, person, event, count, n)` with `ts` in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from banso.core.conditions import AnyOf, Is
from banso.core.evaluate import evaluate
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    LastOf,
    MeanOf,
    Occurrence,
    PerPerson,
    Ratio,
    Seats,
    SumOf,
    Trend,
)
from banso.engine.connect import connect, create, insert
from banso.engine.measure import snapshot
from banso.engine.relations import AccountRow
from tests.engine.events import Lake, event, files

AS_OF = date(2026, 6, 30)


@dataclass(frozen=True)
class Told:
    """One event of a story; `at` in UTC."""

    at: str
    name: str = "login"
    person: str | None = "p1"
    count: int = 1
    n: float | str | None = None


@dataclass(frozen=True)
class Story:
    """A question asked in two ways, with its answer."""

    title: str
    told: list[Told]
    ask: Definition
    sql: str
    answer: float | None
    zone: str = "Asia/Tokyo"
    as_of: date = AS_OF
    seats: int | None = None


STORIES = [
    Story(
        "a week of logins has seven days, its first and last included",
        [Told("2026-06-23T15:00"), Told("2026-06-23T14:59:59"), Told("2026-06-30T14:59:59")],
        Count("login", 7),
        """select count(*) from told where event = 'login'
           and ts >= timestamp '2026-06-23 15:00' and ts < timestamp '2026-06-30 15:00'""",
        2,
    ),
    Story(
        "a row of five commits weighs five",
        [Told("2026-06-10", "commit", count=5), Told("2026-06-11", "commit"), Told("2026-06-12")],
        Count("commit", 28),
        "select sum(count) from told where event = 'commit' and ts >= timestamp '2026-06-02 15:00'",
        6,
    ),
    Story(
        "people count once however often they come, and nobody is not a person",
        [
            Told("2026-06-10"),
            Told("2026-06-11"),
            Told("2026-06-12", "export", "p2"),
            Told("2026-06-13", person=None),
        ],
        DistinctPeople(None, 28),
        "select count(distinct person) from told",
        2,
    ),
    Story(
        "the week before last week is a window moved by seven days",
        [Told("2026-06-20"), Told("2026-06-22", "x"), Told("2026-06-23T01:00"), Told("2026-06-29")],
        Count(None, 7, offset=7),
        """select count(*) from told
           where ts >= timestamp '2026-06-16 15:00' and ts < timestamp '2026-06-23 15:00'""",
        3,
    ),
    Story(
        "silence is counted from the last local day",
        [Told("2026-06-17T15:30"), Told("2026-06-10"), Told("2026-06-20", "export")],
        DaysSince("login", 90),
        """select date_diff('day', max(cast(ts + interval 9 hour as date)), date '2026-06-30')
           from told where event = 'login'""",
        12,
    ),
    Story(
        "longer silent than we look back is the days we look back",
        [Told("2026-03-01")],
        DaysSince("login", 90),
        """select least(90, date_diff('day', max(cast(ts + interval 9 hour as date)),
             date '2026-06-30')) from told where event = 'login'""",
        90,
    ),
    Story(
        "money sums over rows times their weight, words add nothing",
        [
            Told("2026-06-10", "purchase", count=2, n=1.25),
            Told("2026-06-11", "purchase", n="3.5"),
            Told("2026-06-12", "purchase", n="many"),
            Told("2026-06-13", "refund", n=100),
        ],
        SumOf("purchase", "n", 28),
        """select sum(count * coalesce(try_cast(n as double), 0)) from told
           where event = 'purchase'""",
        6.0,
    ),
    Story(
        "a day with many events is one active day, cut at the local midnight",
        [Told("2026-06-10T14:00"), Told("2026-06-10T16:00"), Told("2026-06-11T01:00", "export")],
        ActiveDays(None, 90),
        "select count(distinct cast(ts + interval 9 hour as date)) from told",
        2,
    ),
    Story(
        "half of the seats were active",
        [Told("2026-06-10"), Told("2026-06-11", person="p2"), Told("2026-05-20", person="p3")],
        Ratio(DistinctPeople(None, 28), Seats()),
        """select count(distinct person) / 4.0 from told
           where ts >= timestamp '2026-06-02 15:00'""",
        0.5,
        seats=4,
    ),
    Story(
        "without a running contract there is no share of its seats",
        [Told("2026-06-10")],
        Ratio(DistinctPeople(None, 28), Seats()),
        "select count(distinct person) / cast(null as double) from told",
        None,
    ),
    Story(
        "nothing to compare with is no number, not zero",
        [Told("2026-06-29", "export")],
        Ratio(Count("export", 7), Count("login", 7)),
        """select sum(case when event = 'export' then 1.0 end)
             / nullif(sum(case when event = 'login' then 1 else 0 end), 0) from told""",
        None,
    ),
    Story(
        "the night the clocks go forward has a short day",
        [Told("2026-03-08T04:59"), Told("2026-03-08T05:00"), Told("2026-03-09T03:59:59")],
        Count("login", 1),
        """select count(*) from told
           where ts >= timestamp '2026-03-08 05:00' and ts < timestamp '2026-03-09 04:00'""",
        2,
        zone="America/New_York",
        as_of=date(2026, 3, 8),
    ),
    Story(
        "what happens after the day is not known on it",
        [Told("2026-06-30T14:00"), Told("2026-06-30T15:00"), Told("2026-07-02", person="p2")],
        Ratio(Count(None, 28), DistinctPeople(None, 28)),
        """select sum(count) / count(distinct person) from told
           where ts < timestamp '2026-06-30 15:00'""",
        1,
    ),
    Story(
        "a mean weighs rows by their count and leaves out words",
        [
            Told("2026-06-10", "purchase", count=3, n=10),
            Told("2026-06-11", "purchase", n="20"),
            Told("2026-06-12", "purchase", n="many"),
        ],
        MeanOf("purchase", "n", 28),
        """select sum(count * try_cast(n as double)) / sum(case when try_cast(n as double)
             is not null then count end) from told where event = 'purchase'""",
        12.5,
    ),
    Story(
        "the last value is the latest row's that has a number",
        [
            Told("2026-06-12", "seats", n="unknown"),
            Told("2026-06-11", "seats", n=7),
            Told("2026-06-10", "seats", n=40),
        ],
        LastOf("seats", "n", 28),
        """select arg_max(try_cast(n as double), ts) from told
           where try_cast(n as double) is not null""",
        7,
    ),
    Story(
        "a trend compares with the same stretch before",
        [Told("2026-06-30"), Told("2026-06-25"), Told("2026-06-24"), Told("2026-06-20")],
        Trend(Count("login", 7)),
        """select count(case when ts >= timestamp '2026-06-23 15:00' then 1 end)
             / count(case when ts < timestamp '2026-06-23 15:00' then 1 end) from told""",
        3,
    ),
    Story(
        "from nothing there is no ratio, but there is a difference",
        [Told("2026-06-30"), Told("2026-06-29")],
        Trend(Count("login", 7), "difference"),
        "select count(*) - 0 from told",
        2,
    ),
    Story(
        "the month before last is short, and last month whole",
        [
            Told("2026-04-30T14:59"),
            Told("2026-04-30T15:00"),
            Told("2026-05-31T14:59"),
            Told("2026-05-31T15:00"),
        ],
        Count("login", "last_month"),
        """select count(*) from told
           where ts >= timestamp '2026-04-30 15:00' and ts < timestamp '2026-05-31 15:00'""",
        2,
    ),
    Story(
        "of the quarter so far, only the working days: no weekend, no holiday",
        [
            Told("2026-04-29"),
            Told("2026-04-30"),
            Told("2026-05-02"),
            Told("2026-05-06"),
            Told("2026-05-07"),
            Told("2026-03-31"),
        ],
        ActiveDays(None, "quarter_to_date", on="business_days"),
        """select count(distinct cast(ts + interval 9 hour as date)) from told
           where cast(ts + interval 9 hour as date) in (date '2026-04-30', date '2026-05-07')""",
        2,
    ),
    Story(
        "several events, of those that are large or said to be",
        [
            Told("2026-06-10", "order", n=500),
            Told("2026-06-11", "quote", n="1000"),
            Told("2026-06-12", "order", n="large"),
            Told("2026-06-13", "order", n=5),
            Told("2026-06-14", "visit", n=900),
        ],
        Count(("order", "quote"), 28, where=AnyOf((Is("n", "ge", 500), Is("n", "is", "large")))),
        """select count(*) from told where event in ('order', 'quote')
           and (n = 'large' or try_cast(n as double) >= 500)""",
        3,
    ),
    Story(
        "the share of people who came on two days, the silent ones of the quarter included",
        [
            Told("2026-06-10"),
            Told("2026-06-11"),
            Told("2026-06-11", person="p2"),
            Told("2026-04-10", person="p3"),
            Told("2026-01-10", person="p4"),
        ],
        PerPerson(ActiveDays(None, 28), "share", 2),
        """select avg(case when days >= 2 then 1.0 else 0.0 end) from (select person,
             count(distinct case when ts >= timestamp '2026-06-02 15:00' then ts end) as days
             from told where ts >= timestamp '2026-04-01 15:00' group by person)""",
        1 / 3,
    ),
    Story(
        "half of the people have been silent for longer than this",
        [Told("2026-06-30"), Told("2026-06-20", person="p2"), Told("2026-05-01", person="p3")],
        PerPerson(DaysSince(None, 90), "median"),
        """select median(days) from (select person, date_diff('day',
             max(cast(ts + interval 9 hour as date)), date '2026-06-30') as days
             from told group by person)""",
        10,
    ),
    Story(
        "a customer who never did anything is at zero, not unknown",
        [],
        Count(None, 28),
        "select count(*) from told",
        0,
    ),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.title)
def test_story(tmp_path: Path, story: Story) -> None:
    answer = pytest.approx(story.answer)
    assert _by_hand(story) == answer
    assert _by_evaluator(story) == answer
    assert _by_engine(story, tmp_path) == answer


def _by_hand(story: Story) -> float | None:
    kinds = ["timestamp", "varchar", "varchar", "varchar", "integer", "varchar"]
    columns = ["ts", "account", "person", "event", "count", "n"]
    with connect() as connection:
        create(connection, "told", dict(zip(columns, kinds, strict=True)))
        rows = [
            (
                datetime.fromisoformat(t.at),
                "acme",
                t.person,
                t.name,
                t.count,
                t.n if t.n is None else str(t.n),
            )
            for t in story.told
        ]
        insert(connection, "told", rows)
        [(value,)] = connection.execute(story.sql).fetchall()
    return None if value is None else float(value)


def _by_evaluator(story: Story) -> float | None:
    told = [
        Occurrence(
            at=datetime.fromisoformat(t.at).replace(tzinfo=UTC),
            event=t.name,
            person=t.person,
            count=t.count,
            properties={"n": t.n},
        )
        for t in story.told
    ]
    return evaluate(story.ask, told, as_of=story.as_of, zone=story.zone, seats=story.seats)


def _by_engine(story: Story, home: Path) -> float | None:
    lake = Lake(home, story.zone)
    lake.stage(
        *(
            event(t.at, name=t.name, person=t.person, count=t.count, properties={"n": t.n})
            for t in story.told
        )
    )
    accounts = [AccountRow("key", 1, "acme", story.seats)]
    found = snapshot(
        {"asked": story.ask},
        files(lake.build()),
        accounts,
        as_of=story.as_of,
        zone=story.zone,
    )
    return found["key"]["asked"]
