"""Bringing the stored standings to today, writing only what changed."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date

from django.db import transaction

from banso.base.workspace import local_today
from banso.goals.models import Standing, StandingChange
from banso.goals.standing import StandingValue, stand

MOVED = 1e-9
BATCH = 500


@transaction.atomic
def refresh_standings(ids: Collection[int] | None = None, as_of: date | None = None) -> int:
    """Bring the standings of these engagements (None: of all) to today; returns how many rows
    changed. A change of the gap is kept as the day's StandingChange."""
    today = as_of or local_today()
    found = stand(today, ids)
    rows = Standing.objects.all() if ids is None else Standing.objects.filter(pk__in=ids)
    before = {row.engagement_id: row for row in rows.select_for_update(of=("self",))}

    changed = [value for value in found.values() if differs(before.get(value.engagement_id), value)]
    moved = [change(before.get(each.engagement_id), each) for each in changed]
    gone = [each for each, row in before.items() if row.current and each not in found]

    Standing.objects.bulk_create(
        [row_of(value) for value in changed],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["engagement"],
        update_fields=COLUMNS,
    )
    Standing.objects.filter(pk__in=gone).update(current=False, as_of=today)
    StandingChange.objects.bulk_create(
        [each for each in moved if each is not None],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["engagement", "day"],
        update_fields=["gap_after"],
    )
    return len(changed) + len(gone)


COLUMNS = [field.name for field in Standing._meta.concrete_fields if not field.primary_key]


def row_of(value: StandingValue) -> Standing:
    cells = vars(value) | {"terms": [asdict(term) for term in value.terms]}
    return Standing(**cells)


def differs(before: Standing | None, value: StandingValue) -> bool:
    after = row_of(value)
    return before is None or any(
        getattr(before, name) != getattr(after, name) for name in COLUMNS if name != "as_of"
    )


def change(before: Standing | None, value: StandingValue) -> StandingChange | None:
    """How the gap moved since the last round; none for the first standing."""
    if before is None or not moved(before.gap, value.gap):
        return None
    return StandingChange(
        engagement_id=value.engagement_id,
        day=value.as_of,
        gap_before=before.gap,
        gap_after=value.gap,
    )


def moved(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(before - after) > MOVED
