"""Receipts become counts of minutes and troubles; only the latest stay, for the debugger."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from banso.ingest.models import Receipt, SourceMinute, Trouble

MANY = 500
KEPT = 100
"""Receipts of a source that stay: each has at least one event, so the debugger has its hundred."""
COUNTED = timedelta(hours=25)
SAMPLE = 500


@dataclass(frozen=True)
class NotedTrouble:
    """Something that was refused `times` times, and how the first of them looked."""

    code: str
    field: str
    times: int
    sample: str


@transaction.atomic
def fold() -> int:
    """Count the receipts nobody has counted; returns how many there were."""
    waiting = Receipt.objects.filter(folded=False).order_by("id")
    receipts = list(waiting.select_for_update(skip_locked=True)[:MANY])
    count_minutes(receipts)
    for receipt in receipts:
        for noted in troubles_of(receipt):
            write_trouble(receipt.source_id, noted, receipt.at)
    Receipt.objects.filter(pk__in=[each.pk for each in receipts]).update(folded=True)
    for source in {each.source_id for each in receipts}:
        forget_old(source)
    return len(receipts)


def count_minutes(receipts: Sequence[Receipt]) -> None:
    taken: Counter[tuple[int, datetime]] = Counter()
    refused: Counter[tuple[int, datetime]] = Counter()
    for each in receipts:
        place = (each.source_id, each.at.replace(second=0, microsecond=0))
        taken[place] += each.taken
        refused[place] += each.refused
    for source, minute in sorted(taken):
        row, _ = SourceMinute.objects.get_or_create(source_id=source, minute=minute)
        SourceMinute.objects.filter(pk=row.pk).update(
            taken=F("taken") + taken[source, minute], refused=F("refused") + refused[source, minute]
        )


def troubles_of(receipt: Receipt) -> Iterator[NotedTrouble]:
    if receipt.code:
        yield NotedTrouble(receipt.code, "", 1, "")
    for name, (times, sample) in receipt.troubles.items():
        code, _, field = name.partition(":")
        yield NotedTrouble(code, field, times, sample)


def write_trouble(source_id: int, noted: NotedTrouble, at: datetime) -> None:
    """It happened so many times more, and looked like this at the end."""
    begun = {"first_at": at, "last_at": at}
    row, _ = Trouble.objects.get_or_create(
        source_id=source_id, code=noted.code, field=noted.field, defaults=begun
    )
    Trouble.objects.filter(pk=row.pk).update(
        times=F("times") + noted.times,
        first_at=min(row.first_at, at),
        last_at=max(row.last_at, at),
        sample=noted.sample[:SAMPLE].replace("\0", "�") or row.sample,
    )


def forget_old(source_id: int) -> None:
    latest = Receipt.objects.filter(source=source_id).order_by("-id")
    edge = latest.values_list("id", flat=True)[KEPT - 1 : KEPT].first()
    if edge is not None:
        Receipt.objects.filter(source=source_id, folded=True, id__lt=edge).delete()
    SourceMinute.objects.filter(source=source_id, minute__lt=timezone.now() - COUNTED).delete()
