"""Bringing an installation up to date before a command uses it."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare() -> None:
    """Make or upgrade the database, after a copy of it was put aside."""
    if not pending():
        return
    back_up()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def pending() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def back_up() -> None:
    """Keep the SQLite database as it was before an upgrade; PostgreSQL has its own tools."""
    if connection.vendor != "sqlite" or not connection.introspection.table_names():
        return
    from django.conf import settings
    from django.utils import timezone

    folder = settings.HOME / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"before-upgrade-{timezone.now():%Y%m%d-%H%M%S}.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
