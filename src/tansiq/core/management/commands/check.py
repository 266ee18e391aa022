from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.check import Command as DjangosCommand
from django.db import OperationalError, connection

from tansiq.core.checking import asking


class Command(DjangosCommand):
    help = "Look for what is wrong with this installation; called with no option, at everything."

    def handle(self, *app_labels: Any, **options: Any) -> None:
        given = ("tags", "list_tags", "deploy", "databases")
        if app_labels or any(options[name] for name in given):
            super().handle(*app_labels, **options)
            return
        try:
            connection.ensure_connection()
        except OperationalError as problem:
            raise CommandError(
                f"(core.E004) The database cannot be reached: {problem}\n\tHINT: Look at "
                "DATABASE_URL, and whether the database server runs."
            ) from problem
        with asking():
            super().handle(**options | {"databases": ["default"], "deploy": settings.HTTPS})
