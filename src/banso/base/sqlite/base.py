"""Django's SQLite, but who wants to write while another writes asks again every few milliseconds.

SQLite's own waiting makes ever longer steps, up to a tenth of a second, and so misses the moments
in which background writers rest. Those wait as SQLite does, so that pages come before them.
"""

import sqlite3
import time

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from banso.base.pacing import has_stepped_back

AGAIN = 0.003


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        if has_stepped_back():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + patience
        self._let_wait(0)
        try:
            while not self._begun(last=time.monotonic() > until):
                time.sleep(AGAIN)
        finally:
            self._let_wait(patience)

    def _let_wait(self, seconds: float) -> None:
        """How long SQLite itself waits for another writer."""
        self.connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def _begun(self, *, last: bool) -> bool:
        """Whether the transaction began; raises what SQLite says when it is asked for the `last`
        time, or when another writer is not the reason."""
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except OperationalError as error:
            cause = error.__cause__
            busy = (
                isinstance(cause, sqlite3.Error) and cause.sqlite_errorcode == sqlite3.SQLITE_BUSY
            )
            if last or not busy:
                raise
            return False
        return True
