"""The worker outlives a database that fails for a while."""

import argparse

import pytest
from django.db import OperationalError

from banso.cli import prepare
from banso.cli.commands import worker

ONCE, FOR_GOOD = (argparse.Namespace(once=once, pause=0.0) for once in (True, False))


@pytest.fixture
def looks(monkeypatch):
    """Each look of the worker is one of these: an error is raised. After the last it stops."""
    told, stopping = [], []

    def look():
        if not (each := told.pop(0)):
            stopping.append(15)
        elif isinstance(each, Exception):
            raise each
        return bool(each)

    monkeypatch.setattr(worker, "REST", 0.0)
    monkeypatch.setattr(worker, "work", look)
    monkeypatch.setattr(worker.MailClock, "look", lambda clock: None)
    monkeypatch.setattr(worker, "stop_on_signal", lambda: stopping)
    monkeypatch.setattr(prepare, "prepare", lambda: None)
    monkeypatch.setattr("banso.base.pacing.step_back", lambda: None)
    return told


@pytest.mark.parametrize("error", [OperationalError("disk is full"), OSError(28, "No space")])
def test_a_full_disk_does_not_end_it(looks, error):
    looks += [True, error, error, True, False]
    assert worker.run(FOR_GOOD) == 0
    assert looks == []


def test_run_once_it_says_so(looks):
    looks += [OperationalError("disk is full"), False]
    with pytest.raises(OperationalError):
        worker.run(ONCE)


def test_what_is_wrong_in_itself_is_not_hidden(looks):
    looks += [KeyError("a mistake"), False]
    with pytest.raises(KeyError):
        worker.run(FOR_GOOD)
