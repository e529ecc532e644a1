"""Requests that come at the same time are committed together, and answered each for itself."""

import fcntl
import os
import select
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from banso.base import turns
from banso.events.models import Inbox
from banso.ingest import keeping
from banso.ingest.batches import Batch, line_of
from banso.ingest.calls import Seen
from banso.ingest.keeping import attempt, coming
from banso.ingest.models import Receipt, WriteKey
from banso.ingest.wire import Refused
from tests.ingest.conftest import track


def batch(event, number=1):
    now = timezone.now()
    seen = [Seen("track", f"{event} {n}", now, "", "u-1", None, event) for n in range(number)]
    return Batch(seen, [line_of(each) for each in seen])


@pytest.fixture
def key(product):
    return WriteKey.objects.get()


def test_several_are_written_with_one_commit(key, django_assert_num_queries):
    now = timezone.now()
    group = [coming(key, batch(event), now) for event in ("a", "b", "c")]
    with django_assert_num_queries(6):  # a savepoint, its end, the key twice, batches, receipts
        attempt(group)
    assert [each.failure for each in group] == [None, None, None]
    assert Inbox.objects.count() == Receipt.objects.count() == 3


def test_who_is_too_fast_is_refused_alone(key):
    now = timezone.now()
    group = [coming(key, batch("a", 2500), now) for _ in range(3)]
    attempt(group)
    assert [type(each.failure) for each in group] == [type(None), type(None), Refused]
    assert [row.events for row in Inbox.objects.all()] == [2500, 2500]
    assert WriteKey.objects.get().busy_until == now + timedelta(seconds=5)


def test_what_the_database_refuses_takes_nobody_with_it(key):
    good, bad = (coming(key, batch(event), timezone.now()) for event in ("a", "b"))
    bad.inbox.events = 0
    attempt([good, bad])
    assert good.failure is None and isinstance(bad.failure, IntegrityError)
    assert [row.events for row in Inbox.objects.all()] == [1]
    assert Receipt.objects.count() == 1


def test_a_database_that_cannot_be_written_to_is_asked_once(key):
    group = [coming(key, batch(event), timezone.now()) for event in ("a", "b")]
    with mock.patch.object(keeping, "write", side_effect=OperationalError("full")) as write:
        attempt(group)
    assert write.call_count == 1
    assert all(isinstance(each.failure, OperationalError) for each in group)


def test_a_key_that_is_revoked_meanwhile_takes_nothing_more(product, key):
    assert product.send(track()).status_code == 200
    late = coming(key, batch("late"), timezone.now())
    WriteKey.objects.update(revoked_at=timezone.now())
    attempt([late])
    assert isinstance(late.failure, Refused) and late.failure.code == "revoked_key"
    assert Inbox.objects.count() == 1


def test_who_comes_during_a_commit_waits_for_the_next_and_shares_it(key, monkeypatch):
    groups, began, go_on = [], threading.Event(), threading.Event()

    def slowly(group):
        groups.append(len(group))
        began.set()
        assert go_on.wait(20)
        for each in group:
            each.failure = None

    monkeypatch.setattr(keeping, "write", slowly)
    monkeypatch.setattr(keeping, "connection", SimpleNamespace(vendor="sqlite"))
    now = timezone.now()
    threads = [
        threading.Thread(target=keeping.keep, args=(key, batch(event), now)) for event in "abc"
    ]
    threads[0].start()
    assert began.wait(20)
    for each in threads[1:]:
        each.start()
    until_true(lambda: len(keeping._queue) == 2)
    go_on.set()
    for each in threads:
        each.join(20)
    assert groups == [1, 2] and keeping._queue == []


def test_whoever_waits_comes_before_whoever_has_just_written(tmp_path):
    with ExitStack() as ends:
        with turns.turn(tmp_path / "line"):
            other = ends.enter_context(another_process(tmp_path, "print('written', flush=True)"))
            until_true(lambda: is_held(tmp_path, turns.NEXT))
        with turns.turn(tmp_path / "line"):
            assert select.select([other.stdout], [], [], 0)[0], "it was not its turn"


def test_a_process_that_dies_in_its_turn_holds_up_nobody(tmp_path):
    with another_process(tmp_path, "print('mine', flush=True); time.sleep(600)") as other:
        assert other.stdout.readline() == b"mine\n"
        other.kill()
    with turns.turn(tmp_path / "line"):
        pass


def another_process(folder, then):
    code = f"""
import time
from pathlib import Path
from banso.base.turns import turn
with turn(Path({str(folder)!r}) / "line"):
    {then}
"""
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)


def is_held(folder, place):
    line = turns.line_of(folder / "line", os.getpid())
    try:
        fcntl.lockf(line, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
    except BlockingIOError:
        return True
    turns.free(line, place)
    return False


def until_true(condition):
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)
