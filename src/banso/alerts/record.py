"""The back-test: what each rule would have raised over the past year, and what came of it."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from hashlib import blake2b

from django.db import transaction
from django.tasks import task

from banso.alerts.history import LATER, History, history, known_changes
from banso.alerts.models import AlertRecord, Kind
from banso.base.jobs import enqueue_once
from banso.core.alerts import detect
from banso.core.moves import LEVELS, STANDARD
from banso.core.track_record import (
    DIRECTION,
    HORIZON,
    NAIVE,
    Direction,
    Known,
    Verdict,
    judge,
    naive,
    records,
)
from banso.engagements.models import Engagement
from banso.events import lake
from banso.events.models import LakePart

YEAR = 365
MOST_CUSTOMERS = 3_000


@task
def make_alert_records(*, as_of: str) -> int:
    """Make the records of the year until a day; returns how many alerts were judged."""
    return make_records(date.fromisoformat(as_of))


def due_records(as_of: date) -> None:
    """Ask for new records at the first round of each week, and when months of use came in."""
    months = LakePart.objects.filter(first_day__lt=as_of).dates("first_day", "month").count()
    if months:
        year, week, _ = as_of.isocalendar()
        key = f"alert-records {year}-{week} {months}"
        enqueue_once(make_alert_records, key=key, as_of=as_of.isoformat())


def make_records(as_of: date) -> int:
    """Judge the year that ended 60 days before `as_of`, so that each alert had its time.

    Of more than 3,000 customers a fixed sample is taken. Nothing known after `as_of` is used.
    """
    last = as_of - timedelta(days=1)
    ids = sample(Engagement.objects.filter(merged_into=None).values_list("pk", flat=True))
    if not ids or not lake.connected(last):
        AlertRecord.objects.all().delete()
        return 0
    known = history(last, YEAR + HORIZON + LATER, ids)
    begun = max(LATER, first_use(known) + LATER // 2)
    span = range(min(begun, known.length - HORIZON - 1), known.length - HORIZON)
    verdicts, chance = judged(known, span)
    keep(verdicts, chance, as_of=as_of, weeks=max(1, len(span) // 7), customers=len(ids))
    return len(verdicts)


def sample(ids: Iterable[int]) -> list[int]:
    """All, or those whose digests are the smallest: the same ones every week."""
    ordered = sorted(ids, key=lambda each: blake2b(str(each).encode(), digest_size=8).digest())
    return sorted(ordered[:MOST_CUSTOMERS])


def first_use(known: History) -> int:
    """The first column with any use; the last one where there is none."""
    return int(known.use.day.min()) if len(known.use.day) else known.length - 1


def judged(known: History, span: range) -> tuple[list[Verdict], dict[Direction, tuple[int, int]]]:
    verdicts: list[Verdict] = []
    chance: dict[Direction, tuple[int, int]] = {}
    for piece in known.pieces(len(span)):
        found = [
            *detect(piece.days, piece.persons, span, piece.health),
            *naive(piece.days, span),
        ]
        changes = Known(*known_changes(piece, known.first, known.length))
        more, counted = judge(
            found, piece.days, piece.persons, changes, span=span, health=piece.health
        )
        verdicts += more
        for direction, (hits, every) in counted.items():
            before = chance.get(direction, (0, 0))
            chance[direction] = (before[0] + hits, before[1] + every)
    return verdicts, chance


@transaction.atomic
def keep(
    verdicts: Collection[Verdict],
    chance: dict[Direction, tuple[int, int]],
    *,
    as_of: date,
    weeks: int,
    customers: int,
) -> None:
    """Replace the stored records; a level without any alert has one that says so."""
    found = records(verdicts, chance)
    AlertRecord.objects.all().delete()
    rules = [(kind, level) for kind in Kind.values for level in LEVELS]
    rows = []
    for rule, level in [*rules, *((each, STANDARD) for each in NAIVE)]:
        one = found.get((rule, level))
        hits, every = chance.get(DIRECTION[rule], (0, 0))
        rows.append(
            AlertRecord(
                rule=rule,
                level=level,
                as_of=as_of,
                weeks=weeks,
                customers=customers,
                alerts=one.alerts if one else 0,
                followed=one.followed if one else 0,
                chance=hits / every if every else None,
                lead_days=one.lead_days if one else None,
            )
        )
    AlertRecord.objects.bulk_create(rows)
