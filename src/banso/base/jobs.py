"""Background work: Django's tasks over one leased row, enqueued in the action's transaction."""

import secrets
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.tasks import Task, TaskResult, TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils import timezone
from django.utils.json import normalize_json
from django.utils.module_loading import import_string

from banso.base.models import Job

type AnyTask = Task[..., Any]
type AnyResult = TaskResult[..., Any]

LEASE = timedelta(minutes=3)
BEAT = 30.0
ATTEMPTS = 3
GIVEN_UP: dict[str, Callable[..., object]] = {}
"""By the path of a task, what its room does once a job of it has failed for the last time; called
with the job's arguments. Added from AppConfig.ready."""
STATUS = {
    Job.Status.READY: TaskResultStatus.READY,
    Job.Status.RUNNING: TaskResultStatus.RUNNING,
    Job.Status.DONE: TaskResultStatus.SUCCESSFUL,
    Job.Status.FAILED: TaskResultStatus.FAILED,
}
log = structlog.get_logger()


class JobBackend(BaseTaskBackend):
    """`@task` functions become Job rows; keyword arguments only."""

    supports_defer = True
    supports_get_result = True

    def enqueue(self, task: AnyTask, args: Sequence[Any], kwargs: Mapping[str, Any]) -> AnyResult:  # type: ignore[override]
        self.validate_task(task)
        if args:
            raise TypeError("jobs take keyword arguments only")
        now = timezone.now()
        job = Job.objects.create(
            task=task.module_path,
            arguments=normalize_json(dict(kwargs)),
            enqueued_at=now,
            run_after=task.run_after or now,
        )
        return self.result_of(job, task)

    def get_result(self, result_id: str) -> AnyResult:
        job = Job.objects.filter(uid=result_id).first()
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return self.result_of(job, import_string(job.task))

    def result_of(self, job: Job, task: AnyTask) -> AnyResult:
        result: AnyResult = TaskResult(
            task=task,
            id=job.uid,
            status=STATUS[Job.Status(job.status)],
            enqueued_at=job.enqueued_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            last_attempted_at=job.started_at,
            args=[],
            kwargs=job.arguments,
            backend=self.alias,
            errors=[],
            worker_ids=[job.worker] * job.attempts,
        )
        object.__setattr__(result, "_return_value", job.result)
        return result


def enqueue_once(task: AnyTask, *, key: str, **arguments: Any) -> bool:
    """Enqueue `task` unless a job with this key was ever enqueued; True when it was new."""
    now = timezone.now()
    _, created = Job.objects.get_or_create(
        unique_key=key,
        defaults={
            "task": task.module_path,
            "arguments": normalize_json(arguments),
            "enqueued_at": now,
            "run_after": now,
        },
    )
    return created


def run_one(worker: str | None = None) -> bool:
    """Lease the next job, run it, write down its end; False when nothing waits."""
    job = lease(worker or secrets.token_hex(8))
    if job is None:
        return False
    with kept(job):
        try:
            value = import_string(job.task).call(**job.arguments)
        except Exception as error:
            log.error("job_failed", task=job.task, job=job.uid, kind=type(error).__name__)
            finish_failed(job, where(error))
        else:
            close(job, Job.Status.DONE, result=normalize_json(value))
    return True


def run_all() -> int:
    """Run what waits until nothing does; returns how many ran."""
    ran = 0
    while run_one():
        ran += 1
    return ran


@transaction.atomic
def lease(worker: str) -> Job | None:
    """Take the oldest job that is due: a ready one, or one whose worker stopped renewing."""
    now = timezone.now()
    give_up(now)
    due = Q(status=Job.Status.READY, run_after__lte=now) | Q(
        status=Job.Status.RUNNING, leased_until__lt=now
    )
    waiting = Job.objects.filter(due).order_by("run_after", "id")
    job = waiting.select_for_update(skip_locked=True, of=("self",)).first()
    if job is None:
        return None
    job.status, job.worker, job.attempts = Job.Status.RUNNING, worker, job.attempts + 1
    job.started_at, job.leased_until = now, now + LEASE
    job.save()
    return job


def taken(task: AnyTask, **arguments: Any) -> Job:
    """A job that this process works on itself, from now on: hold it with `kept`, end it with
    `close`. Where the process dies, a worker goes on with it."""
    now = timezone.now()
    return Job.objects.create(
        task=task.module_path,
        arguments=normalize_json(arguments),
        status=Job.Status.RUNNING,
        worker=secrets.token_hex(8),
        attempts=1,
        enqueued_at=now,
        run_after=now,
        started_at=now,
        leased_until=now + LEASE,
    )


@contextmanager
def kept(job: Job) -> Iterator[None]:
    """Renew the job's lease while the block runs, also during one long statement."""
    mine = Job.objects.filter(pk=job.pk, worker=job.worker, status=Job.Status.RUNNING)
    with beating(lambda: mine.update(leased_until=timezone.now() + LEASE)):
        yield


@contextmanager
def beating(renew: Callable[[], object]) -> Iterator[None]:
    """Call `renew` now and then while the block runs."""
    ended = threading.Event()
    beat = threading.Thread(target=beat_until, args=(ended, renew), daemon=True)
    beat.start()
    try:
        yield
    finally:
        ended.set()
        beat.join()


def beat_until(ended: threading.Event, renew: Callable[[], object]) -> None:
    try:
        while not ended.wait(BEAT):
            with suppress(OperationalError):  # the next beat comes before the lease ends
                renew()
    finally:
        connection.close()


def give_up(now: datetime) -> None:
    """A job whose workers died each time would kill the next one too."""
    died = Job.objects.filter(
        status=Job.Status.RUNNING, leased_until__lt=now, attempts__gte=ATTEMPTS
    )
    for job in died.select_for_update(skip_locked=True, of=("self",)):
        close(job, Job.Status.FAILED, error="its worker died each time")


def report(uid: str, *, done: int, total: int) -> None:
    """Show how far the running job is, and keep its lease."""
    Job.objects.filter(uid=uid, status=Job.Status.RUNNING).update(
        done=done, total=total, leased_until=timezone.now() + LEASE
    )


def where(error: Exception) -> str:
    """The kind of an error and the lines it went through; its message may quote a row, so it
    is left out."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__qualname__])


def finish_failed(job: Job, error: str) -> None:
    """Try again a little later, or give up after the last attempt."""
    if job.attempts >= ATTEMPTS:
        close(job, Job.Status.FAILED, error=error[-4000:])
        return
    Job.objects.filter(pk=job.pk, worker=job.worker).update(
        status=Job.Status.READY,
        error=error[-4000:],
        run_after=timezone.now() + timedelta(seconds=10 * job.attempts),
    )


@transaction.atomic
def close(job: Job, status: Job.Status, *, result: object = None, error: str = "") -> None:
    """The job is over, unless another worker has it by now."""
    mine = Job.objects.filter(pk=job.pk, worker=job.worker)
    over = mine.update(status=status, result=result, error=error, finished_at=timezone.now())
    if over and status == Job.Status.FAILED and job.task in GIVEN_UP:
        GIVEN_UP[job.task](**job.arguments)
