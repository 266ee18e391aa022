from django.conf import settings
from django.core.management import call_command
from django.db import migrations


def forwards(apps, schema_editor):
    # Makes the table of each database cache, and nothing where the cache is kept elsewhere.
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def backwards(apps, schema_editor):
    for cache in settings.CACHES.values():
        if cache["BACKEND"].endswith("DatabaseCache"):
            name = schema_editor.quote_name(cache["LOCATION"])
            schema_editor.execute(f"DROP TABLE IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("core", "0002_schedules_and_live_events")]

    operations = [migrations.RunPython(forwards, backwards)]
