"""Who was there on which day: person-days by account, and the days of those who carry an account.

Small arrays come back however many events there are: one row per account and active day, one
per carrying person and active day.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from banso.engine.connect import connect, create, insert, parquet
from banso.engine.relations import AccountRow

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    type Ints = NDArray[numpy.int64]

CARRYING_DAYS = 12
CARRYING_SHARE = 0.2
"""A person is worth following who was there on 12 days and made a fifth of a quarter's use."""


@dataclass(frozen=True)
class DailyUse:
    """Sparse and sorted by row: on `day` (whole days from `since`) row `row` (the place of its key
    in `keys`) had `people` persons there."""

    row: "Ints"
    day: "Ints"
    people: "Ints"


@dataclass(frozen=True)
class CarryingPersons:
    """`names[p]` is (source, person id) and `customer[p]` the row of its account; the days it was
    there are the `day`s of the entries with `person` p."""

    names: list[tuple[int, str]]
    customer: "Ints"
    person: "Ints"
    day: "Ints"


def daily_use[K: Hashable](
    files: Sequence[Path],
    accounts: Sequence[AccountRow[K]],
    keys: Sequence[K],
    *,
    since: date,
    until: date,
    spill: Path | None = None,
) -> tuple[DailyUse, CarryingPersons]:
    """Person-days of each of `keys` and their carrying persons, on the local days between.

    An event without a person counts as one unnamed person of its account that day.
    """
    import numpy as np

    if not files:
        empty = np.zeros(0, dtype=np.int64)
        return DailyUse(empty, empty, empty), CarryingPersons([], empty, empty, empty)
    rows = {key: number for number, key in enumerate(keys)}
    with connect(*files, *([spill] if spill else []), memory="512MB", spill=spill) as connection:
        create(connection, "account", {"source": "integer", "account": "varchar", "row": "integer"})
        insert(
            connection,
            "account",
            ((a.source, a.account, rows[a.key]) for a in accounts if a.key in rows and a.account),
        )
        connection.execute(_PERSON_DAYS.format(lake=parquet(files), since=since, until=until))
        use = connection.execute(_USE).fetchnumpy()
        connection.execute(_CARRYING.format(days=CARRYING_DAYS, share=CARRYING_SHARE))
        names = connection.execute(_NAMES).fetchall()
        days = connection.execute(_THEIR_DAYS).fetchnumpy()

    def whole(column: object) -> "Ints":
        return np.asarray(column).astype(np.int64)

    return (
        DailyUse(whole(use["row"]), whole(use["day"]), whole(use["people"])),
        CarryingPersons(
            [(source, person) for source, person, _ in names],
            whole([row for _, _, row in names]),
            whole(days["id"]),
            whole(days["day"]),
        ),
    )


_PERSON_DAYS = """
create table person_day as
select distinct a.row, e.source, e.person, date_diff('day', date '{since}', e.day) as day
from {lake} e join account a on a.source = e.source and a.account = e.account
where e.day between date '{since}' and date '{until}'
"""

_USE = """
select row, day, count(*) as people from person_day group by row, day order by row, day
"""

_CARRYING = """
create table carrying as
select row_number() over (order by row, source, person) - 1 as id, row, source, person
from (
  select p.row, p.source, p.person, max(p.days / a.days) as share, sum(p.days) as days
  from (select row, source, person, day // 91 as quarter, count(*) as days
        from person_day where person is not null group by all) p
  join (select row, day // 91 as quarter, count(*) as days from person_day group by all) a
    on a.row = p.row and a.quarter = p.quarter
  group by p.row, p.source, p.person)
where days >= {days} and share >= {share}
"""

_NAMES = "select source, person, row from carrying order by id"

_THEIR_DAYS = """
select c.id, p.day from person_day p
join carrying c on c.row = p.row and c.source = p.source and c.person = p.person
order by c.id, p.day
"""
