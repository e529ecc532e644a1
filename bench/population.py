"""A company of any size, written straight into the tables: for each relationship ten people,
three contracts, two contacts and two typed values, looked after by twenty colleagues in four
teams, with a standard plan. Where everybody stands is then computed by the nightly round."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model

from banso.actions.models import Action, Contact, SetAside
from banso.base import search
from banso.base.models import Role, StaffGrant, Team, User, Workspace
from banso.base.planner import refresh_statistics
from banso.base.workspace import local_today
from banso.core.text import key
from banso.desk.rounds import round_now
from banso.engagements.models import Contract, Engagement
from banso.goals.models import Goal, Standing, Target
from banso.goals.refresh import open_standings
from banso.metrics.models import Measurement, Metric, MetricVersion
from banso.parties.models import Membership, Organization, Party, Person

PASSWORD = "running alongside"
PEOPLE, CONTRACTS, CONTACTS, METRICS = 10, 3, 2, 2
STAFF, TEAMS = 20, 4
BATCH = 2_000
HEADS = ["青葉", "明星", "大和", "朝日", "丸越", "北斗", "東海", "南風", "山田", "川上", "緑川"]
TAILS = ["商事", "工業", "製作所", "システム", "物流", "食品", "建設", "電機", "薬品", "印刷"]
SEGMENTS = ["大手", "中堅", "中小", "公共", "教育", "医療", "製造", "小売"]


def populate(n: int, *, seed: int = 1) -> None:
    """Fill the empty database with `n` relationships, and run the round."""
    write_company(n, seed=seed)
    round_now()
    refresh_statistics()


def write_company(n: int, *, seed: int = 1) -> None:
    """Fill the empty database with `n` relationships."""
    dice, today = random.Random(seed), local_day()
    staff = colleagues()
    metrics = standard(today)
    parties = organizations(n, dice)
    engagements = relationships(parties, staff, dice, today)
    people(parties)
    contracts(engagements, dice, today)
    daily_loop(engagements, staff, dice, today)
    typed(engagements, metrics, dice, today)
    open_standings(engagements)
    index(engagements)
    refresh_statistics()


def local_day() -> date:
    Workspace.objects.create(id=1, name="規模の試験")
    return local_today()


def write(model: type[Model], rows: Iterable[Any]) -> None:
    """Insert in batches without the ORM's checks of each row; a row's key, where it has none,
    is its number."""
    fields = [each for each in model._meta.concrete_fields if not each.generated]
    waiting, last = iter(rows), model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    while batch := list(islice(waiting, BATCH)):
        for number, row in enumerate(batch, start=last + 1):
            row.pk = row.pk or number
        last += len(batch)
        cells = [
            [each.get_db_prep_save(each.pre_save(row, True), connection) for each in fields]
            for row in batch
        ]
        insert(model, [each.column for each in fields], cells)
    reset_sequence(model)


def insert(model: type[Model], columns: list[str], cells: list[list[Any]]) -> None:
    names = ", ".join(f'"{each}"' for each in columns)
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in cells:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', cells)


def reset_sequence(model: type[Model]) -> None:
    """The next row gets a key of its own."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(sql)


def colleagues() -> list[int]:
    teams = [Team.objects.create(name=f"チーム{i}") for i in range(TEAMS)]
    ids = []
    for i in range(STAFF):
        user = User.objects.create_user(f"staff{i}@example.jp", PASSWORD, name=f"担当{i:02d}")
        role = Role.MANAGER if i == 0 else Role.SUCCESS
        StaffGrant.objects.create(user=user, role=role, team=teams[i % TEAMS])
        ids.append(user.pk)
    return ids


def standard(today: date) -> list[int]:
    goal = Goal.objects.create(words="標準")
    found = []
    for i in range(METRICS):
        name = {"ja": f"数値{i}", "en": f"Number {i}"}
        metric = Metric.objects.create(key=f"number-{i}", name=name)
        MetricVersion.objects.create(metric=metric, number=1, definition={"kind": "entered"})
        Target.objects.create(goal=goal, metric=metric, floor=0, target=100, since=today)
        found.append(metric.pk)
    return found


def organizations(n: int, dice: random.Random) -> range:
    def party(i: int) -> Party:
        name = f"株式会社{dice.choice(HEADS)}{dice.choice(TAILS)}{i}"
        return Party(pk=i, kind="organization", name=name, name_key=key(name))

    write(Party, (party(i) for i in range(1, n + 1)))
    write(Organization, (Organization(party_id=i, region="東京") for i in range(1, n + 1)))
    return range(1, n + 1)


def relationships(parties: range, staff: list[int], dice: random.Random, today: date) -> range:
    def relation(i: int) -> Engagement:
        owner = None if dice.random() < 0.05 else dice.choice(staff)
        return Engagement(
            pk=i,
            party_id=i,
            segment=dice.choice(SEGMENTS),
            touch=dice.choice(("high", "low", "tech")),
            owner_id=owner,
            owner_name="" if owner is None else f"担当{staff.index(owner):02d}",
            started_on=today - timedelta(days=dice.randint(30, 2_000)),
        )

    write(Engagement, (relation(i) for i in parties))
    return parties


def people(parties: range) -> None:
    """A million people take the database itself a few seconds and Python minutes."""
    first, n = parties.stop, len(parties)
    numbers = range(first, first + n * PEOPLE)
    home, text = f"((i - {first}) / {PEOPLE} + 1)", "CAST(i AS varchar(20))"
    start = "right" if connection.vendor == "postgresql" else "substr"
    sign = "" if connection.vendor == "postgresql" else "-"
    uid = f"'p' || {start}('000000000000000' || {text}, {sign}15)"
    party = Party(pk=0, kind="person", uid="x", name="x", name_key="x")
    series(party, numbers, id="i", uid=uid, name=f"'山本 ' || {text}", name_key=f"'山本' || {text}")
    address = f"'p' || {text} || '@c' || CAST({home} AS varchar(20)) || '.example.jp'"
    series(Person(party_id=0, email="x"), numbers, party_id="i", email=address)
    membership = Membership(pk=0, person_id=0, home_id=0, title="部長")
    series(membership, numbers, id="i", person_id="i", home_id=home)
    for model in (Party, Membership):
        reset_sequence(model)


def series(like: Model, numbers: range, **expressions: str) -> None:
    """A row like `like` for each number i, but for the columns given as SQL."""
    fields = [each for each in like._meta.concrete_fields if not each.generated]
    cells = {
        each.column: each.get_db_prep_save(each.pre_save(like, True), connection) for each in fields
    }
    names = ", ".join(f'"{name}"' for name in cells)
    types = {each.column: each.db_type(connection) for each in fields}
    chosen = ", ".join(expressions.get(name) or f"CAST(%s AS {types[name]})" for name in cells)
    given = [cell for name, cell in cells.items() if name not in expressions]
    sql = (
        f"WITH RECURSIVE s(i) AS (SELECT {numbers.start} UNION ALL"
        f" SELECT i + 1 FROM s WHERE i < {numbers.stop - 1})"
        f' INSERT INTO "{like._meta.db_table}" ({names}) SELECT {chosen} FROM s'
    )
    if connection.vendor == "sqlite":
        sql = sql.replace("CAST(%s AS datetime)", "%s")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, given)


def contracts(engagements: range, dice: random.Random, today: date) -> None:
    def of(engagement: int) -> Iterator[Contract]:
        end, value = today + timedelta(days=dice.randint(-20, 364)), dice.randint(1, 300) * 100_000
        for back in reversed(range(CONTRACTS)):
            known = end - timedelta(days=365 * back)
            past = back > 0
            yield Contract(
                engagement_id=engagement,
                start_on=known - timedelta(days=365),
                end_on=known,
                notice_on=known - timedelta(days=60),
                seats=10,
                annual_minor=value,
                currency="JPY",
                outcome="renewed" if past else "",
                outcome_known_on=known if past else None,
            )

    write(Contract, (contract for each in engagements for contract in of(each)))


def daily_loop(engagements: range, staff: list[int], dice: random.Random, today: date) -> None:
    noon = datetime.combine(today, time(3), tzinfo=UTC)

    def contact(engagement: int) -> Contact:
        at = noon - timedelta(days=int(dice.expovariate(1 / 60)) + 1)
        return Contact(engagement_id=engagement, occurred_at=at, by_id=dice.choice(staff))

    def step(engagement: int) -> Action:
        who, due = dice.choice(staff), today + timedelta(days=dice.randint(-5, 20))
        return Action(
            engagement_id=engagement,
            title="資料を送る",
            owner_id=who,
            created_by_id=who,
            due_on=due,
        )

    write(Contact, (contact(each) for each in engagements for _ in range(CONTACTS)))
    write(Action, (step(each) for each in engagements if each % 10 == 0))
    until = today + timedelta(days=5)
    paused = (each for each in engagements if each % 25 == 0)
    write(SetAside, (SetAside(engagement_id=i, kind="snooze", until=until) for i in paused))


def typed(engagements: range, metrics: list[int], dice: random.Random, today: date) -> None:
    write(
        Measurement,
        (
            Measurement(
                metric_id=metric, engagement_id=each, as_of=today, value=dice.randint(0, 100)
            )
            for each in engagements
            for metric in metrics
            if dice.random() < 0.9
        ),
    )


def index(engagements: range) -> None:
    rows = Engagement.objects.order_by("pk").values_list("pk", "party__name", "owner_name")
    for start in range(0, len(engagements), BATCH):
        chunk = rows[start : start + BATCH]
        search.index("engagement", [(pk, f"{name} {owner}") for pk, name, owner in chunk])


def counts() -> dict[str, int]:
    return {
        "relationships": Standing.objects.count(),
        "people": Person.objects.count(),
        "contracts": Contract.objects.count(),
    }
