"""Who wants to write while another writes asks again soon, and gives up as SQLite does."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from django.db import ConnectionHandler, OperationalError

from banso.base.sqlite import base
from banso.config.home import sqlite


@pytest.fixture
def place(tmp_path):
    return tmp_path / "own.sqlite3"


@pytest.fixture
def own(place, django_db_blocker):
    """A connection of Banso's to a database of its own."""
    with django_db_blocker.unblock():
        connection = ConnectionHandler({"default": sqlite(place)})["default"]
        connection.settings_dict["OPTIONS"]["timeout"] = 0.3
        connection.ensure_connection()
        yield connection
        connection.close()


def begin(connection):
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def patience(connection):
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA busy_timeout").fetchone()[0]


@pytest.fixture
def other(place, own):
    with closing(sqlite3.connect(place, isolation_level=None, check_same_thread=False)) as made:
        made.execute("BEGIN IMMEDIATE")
        yield made


def test_it_begins_as_soon_as_the_other_has_ended(own, other):
    ended = []

    def end():
        time.sleep(0.1)
        ended.append(time.monotonic())
        other.execute("COMMIT")

    threading.Thread(target=end).start()
    begin(own)
    assert ended, "the other was still writing"
    own.rollback()
    assert patience(own) == 300


def test_it_gives_up_when_its_patience_is_over(own, other):
    begun = time.monotonic()
    with pytest.raises(OperationalError, match="locked"):
        begin(own)
    assert time.monotonic() - begun >= 0.3
    assert patience(own) == 300


def test_another_reason_is_told_at_once(own, monkeypatch):
    own.transaction_mode = "NONSENSE"
    with pytest.raises(OperationalError, match="syntax"):
        begin(own)


def test_background_work_waits_as_sqlite_does(own, other, monkeypatch):
    monkeypatch.setattr(base, "has_stepped_back", lambda: True)
    monkeypatch.setattr(base.DatabaseWrapper, "_let_wait", lambda *seconds: pytest.fail("asked"))
    with pytest.raises(OperationalError, match="locked"):
        begin(own)
