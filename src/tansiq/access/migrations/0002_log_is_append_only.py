from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER log_no_update BEFORE UPDATE ON access_logentry
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
    """
    CREATE TRIGGER log_no_delete BEFORE DELETE ON access_logentry
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION tansiq_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$
    """,
    """
    CREATE TRIGGER log_append_only BEFORE UPDATE OR DELETE ON access_logentry
    FOR EACH ROW EXECUTE FUNCTION tansiq_log_is_append_only()
    """,
]


def forwards(apps, schema_editor):
    statements = SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER log_no_update")
        schema_editor.execute("DROP TRIGGER log_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER log_append_only ON access_logentry")
        schema_editor.execute("DROP FUNCTION tansiq_log_is_append_only")


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
