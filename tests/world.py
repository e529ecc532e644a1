"""A small world of n customers, written straight into the tables, for tests of whole pages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from banso.actions.models import Action, Contact, SetAside
from banso.base.models import User
from banso.base.search import index
from banso.base.workspace import local_today
from banso.core.text import key
from banso.engagements.models import Contract, Engagement
from banso.goals.models import Goal, Standing, Target
from banso.goals.refresh import copy_labels
from banso.goals.sections import sections
from banso.metrics.models import LatestValue, Measurement, Metric, MetricVersion
from banso.parties.models import Membership, Organization, Party, Person

ENTERED = {"kind": "entered"}


@dataclass(frozen=True)
class World:
    engagements: list[Engagement]
    metrics: list[Metric]


def build(n: int, owner: User, *, today: date | None = None) -> World:
    """n customers of `owner`, each with people, two contracts, contacts, a step and a standing."""
    today = today or local_today()
    parties = Party.objects.bulk_create(
        Party(kind="organization", name=f"株式会社サンプル{i}", name_key=key(f"サンプル{i}"))
        for i in range(n)
    )
    Organization.objects.bulk_create(Organization(party=each, region="東京") for each in parties)
    engagements = Engagement.objects.bulk_create(
        Engagement(
            party=each,
            owner=owner,
            segment="A" if i % 2 else "B",
            touch=("high", "low", "tech")[i % 3],
            started_on=today - timedelta(days=500),
        )
        for i, each in enumerate(parties)
    )
    index("engagement", [(each.pk, each.party.name) for each in engagements])
    people(parties)
    contracts(engagements, today)
    daily_loop(engagements, owner, today)
    return World(engagements, plan(engagements, today))


def people(parties: list[Party]) -> None:
    persons = Party.objects.bulk_create(
        Party(kind="person", name=f"担当 {i}", name_key=key(f"担当{i}"))
        for i in range(len(parties))
    )
    Person.objects.bulk_create(
        Person(party=each, email=f"p{i}@example.jp") for i, each in enumerate(persons)
    )
    Membership.objects.bulk_create(
        Membership(person=person, home=home, title="部長")
        for person, home in zip(persons, parties, strict=True)
    )


def contracts(engagements: list[Engagement], today: date) -> None:
    rows = []
    for i, each in enumerate(engagements):
        end = today + timedelta(days=20 + 7 * (i % 40))
        before = end - timedelta(days=365)
        rows.append(
            Contract(
                engagement=each,
                start_on=before - timedelta(days=365),
                end_on=before,
                annual_minor=1_200_000,
                currency="JPY",
                seats=10,
                outcome="renewed",
                outcome_known_on=before,
            )
        )
        rows.append(
            Contract(
                engagement=each,
                start_on=before,
                end_on=end,
                currency="JPY",
                seats=10 + i % 5,
                notice_on=end - timedelta(days=30),
                annual_minor=1_200_000 + 10_000 * i,
            )
        )
    Contract.objects.bulk_create(rows)


def daily_loop(engagements: list[Engagement], owner: User, today: date) -> None:
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
    Contact.objects.bulk_create(
        Contact(
            engagement=each,
            channel="call",
            occurred_at=noon - timedelta(days=5 + i % 60),
            by=owner,
            summary="状況を伺いました",
        )
        for i, each in enumerate(engagements)
    )
    Action.objects.bulk_create(
        Action(
            engagement=each,
            title="資料を送る",
            owner=owner,
            created_by=owner,
            due_on=today + timedelta(days=i % 9 - 3),
        )
        for i, each in enumerate(engagements)
        if i % 4 == 0
    )
    SetAside.objects.bulk_create(
        SetAside(engagement=each, kind="snooze", until=today + timedelta(days=7), by=owner)
        for i, each in enumerate(engagements)
        if i % 7 == 3
    )


def plan(engagements: list[Engagement], today: date) -> list[Metric]:
    metrics = [
        Metric.objects.create(key=f"number-{i}", name={"ja": f"数値{i}", "en": f"Number {i}"})
        for i in range(2)
    ]
    goal = Goal.objects.get_or_create(engagement=None, segment=None, stage=None)[0]
    for metric in metrics:
        MetricVersion.objects.create(metric=metric, number=1, definition=ENTERED)
        Target.objects.create(goal=goal, metric=metric, floor=0, target=100, weight=1, since=today)
    values = [
        (each, metric, float((7 * i + 13 * j) % 100))
        for i, each in enumerate(engagements)
        for j, metric in enumerate(metrics)
    ]
    Measurement.objects.bulk_create(
        Measurement(metric=metric, engagement=each, as_of=today, value=value, source="test")
        for each, metric, value in values
    )
    LatestValue.objects.bulk_create(
        LatestValue(metric=metric, engagement=each, version=1, as_of=today, value=value)
        for each, metric, value in values
    )
    Standing.objects.bulk_create(standing(each, i, today) for i, each in enumerate(engagements))
    place(today)
    return metrics


def place(today: date | None = None) -> None:
    """Put every standing into the section that the daily loop gives it."""
    rows = list(Standing.objects.all())
    found = sections(rows, today or local_today())
    for row in rows:
        row.section = found[row.engagement_id]
    Standing.objects.bulk_update(rows, ["section"])
    copy_labels([row.pk for row in rows])


def standing(engagement: Engagement, i: int, today: date) -> Standing:
    gap = ((7 * i + 3) % 100) / 100
    return Standing(
        engagement=engagement,
        as_of=today,
        gap=gap,
        health=100 * (1 - gap),
        measured=2,
        targets=2,
        plan="standard",
        annual_minor=1_200_000 + 10_000 * i,
        urgency=0.5,
        stake=int(gap * 0.5 * (1_200_000 + 10_000 * i)),
        next_kind="renewal",
        next_on=today + timedelta(days=20 + 7 * (i % 40)),
        last_contact_on=today - timedelta(days=5 + i % 60),
    )
