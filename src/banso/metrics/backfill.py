"""Computing the past of a metric's meaning as a job that tells how far it is."""

from collections.abc import Collection
from datetime import date
from itertools import batched

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.base.workspace import local_today
from banso.events.after import unless_waiting
from banso.events.manifest import Change
from banso.metrics.history import at_once, forget_weeks, keep_weeks, missing_weeks, sweep_weeks
from banso.metrics.models import Backfill, HistoryWeek, MetricVersion
from banso.metrics.revision import compare, earlier
from banso.metrics.rollups import keep_rollups, widen_rollups
from banso.metrics.summaries import week_days

WEEKS = 52
SHOWN_WEEKS = 26
Status = Backfill.Status
UNDER_WAY = (Status.WAITING, Status.RUNNING)


@transaction.atomic
def start_backfill(
    *, versions: Collection[MetricVersion], by: User | None, weeks: int = WEEKS
) -> Backfill:
    """Compute the past of these versions as a job; one that is under way for them is stopped."""
    Backfill.objects.filter(versions__in=versions, status__in=UNDER_WAY).update(
        status=Status.CANCELLED, ended_at=timezone.now()
    )
    started = Backfill.objects.create(as_of=local_today(), weeks=weeks, created_by=by)
    started.versions.set(versions)
    run_backfill.enqueue(uid=started.uid)
    return started


def keep_history(day: date) -> Backfill | None:
    """Start computing the weeks that metrics in use lack by `day`, once a week for each."""
    sunday = week_days(day, 1)[0]
    tried = Backfill.objects.filter(as_of__gt=sunday).values_list("versions", flat=True)
    lacking = [row for row in in_force() if row.pk not in {*told_of(sunday), *tried}]
    return start_backfill(versions=lacking, by=None, weeks=SHOWN_WEEKS) if lacking else None


def follow_events(day: date) -> Backfill | None:
    """Bring the rollups up to the lake, and have the weeks computed again that saw days whose
    events have changed; what is no longer in force keeps its past as it was."""
    wrong = forget_weeks(keep_rollups())
    again = [row for row in in_force() if row.pk in wrong]
    if not again:
        return None
    weeks = (day - min(wrong[row.pk] for row in again)).days // 7 + 1
    return start_backfill(versions=again, by=None, weeks=weeks)


@task
def follow_lake() -> None:
    """Parts have gone: what was summed up of them goes too, and what saw them is told anew."""
    follow_events(local_today())


def after_change(change: Change) -> None:
    """Of parts that only came the round takes care; until then their events are read."""
    if change.went:
        unless_waiting(follow_lake)


def in_force() -> list[MetricVersion]:
    """The meanings of the metrics in use."""
    rows = MetricVersion.objects.filter(proposed=False, metric__retired_at=None)
    return list({row.metric_id: row for row in rows.order_by("metric", "number")}.values())


def told_of(sunday: date) -> list[int]:
    """The versions whose values on a day are known."""
    row = HistoryWeek.objects.filter(day=sunday).first()
    return row.versions if row else []


@transaction.atomic
def cancel_backfill(*, backfill: Backfill, by: User) -> bool:
    """Stop it; what is computed stays. False when it had ended."""
    open_rows = Backfill.objects.filter(pk=backfill.pk, status__in=UNDER_WAY)
    stopped = open_rows.update(status=Status.CANCELLED, ended_at=timezone.now())
    if stopped:
        record("backfill.cancelled", actor=by, subject_id=backfill.pk)
    return bool(stopped)


@task
def run_backfill(*, uid: str) -> None:
    """Compute what is missing, the latest weeks first, then old beside new; a worker that goes on
    with it begins where the other ended."""
    row = Backfill.objects.filter(uid=uid, status__in=UNDER_WAY).first()
    if row is None:
        return
    for rolled, parts in widen_rollups():
        if not under_way(row, rolled=rolled, parts=parts):
            return
    versions = list(row.versions.select_related("metric"))
    missing = missing_weeks(versions, week_days(row.as_of, row.weeks))[::-1]
    done = row.weeks - len(missing)
    for days in batched(missing, at_once()):
        if not under_way(row, done=done):
            return
        keep_weeks(versions, days)
        done += len(days)
    sweep_weeks()
    if under_way(row, done=row.weeks):
        finish(row, comparison_of(versions, row.as_of))


def comparison_of(versions: Collection[MetricVersion], as_of: date) -> dict[str, object] | None:
    [only, *others] = versions
    before = None if others else earlier(only)
    return None if before is None else compare(before, only, as_of)


def under_way(row: Backfill, **far: int) -> bool:
    """Say how far it is; False where somebody stopped it."""
    open_rows = Backfill.objects.filter(pk=row.pk, status__in=UNDER_WAY)
    return bool(open_rows.update(status=Status.RUNNING, **far))


def finish(row: Backfill, comparison: dict[str, object] | None) -> None:
    Backfill.objects.filter(pk=row.pk, status=Status.RUNNING).update(
        status=Status.DONE, comparison=comparison, ended_at=timezone.now()
    )


def give_up(*, uid: str) -> None:
    """The job failed for good."""
    Backfill.objects.filter(uid=uid, status__in=UNDER_WAY).update(
        status=Status.FAILED, ended_at=timezone.now()
    )
