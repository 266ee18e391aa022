from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE core_search_fts USING fts5(
        title_words, words, content='core_searchentry', content_rowid='id',
        tokenize="unicode61 remove_diacritics 0"
    )
    """,
    """
    CREATE TRIGGER search_added AFTER INSERT ON core_searchentry BEGIN
        INSERT INTO core_search_fts(rowid, title_words, words)
        VALUES (new.id, new.title_words, new.words);
    END
    """,
    """
    CREATE TRIGGER search_removed AFTER DELETE ON core_searchentry BEGIN
        INSERT INTO core_search_fts(core_search_fts, rowid, title_words, words)
        VALUES ('delete', old.id, old.title_words, old.words);
    END
    """,
    """
    CREATE TRIGGER search_changed AFTER UPDATE ON core_searchentry BEGIN
        INSERT INTO core_search_fts(core_search_fts, rowid, title_words, words)
        VALUES ('delete', old.id, old.title_words, old.words);
        INSERT INTO core_search_fts(rowid, title_words, words)
        VALUES (new.id, new.title_words, new.words);
    END
    """,
]
POSTGRESQL = [
    """
    CREATE INDEX search_words ON core_searchentry USING gin ((
        setweight(to_tsvector('simple', title_words), 'A')
        || setweight(to_tsvector('simple', words), 'D')
    ))
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER search_added",
    "DROP TRIGGER search_removed",
    "DROP TRIGGER search_changed",
    "DROP TABLE core_search_fts",
]


def forwards(apps, schema_editor):
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    on_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE_BACK if on_sqlite else ["DROP INDEX search_words"]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("core", "0004_search_entries")]

    operations = [migrations.RunPython(forwards, backwards)]
