from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.backup.manifest import BackupError, Manifest
from tansiq.core.backup.restoring import restore_backup
from tansiq.core.instance import InUseError, alone


class Command(BaseCommand):
    help = "Put a backup in the place of what is here. Stop the server and the workers first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file written by `tansiq backup`")
        parser.add_argument(
            "--replace", action="store_true", help="even if there are people or files here"
        )

    def handle(self, *, file: Path, replace: bool, **_options: Any) -> None:
        try:
            with alone():
                manifest = restore_backup(file.absolute(), replace=replace)
                self._bring_up_to_date(manifest)
        except InUseError:
            raise CommandError(
                "Tansiq is running on this data directory. Stop the server and all workers first."
            ) from None
        except BackupError as problem:
            raise CommandError(f"{problem} Nothing was changed.") from problem
        self.stdout.write(
            f"Restored what was backed up at {manifest.made_at}. "
            "Start the server, and check the log with `tansiq audit verify --head SEAL`."
        )

    def _bring_up_to_date(self, manifest: Manifest) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        detail = {"made_at": manifest.made_at, "version": manifest.version}
        record(Actor.system("tansiq restore"), "restored:backup", None, at=now(), detail=detail)
