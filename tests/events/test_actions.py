"""Cancelling, failing, running twice, tidying up."""

import io
import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from banso.base.jobs import ATTEMPTS, run_all
from banso.base.models import Job
from banso.engagements.models import Engagement
from banso.engine.staged import spill
from banso.events import actions, lake, manifest, parts, sandbox
from banso.events.applying import take_next
from banso.events.models import Import, LakePart, RetiredFile
from banso.events.running import carry_out
from banso.events.undo import undo
from tests.events.conftest import ACCOUNTS, EVENTS
from tests.events.dump import dump


@pytest.fixture
def ready(staff):
    """An import looked at, and its importer."""
    by = staff()
    stream = io.BytesIO(ACCOUNTS.encode())
    return actions.upload(by=by, stream=stream, name="a.csv", kind="accounts"), by


def test_a_cancelled_import_is_not_carried_out(ready):
    owner, by = ready
    actions.confirm(by=by, owner=owner, skip_bad=False)
    actions.cancel(by=by, owner=owner)
    run_all()
    owner.refresh_from_db()
    assert owner.status == "cancelled"
    assert not Engagement.objects.exists()
    with pytest.raises(actions.NotNow):
        actions.cancel(by=by, owner=owner)


def test_a_cancellation_while_reading_stops_the_child(ready, monkeypatch):
    owner, by = ready
    actions.confirm(by=by, owner=owner, skip_bad=False)
    owner.refresh_from_db()

    def child(command, order, progress):
        actions.cancel(by=by, owner=owner)
        assert progress(1, 2) is False
        raise sandbox.Stopped

    monkeypatch.setattr("banso.events.running.sandbox.run", child)
    carry_out(owner, actions.stored(owner))
    owner.refresh_from_db()
    assert owner.status == "cancelled"


def test_a_job_that_runs_twice_imports_once(ready):
    owner, by = ready
    actions.confirm(by=by, owner=owner, skip_bad=False)
    run_all()
    Job.objects.filter(task__endswith="run_import").update(status="ready")
    run_all()
    owner.refresh_from_db()
    assert (owner.status, owner.imported) == ("done", 2)
    assert Engagement.objects.count() == 2


def run_until_given_up():
    """As workers would over a minute: a job that failed runs again at once."""
    for _ in range(ATTEMPTS):
        Job.objects.filter(status="ready").update(run_after=timezone.now())
        run_all()


def test_a_fault_of_ours_is_told_and_the_import_goes_on_where_it_stopped(ready, monkeypatch):
    owner, by = ready
    actions.confirm(by=by, owner=owner, skip_bad=False)
    with monkeypatch.context() as patch:
        patch.setattr("banso.events.running.index_customers", lambda ids: 1 / 0)
        run_until_given_up()
    owner.refresh_from_db()
    assert (owner.status, owner.applied) == ("failed", 2)
    actions.retry(by=by, owner=owner)
    run_all()
    owner.refresh_from_db()
    assert (owner.status, owner.imported, owner.lines) == ("done", 2, 2)
    assert Engagement.objects.count() == 2


def test_an_import_whose_workers_died_each_time_has_failed_and_can_be_tried_again(ready):
    owner, by = ready
    actions.confirm(by=by, owner=owner, skip_bad=False)
    past = timezone.now() - timedelta(minutes=1)
    Job.objects.update(status="running", attempts=ATTEMPTS, leased_until=past)
    run_all()
    owner.refresh_from_db()
    assert owner.status == "failed"
    actions.retry(by=by, owner=owner)
    run_all()
    owner.refresh_from_db()
    assert (owner.status, owner.imported) == ("done", 2)


def test_what_came_in_of_a_failed_import_can_be_taken_back(ready, monkeypatch):
    owner, by = ready
    before = dump()
    actions.confirm(by=by, owner=owner, skip_bad=False)
    monkeypatch.setattr("banso.events.running.index_customers", lambda ids: 1 / 0)
    run_until_given_up()
    owner.refresh_from_db()
    undo(by=by, owner=owner)
    owner.refresh_from_db()
    assert owner.status == "undone"
    assert dump() == before


def test_a_cancellation_while_rows_come_in_takes_back_what_is_in(staff, monkeypatch):
    by = staff()
    actions.default_source()
    before = dump()
    rows = "".join(f"N{i},会社{i}\n" for i in range(50))
    stream = io.BytesIO(f"account_id,name\n{rows}".encode())
    owner = actions.upload(by=by, stream=stream, name="a.csv", kind="accounts")
    monkeypatch.setattr("banso.base.pacing.FIRST", 20)
    actions.confirm(by=by, owner=owner, skip_bad=False)

    def cancel_after_the_first_chunk(batch, chunk):
        take_next(batch, chunk)
        owner.refresh_from_db()
        if owner.status == "applying":
            assert Engagement.objects.count() == 20
            actions.cancel(by=by, owner=owner)

    monkeypatch.setattr("banso.events.applying.take_next", cancel_after_the_first_chunk)
    run_all()
    owner.refresh_from_db()
    assert owner.status == "undone"
    assert dump() == before


def test_the_child_sees_no_secret(ready, monkeypatch):
    owner, _ = ready
    monkeypatch.setenv("BANSO_SECRET_KEY", "secret")
    seen = sandbox._environment(actions.stored(owner).parent)
    assert not [name for name in seen if "BANSO" in name or "SECRET" in name]
    assert set(os.environ) - set(seen)


def test_a_round_is_asked_for_when_something_came_in(bring, monkeypatch):
    asked = Job.objects.filter(task=actions.run_import.module_path, arguments={"import_id": 0})
    waiting = actions.run_import.using(run_after=timezone.now() + timedelta(days=1))
    monkeypatch.setattr("banso.events.after.AFTER_IMPORT", [Later(waiting)])
    bring("accounts", ACCOUNTS)
    assert asked.count() == 1
    bring("accounts", ACCOUNTS)
    bring("accounts", "account_id,name\nC404,新しい\n")
    assert asked.count() == 1


class Later:
    """A task of a higher room that waits for tomorrow."""

    def __init__(self, task):
        self.task = task
        self.module_path = task.module_path

    def enqueue(self):
        return self.task.enqueue(import_id=0)


def test_superseded_files_go_after_a_while(bring):
    bring("accounts", ACCOUNTS)
    bring("events", EVENTS)
    bring("accounts", "account_id,name\nC404,新しい\n")
    named = {lake.folder() / path for path in LakePart.objects.values_list("path", flat=True)}
    files = set(lake.folder().glob("parts/*/*.parquet"))
    assert named < files
    assert parts.sweep() == 0
    old = time.time() - manifest.GRACE - 60
    for path in files:
        os.utime(path, (old, old))
    assert parts.sweep() == 0
    RetiredFile.objects.update(at=datetime.fromtimestamp(old, UTC))
    assert parts.sweep() == len(files - named)
    assert set(lake.folder().glob("parts/*/*.parquet")) == named


@pytest.mark.parametrize("place", ["", "staged", "parts/2026-11"])
def test_where_a_killed_writer_spilled_is_swept_when_nothing_in_it_is_young(workspace, place):
    left = spill(lake.folder() / place / "out")
    left.mkdir(parents=True)
    block = left / "duckdb_temp_block-1.block"
    block.write_bytes(b"0")
    old = time.time() - manifest.GRACE - 60
    os.utime(left, (old, old))
    assert parts.sweep() == 0
    assert block.is_file()
    os.utime(block, (old, old))
    assert parts.sweep() == 1
    assert not left.exists()


def test_uploads_are_kept_for_a_week(ready):
    owner, _ = ready
    kept = actions.stored(owner)
    old = time.time() - actions.KEPT - 60
    os.utime(kept, (old, old))
    actions.tidy()
    assert not kept.exists()
    assert Import.objects.get().status == "ready"
    with pytest.raises(actions.NotNow):
        actions.look(owner=owner)
