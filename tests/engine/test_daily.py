"""Person-days and carrying persons from a lake, against counting by hand."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import numpy as np

from banso.engine.daily import daily_use
from banso.engine.relations import AccountRow
from tests.engine.events import Lake, event, files

FIRST = date(2026, 1, 1)


def test_person_days_by_account(tmp_path):
    rng = np.random.default_rng(3)
    told = [
        event(
            f"{FIRST + timedelta(days=int(rng.integers(0, 120)))}T{int(rng.integers(0, 24)):02}:00",
            account=str(rng.choice(["a", "b", "b2"])),
            person=str(rng.choice(["p", "q", "r"])) if rng.random() < 0.9 else None,
            count=int(rng.integers(1, 4)),
        )
        for _ in range(900)
    ]
    lake = Lake(tmp_path)
    lake.stage(*told)
    parts = files(lake.build(known={1: ["a", "b", "b2"]}))
    accounts = [AccountRow(10, 1, "a"), AccountRow(20, 1, "b"), AccountRow(20, 1, "b2")]
    since, until = date(2026, 1, 11), date(2026, 4, 20)
    use, carrying = daily_use(parts, accounts, [10, 20, 30], since=since, until=until)

    by_hand = defaultdict(set)
    for each in told:
        day = (each.at + timedelta(hours=9)).date()
        if since <= day <= until:
            by_hand[int(each.account != "a"), (day - since).days].add(each.person)
    found = dict(zip(zip(use.row.tolist(), use.day.tolist(), strict=True), use.people, strict=True))
    assert found == {key: len(people) for key, people in by_hand.items()}
    assert list(use.row) == sorted(use.row)

    names = {(row, name) for (_, name), row in zip(carrying.names, carrying.customer, strict=True)}
    assert names == {(row, name) for row in (0, 1) for name in "pqr"}
    days = Counter(carrying.person.tolist())
    for number, ((_, name), row) in enumerate(zip(carrying.names, carrying.customer, strict=True)):
        assert days[number] == sum(
            name in people for (of, _), people in by_hand.items() if of == row
        )


def test_no_lake_is_no_use():
    use, carrying = daily_use([], [], [1], since=FIRST, until=FIRST)
    assert len(use.row) == len(carrying.names) == 0
