"""What people decide about segments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.core.conditions import Condition, dump, load
from banso.metrics.models import Segment


@dataclass(frozen=True)
class SegmentSheet:
    """A segment as it is written: its name in {ja, en} and whom it holds for."""

    name: Mapping[str, str]
    condition: Condition
    shared: bool = True


@transaction.atomic
def make_segment(*, sheet: SegmentSheet, by: User | None) -> Segment:
    """A new segment, the last in the order."""
    last = Segment.objects.aggregate(last=Max("position"))["last"]

    segment = Segment.objects.create(
        name=dict(sheet.name),
        condition=dump(sheet.condition),
        shared=sheet.shared,
        position=0 if last is None else last + 1,
        created_by=by,
    )
    _record("segment.made", segment, by, condition=segment.condition)
    return segment


@transaction.atomic
def revise_segment(*, segment: Segment, sheet: SegmentSheet, by: User | None) -> bool:
    """Change a segment; False where nothing changed. The definition before stays in the record."""
    locked = Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    wanted = {"name": dict(sheet.name), "condition": dump(sheet.condition), "shared": sheet.shared}

    changed = sorted(name for name, value in wanted.items() if getattr(locked, name) != value)
    if not changed:
        return False

    before = locked.condition
    for name in changed:
        setattr(locked, name, wanted[name])
    locked.save(update_fields=[*changed, "changed_at"])
    segment.refresh_from_db()
    told = {"before": before, "after": segment.condition} if "condition" in changed else {}
    _record("segment.revised", segment, by, fields=changed, **told)
    return True


@transaction.atomic
def duplicate_segment(*, segment: Segment, by: User | None, name: Mapping[str, str]) -> Segment:
    """Another segment of the same condition."""
    sheet = SegmentSheet(name, load(segment.condition), segment.shared)
    return make_segment(sheet=sheet, by=by)


@transaction.atomic
def retire_segment(*, segment: Segment, by: User | None) -> None:
    """The segment is offered no more; its standard serves nobody until it is restored."""
    _set_retired(segment, True)
    _record("segment.retired", segment, by)


@transaction.atomic
def restore_segment(*, segment: Segment, by: User | None) -> None:
    """The segment is in use again."""
    _set_retired(segment, False)
    _record("segment.restored", segment, by)


@transaction.atomic
def order_segments(*, uids: Sequence[str], by: User | None) -> None:
    """Put the segments into this order; those not named follow in the order they had."""
    rows = list(Segment.objects.select_for_update(of=("self",)).order_by("position", "id"))
    place = {uid: number for number, uid in enumerate(uids)}

    ordered = sorted(rows, key=lambda row: place.get(row.uid, len(place)))
    for position, row in enumerate(ordered):
        row.position = position

    Segment.objects.bulk_update(ordered, ["position"])
    record("segments.ordered", actor=by, detail={"order": [row.pk for row in ordered]})


def _set_retired(segment: Segment, retired: bool) -> None:
    segment.retired_at = timezone.now() if retired else None
    segment.save(update_fields=["retired_at"])


def _record(verb: str, segment: Segment, by: User | None, **detail: object) -> None:
    record(verb, actor=by, subject_id=segment.pk, detail=detail)
