import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from tansiq.core.instance import InUseError, in_use
from tansiq.core.jobs import JobRunner, enqueue_due, make_worker


class Command(BaseCommand):
    help = "Run jobs in a process of their own; for a server started with TANSIQ_JOBS=none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what is due and in the queue now, then end"
        )

    def handle(self, *, once: bool, **_options: Any) -> None:
        try:
            with in_use():
                self._once() if once else self._until_stopped()
        except InUseError:
            raise CommandError(
                "The data directory is being restored. Wait until `tansiq restore` has ended."
            ) from None

    def _once(self) -> None:
        enqueue_due(at=now())
        make_worker("once", interval=0, batch=True).run()

    def _until_stopped(self) -> None:
        jobs = JobRunner()
        signal.signal(signal.SIGTERM, lambda *_: jobs.stop(patience=2))
        signal.signal(signal.SIGINT, lambda *_: jobs.stop(patience=2))
        jobs.start()
        self.stdout.write("Tansiq works on its jobs.")
        self.stdout.flush()
        jobs.wait()
