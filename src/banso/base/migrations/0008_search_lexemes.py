"""PostgreSQL keeps what a search row's words are split into: a word that stands in every row is
then looked for without splitting them again."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = [
    "ALTER TABLE base_searchrow ADD COLUMN lexemes tsvector"
    " GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED",
    "DROP INDEX base_search_text",
    "CREATE INDEX base_search_text ON base_searchrow USING gin (lexemes)",
]


def keep(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("base", "0007_event_months")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
