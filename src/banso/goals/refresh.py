"""Bringing the stored standings to today, writing only what changed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from banso.base.models import Activity
from banso.base.pacing import paced
from banso.base.workspace import local_today
from banso.engagements.models import Engagement
from banso.goals.models import Standing, StandingChange
from banso.goals.sections import Section, sections
from banso.goals.standing import StandingValue, stand

MOVED = 1e-9
BATCH = 500
LABELS = {
    "name": "party__name",
    "owner_id": "owner_id",
    "owner_name": "owner_name",
    "segment": "segment",
    "touch": "touch",
}
STORED = [
    field for field in Standing._meta.concrete_fields if not (field.primary_key or field.generated)
]
COLUMNS = [field.name for field in STORED]
CELLS = [field.attname for field in STORED]


def open_standings(ids: Collection[int]) -> None:
    """A row for each new engagement, of which nothing is measured yet."""
    today = local_today()
    Standing.objects.bulk_create(
        [Standing(engagement_id=each, as_of=today) for each in ids],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    copy_labels(ids)


def copy_labels(ids: Collection[int]) -> None:
    """Copy what lists filter and sort on from the engagements."""
    here = Engagement.objects.filter(pk=OuterRef("pk"))
    copies = {name: Subquery(here.values(source)) for name, source in LABELS.items()}
    for chunk in chunks(sorted(ids)):
        Standing.objects.filter(pk__in=chunk).update(**copies)


def labels_of(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    rows = Engagement.objects.filter(pk__in=ids).values_list("pk", *LABELS.values())
    return {pk: dict(zip(LABELS, cells, strict=True)) for pk, *cells in rows}


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def refresh_standings(ids: Collection[int] | None = None, as_of: date | None = None) -> int:
    """Bring the standings of these engagements (None: of all) to today; returns how many rows
    changed. A change of the gap is kept as the day's StandingChange.

    Everybody's are written in short transactions, so that a round never holds others up for
    long; whom somebody did something with meanwhile is looked at again, and a round that is
    broken off is finished by the next.
    """
    today = as_of or local_today()
    if ids is not None:
        return refresh_some(ids, today)
    mark = last_activity()
    found = stand(today)
    shown = sections(found.values(), today)
    chosen = sorted(found.keys() | current_rows())
    changed = sum(refresh_chunk(chunk, found, shown, today) for chunk in paced(chosen))
    return changed + sum(refresh_some(chunk, today) for chunk in paced(touched_since(mark)))


def refresh_some(ids: Collection[int], today: date) -> int:
    """The standings of a few, at once.

    They are computed before anybody has to wait for them; where somebody did something with one
    of these customers meanwhile, or with many at once, again while nobody else writes.
    """
    mark = last_activity()
    found = stand(today, ids)
    shown = sections(found.values(), today, ids)
    with transaction.atomic():
        concerned = Q(engagement_id__in=ids) | Q(engagement_id=None)
        if Activity.objects.filter(concerned, id__gt=mark).exists():
            found = stand(today, ids)
            shown = sections(found.values(), today, ids)
        return refresh_chunk(sorted(found), found, shown, today)


def current_rows() -> set[int]:
    return set(Standing.objects.filter(current=True).values_list("pk", flat=True))


def last_activity() -> int:
    return Activity.objects.order_by("-id").values_list("id", flat=True).first() or 0


def touched_since(mark: int) -> list[int]:
    """The engagements of activities after the one of number `mark`."""
    rows = Activity.objects.filter(id__gt=mark, engagement_id__isnull=False)
    known = Standing.objects.filter(pk__in=rows.values("engagement_id"))
    return list(known.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def refresh_chunk(
    ids: Sequence[int],
    found: Mapping[int, StandingValue],
    shown: Mapping[int, Section],
    today: date,
) -> int:
    rows = Standing.objects.filter(pk__in=ids).select_for_update(of=("self",))
    before = {row.engagement_id: row for row in rows}

    labels = labels_of([each for each in ids if each in found])
    after = [row_of(found[each], shown[each], labels[each]) for each in ids if each in labels]
    changed = [row for row in after if differs(before.get(row.engagement_id), row)]
    moved = [change(before.get(row.engagement_id), row) for row in changed]
    gone = [each for each, row in before.items() if row.current and each not in found]

    Standing.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["engagement"],
        update_fields=COLUMNS,
    )
    Standing.objects.filter(pk__in=gone).update(current=False, as_of=today)
    StandingChange.objects.bulk_create(
        [each for each in moved if each is not None],
        update_conflicts=True,
        unique_fields=["engagement", "day"],
        update_fields=["gap_after"],
    )
    return len(changed) + len(gone)


def row_of(value: StandingValue, section: Section, labels: Mapping[str, Any]) -> Standing:
    cells = vars(value) | {"terms": [asdict(term) for term in value.terms]}
    return Standing(**cells, **labels, section=section)


def differs(before: Standing | None, after: Standing) -> bool:
    return before is None or any(
        getattr(before, name) != getattr(after, name) for name in CELLS if name != "as_of"
    )


def change(before: Standing | None, after: Standing) -> StandingChange | None:
    """How the gap moved since the last round; none for the first standing."""
    if before is None or before.targets == 0 or not moved(before.gap, after.gap):
        return None
    return StandingChange(
        engagement_id=after.engagement_id,
        day=after.as_of,
        gap_before=before.gap,
        gap_after=after.gap,
    )


def moved(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(before - after) > MOVED
