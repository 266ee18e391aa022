import os
import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from tansiq.core.backup.restoring import undo_if_cut_off
from tansiq.core.database import unapplied_migrations
from tansiq.core.instance import InUseError, alone, in_use
from tansiq.core.serving.collected import collect_if_changed
from tansiq.core.serving.server import serve


class Command(BaseCommand):
    help = "Start Tansiq: web pages, jobs and live events in one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument(
            "--migrate", action="store_true", help="bring the database up to date first"
        )

    def handle(self, *, host: str, port: int, migrate: bool, **_options: Any) -> None:
        try:
            self._mend()
            with in_use():
                self._prepare(migrate=migrate)
                _demand_free(host, port)
                self.stdout.write(f"Tansiq listens on http://{_named(host)}:{port}")
                self.stdout.flush()
                serve(host=host, port=port)
        except InUseError:
            raise CommandError(
                "The data directory is being restored. Wait until `tansiq restore` has ended."
            ) from None
        except OperationalError as problem:
            raise CommandError(f"The database cannot be reached: {problem}") from problem

    def _mend(self) -> None:
        """Undo a restore that was cut off, unless one is just running."""
        try:
            with alone():
                mended = undo_if_cut_off()
        except InUseError:
            # A worker runs already, or a restore does; `in_use` tells the two apart.
            return
        if mended:
            self.stdout.write("A restore had been cut off. The data from before it is back.")

    def _prepare(self, *, migrate: bool) -> None:
        if migrate:
            call_command("migrate", interactive=False, verbosity=0)
        elif missing := unapplied_migrations():
            raise CommandError(
                f"The database is not up to date: {len(missing)} migrations are missing. Make a "
                "backup, then run `tansiq migrate`, or start with `tansiq up --migrate`."
            )
        if not settings.DEBUG:
            collect_if_changed()


def _demand_free(host: str, port: int) -> None:
    """Say so in a sentence when the port is taken, instead of a traceback."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as problem:
            raise CommandError(
                f"Cannot listen on {host}:{port} ({problem.strerror}). "
                "Choose another port with --port."
            ) from problem


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host
