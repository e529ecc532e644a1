"""Computing the past of a metric's meaning as a job that tells how far it is."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.base.workspace import local_today
from banso.metrics.models import Backfill, MetricVersion, WeekSummary
from banso.metrics.revision import compare, earlier
from banso.metrics.rollups import keep_rollups
from banso.metrics.summaries import missing_weeks, summarize_week, week_days

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
    in_force = MetricVersion.objects.filter(proposed=False, metric__retired_at=None)
    latest = {row.metric_id: row for row in in_force.order_by("metric", "number")}
    told = WeekSummary.objects.filter(day=sunday).values_list("version", flat=True)
    tried = Backfill.objects.filter(as_of__gt=sunday).values_list("versions", flat=True)
    done = {*told, *tried}
    lacking = [row for row in latest.values() if row.pk not in done]
    return start_backfill(versions=lacking, by=None, weeks=SHOWN_WEEKS) if lacking else None


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
    keep_rollups()
    versions = list(row.versions.select_related("metric"))
    days = week_days(row.as_of, row.weeks)
    missing = missing_weeks(versions, days)[::-1]
    for number, day in enumerate(missing):
        if not under_way(row, done=row.weeks - len(missing) + number):
            return
        summarize_week(versions, day)
    if under_way(row, done=row.weeks):
        finish(row, comparison_of(versions, row.as_of))


def comparison_of(versions: Collection[MetricVersion], as_of: date) -> dict[str, object] | None:
    [only, *others] = versions
    before = None if others else earlier(only)
    return None if before is None else compare(before, only, as_of)


def under_way(row: Backfill, *, done: int) -> bool:
    """Say how far it is; False where somebody stopped it."""
    open_rows = Backfill.objects.filter(pk=row.pk, status__in=UNDER_WAY)
    return bool(open_rows.update(status=Status.RUNNING, done=done))


def finish(row: Backfill, comparison: dict[str, object] | None) -> None:
    Backfill.objects.filter(pk=row.pk, status=Status.RUNNING).update(
        status=Status.DONE, comparison=comparison, ended_at=timezone.now()
    )


def give_up(*, uid: str) -> None:
    """The job failed for good."""
    Backfill.objects.filter(uid=uid, status__in=UNDER_WAY).update(
        status=Status.FAILED, ended_at=timezone.now()
    )
