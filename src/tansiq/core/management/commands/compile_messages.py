from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tansiq.core.catalogues import compile_catalogues


class Command(BaseCommand):
    help = (
        "Compile the translators' catalogues. Needs no system package; quick when nothing changed."
    )
    requires_system_checks = ()

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in compile_catalogues(Path(folder)):
                self.stdout.write(f"{source.parts[-3]}: compiled")
