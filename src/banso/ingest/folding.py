"""Receipts become counts of a minute and troubles; only the latest stay as they are. The worker
does it, so that a request need not."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from banso.ingest.models import Receipt, SourceMinute, Trouble
from banso.ingest.receipts import SHOWN

AT_ONCE = 500
KEPT = timedelta(days=7)
TROUBLE_KEPT = timedelta(days=30)


def fold_due() -> bool:
    """Fold some of what is not; whether there was any."""
    if not Receipt.objects.filter(folded=False).exists():
        return False
    fold(timezone.now())
    return True


@transaction.atomic
def fold(now: datetime) -> int:
    """Count the oldest receipts that are not counted yet, each once; the number of them. Whatever
    names a person goes after a while, also of a source that is silent."""
    waiting = Receipt.objects.filter(folded=False).select_for_update(skip_locked=True, of=("self",))
    some = list(waiting.order_by("id")[:AT_ONCE])
    count_minutes(some)
    count_troubles(some)
    Receipt.objects.filter(pk__in=[each.pk for each in some]).update(folded=True)
    for source in {each.source_id for each in some}:
        forget(source)
    Receipt.objects.filter(folded=True, at__lt=now - KEPT).delete()
    SourceMinute.objects.filter(minute__lt=now - KEPT).delete()
    Trouble.objects.filter(last_at__lt=now - TROUBLE_KEPT).delete()
    return len(some)


def forget(source: int) -> None:
    """Each receipt has a line at least, so the latest SHOWN of them hold the last SHOWN events."""
    latest = Receipt.objects.filter(source=source).order_by("-id").values_list("pk", flat=True)
    oldest = list(latest[SHOWN - 1 : SHOWN])
    if oldest:
        Receipt.objects.filter(source=source, folded=True, pk__lt=oldest[0]).delete()


def count_minutes(receipts: Sequence[Receipt]) -> None:
    counts: dict[tuple[int, datetime], Counter[str]] = defaultdict(Counter)
    for each in receipts:
        minute = each.at.replace(second=0, microsecond=0)
        counts[each.source_id, minute].update(taken=each.taken, refused=each.refused)
    for (source, minute), found in counts.items():
        row, _ = SourceMinute.objects.get_or_create(source_id=source, minute=minute)
        SourceMinute.objects.filter(pk=row.pk).update(
            taken=F("taken") + found["taken"], refused=F("refused") + found["refused"]
        )


def count_troubles(receipts: Sequence[Receipt]) -> None:
    for each in receipts:
        if each.code:
            count_trouble(each, each.code, "", 1, "")
        for name, (times, sample) in each.troubles.items():
            code, _, field = name.partition(":")
            count_trouble(each, code, field, times, sample)


def count_trouble(receipt: Receipt, code: str, field: str, times: int, sample: str) -> None:
    first = {"first_at": receipt.at, "last_at": receipt.at}
    words = {"source_id": receipt.source_id, "code": code, "field": field}
    row, _ = Trouble.objects.get_or_create(**words, defaults=first)
    row.times += times
    row.first_at, row.last_at = min(row.first_at, receipt.at), max(row.last_at, receipt.at)
    row.sample = sample
    row.save()
