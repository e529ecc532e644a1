"""Whoever keeps writing does not make an import fail; what else goes wrong is told."""

import sqlite3

import pytest
from django.db import OperationalError

from banso.base import planner


class Cursor:
    """One of SQLite's, whose second statement ends in `reason`."""

    def __init__(self, reason):
        self.reason = reason

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def execute(self, sql):
        if sql == "PRAGMA optimize":
            cause = sqlite3.OperationalError()
            cause.sqlite_errorcode = self.reason
            raise OperationalError from cause


@pytest.fixture
def ending(monkeypatch):
    class Connection:
        vendor = "sqlite"

        def cursor(self):
            return Cursor(self.reason)

    made = Connection()
    monkeypatch.setattr(planner, "connection", made)
    return made


def test_a_database_that_others_write_to_is_left(ending):
    ending.reason = sqlite3.SQLITE_BUSY
    planner.refresh_statistics()


def test_a_full_disk_is_told(ending):
    ending.reason = sqlite3.SQLITE_FULL
    with pytest.raises(OperationalError):
        planner.refresh_statistics()
