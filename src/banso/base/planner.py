"""What the database knows of its own tables."""

from contextlib import suppress

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
        with in_line(), suppress(OperationalError):
            cursor.execute("PRAGMA optimize")
