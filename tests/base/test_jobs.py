"""Jobs: leased, tried again, never lost when a worker dies."""

from datetime import timedelta

import pytest
from django.tasks import task
from django.utils import timezone

from banso.base import jobs
from banso.base.models import Job

RAN: list[str] = []


@task
def note(*, word: str) -> str:
    RAN.append(word)
    return word.upper()


@task
def fail() -> None:
    raise RuntimeError(" ".join(["on", "purpose"]))


@pytest.fixture(autouse=True)
def _forget(db):
    RAN.clear()


def test_a_job_runs_once_and_keeps_its_result():
    result = note.enqueue(word="hello")

    assert jobs.run_all() == 1
    assert jobs.run_all() == 0
    assert RAN == ["hello"]
    result.refresh()
    assert result.return_value == "HELLO"


def test_positional_arguments_are_refused():
    with pytest.raises(TypeError):
        note.enqueue("hello")


def test_a_key_enqueues_once():
    assert jobs.enqueue_once(note, key="night-1", word="a")
    assert not jobs.enqueue_once(note, key="night-1", word="a")
    assert jobs.run_all() == 1


def test_a_job_of_a_dead_worker_runs_again():
    note.enqueue(word="again")
    jobs.lease("killed")
    assert not jobs.run_one()

    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    assert jobs.run_one()
    assert RAN == ["again"]


def test_a_job_that_kills_every_worker_is_given_up():
    note.enqueue(word="deadly")
    for _ in range(jobs.ATTEMPTS):
        assert jobs.lease("killed")
        Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    assert jobs.lease("next") is None
    assert Job.objects.get().status == Job.Status.FAILED


def test_a_worker_that_lost_its_lease_writes_nothing():
    note.enqueue(word="slow")
    slow = jobs.lease("slow")
    Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    jobs.run_one("quick")

    jobs.close(slow, Job.Status.FAILED, error="too late")

    assert Job.objects.get().status == Job.Status.DONE


def test_a_failing_job_is_tried_three_times_with_its_error_kept():
    fail.enqueue()
    for _ in range(jobs.ATTEMPTS):
        assert jobs.run_one()
        Job.objects.update(run_after=timezone.now())

    job = Job.objects.get()
    assert (job.status, job.attempts) == (Job.Status.FAILED, 3)
    assert job.error.endswith("RuntimeError")
    assert "on purpose" not in job.error, "a message may quote what somebody wrote"


def test_progress_is_reported_and_renews_the_lease():
    note.enqueue(word="x")
    job = jobs.lease("me")
    Job.objects.update(leased_until=timezone.now())

    jobs.report(job.uid, done=5, total=10)

    job.refresh_from_db()
    assert (job.done, job.total) == (5, 10)
    assert job.leased_until > timezone.now()
