"""The text index behind SearchRow: FTS5 kept by triggers on SQLite, GIN on PostgreSQL."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = [
    "CREATE VIRTUAL TABLE base_search_text USING fts5("
    "words, content='base_searchrow', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER base_search_insert AFTER INSERT ON base_searchrow BEGIN "
    "INSERT INTO base_search_text(rowid, words) VALUES (new.id, new.words); END",
    "CREATE TRIGGER base_search_delete AFTER DELETE ON base_searchrow BEGIN "
    "INSERT INTO base_search_text(base_search_text, rowid, words) "
    "VALUES ('delete', old.id, old.words); END",
    "CREATE TRIGGER base_search_update AFTER UPDATE ON base_searchrow BEGIN "
    "INSERT INTO base_search_text(base_search_text, rowid, words) "
    "VALUES ('delete', old.id, old.words); "
    "INSERT INTO base_search_text(rowid, words) VALUES (new.id, new.words); END",
]
POSTGRESQL = [
    "CREATE INDEX base_search_text ON base_searchrow USING gin (to_tsvector('simple', words))",
]


def make(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
