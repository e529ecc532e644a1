"""What the database knows of its own tables."""

import sqlite3

from django.db import OperationalError, connection

from banso.base.pacing import in_line


def refresh_statistics() -> None:
    """Tell the database's planner that many rows came at once.

    PostgreSQL notices by itself within a minute; until then it plans as if the tables were
    empty, and a join over a freshly imported company takes minutes instead of milliseconds.
    SQLite does without where others keep writing; whoever comes next asks again.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
            return
        cursor.execute("PRAGMA analysis_limit=10000")  # else writers wait for whole tables
        try:
            with in_line():
                cursor.execute("PRAGMA optimize")
        except OperationalError as error:
            cause = error.__cause__
            if getattr(cause, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                raise
