from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.backup.manifest import BackupError
from tansiq.core.backup.writing import make_backup


class Command(BaseCommand):
    help = "Write the database and all uploaded files to one file, while people go on working."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="such as /backups/tansiq-2026-05-04.tar.gz")

    def handle(self, *, file: Path, **_options: Any) -> None:
        at = now()
        # Before the copy is made, so that the backup tells of itself.
        record(Actor.system("tansiq backup"), "export:backup", None, at=at)
        try:
            manifest = make_backup(file.absolute(), at=at)
        except BackupError as problem:
            raise CommandError(str(problem)) from problem
        size = file.stat().st_size
        self.stdout.write(
            f"{file}: {len(manifest.members) - 1} files and "
            f"{sum(manifest.contents.counts.values())} rows in {size / 1e6:.1f} MB. It holds "
            "everything, also what is marked RED: keep it as you keep the server itself."
        )
