"""What people do about barriers: note one, lower it, raise it again; keep the kinds."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.base.workspace import local_today
from banso.engagements.models import Engagement
from banso.goals.models import Stage
from banso.goals.stages import stage_of
from banso.metrics.models import Metric
from banso.plays.models import Barrier, BarrierKind

STARTERS: Sequence[Mapping[str, str]] = (
    {"ja": "漠然とした不安", "en": "Vague unease"},
    {"ja": "操作方法が分からない", "en": "How to operate it"},
    {"ja": "合う相手・機能が見つからない", "en": "Finding the right match"},
    {"ja": "業務の切り分け", "en": "Splitting the work"},
    {"ja": "要件の書き方", "en": "Writing requirements"},
)
STARTER = "starter"
MOST_KINDS = 40


class Refused(Exception):
    """The verb does not apply; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def note_barrier(
    *,
    engagement: Engagement,
    by: User,
    kind: BarrierKind,
    side: str,
    metric: Metric | None = None,
    stage: Stage | None = None,
    words: str = "",
) -> Barrier:
    """Something stands in the way of the target on `metric`, or of the move into `stage`."""
    now = stage_of([engagement.pk], local_today()).get(engagement.pk)

    row = Barrier.objects.create(
        engagement=engagement,
        kind=kind,
        metric=metric,
        stage=stage,
        in_stage=now.stage if now else None,
        side=side,
        words=words.strip(),
        noted_by=by,
    )
    record_of(row, "barrier.noted", by)
    return row


@transaction.atomic
def lower_barrier(*, barrier: Barrier, by: User | None, words: str = "") -> Barrier:
    """It stands in the way no more; asking twice is harmless."""
    row = Barrier.objects.select_for_update(of=("self",)).get(pk=barrier.pk)
    if row.lowered_at is not None:
        return row

    row.lowered_at, row.lowered_by, row.lowered_words = timezone.now(), by, words.strip()
    row.save(update_fields=["lowered_at", "lowered_by", "lowered_words"])
    record_of(row, "barrier.lowered", by)
    return row


@transaction.atomic
def raise_barrier(*, barrier: Barrier, by: User) -> Barrier:
    """It stands in the way after all."""
    row = Barrier.objects.select_for_update(of=("self",)).get(pk=barrier.pk)
    if row.lowered_at is None:
        return row

    row.lowered_at, row.lowered_by, row.lowered_words = None, None, ""
    row.save(update_fields=["lowered_at", "lowered_by", "lowered_words"])
    record_of(row, "barrier.raised", by)
    return row


@transaction.atomic
def begin_kinds(*, by: User | None) -> int:
    """The usual five, where there is none yet; returns how many were made."""
    if BarrierKind.objects.exists():
        return 0
    for name in STARTERS:
        add_kind(name=name, by=by)
    return len(STARTERS)


@transaction.atomic
def kind_named(*, code: str, by: User | None) -> BarrierKind:
    """The kind of that uid; of "starter-<n>" the n-th of the usual five, which are made now."""
    starter, _, place = code.partition("-")
    if starter != STARTER:
        return BarrierKind.objects.get(uid=code)
    begin_kinds(by=by)
    return BarrierKind.objects.order_by("position")[int(place)]


@transaction.atomic
def add_kind(*, name: Mapping[str, str], by: User | None) -> BarrierKind:
    """One more kind, the last in the order; raises Refused("too_many")."""
    known = BarrierKind.objects.filter(retired_at=None)
    if known.count() >= MOST_KINDS:
        raise Refused("too_many")
    last = BarrierKind.objects.aggregate(last=Max("position"))["last"]

    kind = BarrierKind.objects.create(
        name=dict(name), position=0 if last is None else last + 1, created_by=by
    )
    record("barrier_kind.made", actor=by, subject_id=kind.pk)
    return kind


@transaction.atomic
def rename_kind(*, kind: BarrierKind, name: Mapping[str, str], by: User) -> bool:
    """Call it otherwise, for what was noted before too; False where nothing changed."""
    row = BarrierKind.objects.select_for_update(of=("self",)).get(pk=kind.pk)
    if row.name == dict(name):
        return False

    row.name = dict(name)
    row.save(update_fields=["name"])
    record("barrier_kind.renamed", actor=by, subject_id=row.pk)
    return True


@transaction.atomic
def set_kind_retired(*, kind: BarrierKind, retired: bool, by: User) -> None:
    """Offer the kind no more, or again; what was noted keeps it."""
    kind.retired_at = timezone.now() if retired else None
    kind.save(update_fields=["retired_at"])
    verb = "barrier_kind.retired" if retired else "barrier_kind.restored"
    record(verb, actor=by, subject_id=kind.pk)


def record_of(row: Barrier, verb: str, by: User | None) -> None:
    record(
        verb,
        actor=by,
        engagement_id=row.engagement_id,
        subject_id=row.pk,
        detail={"kind": row.kind_id, "side": row.side},
    )
