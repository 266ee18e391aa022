from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from tansiq.access.actor import Actor
from tansiq.access.log import broken_seals, export_lines, knows_seal, latest_seal, record

_SHOWN = 20


class Command(BaseCommand):
    help = "Check, mark or export the log of actions, exports and refusals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="find rows that were changed or removed")
        verify.add_argument(
            "--head", default="", help="a seal you kept earlier: the log must still contain it"
        )
        verbs.add_parser("head", help="print the latest seal, to be kept outside this machine")
        verbs.add_parser("export", help="print all rows as JSON lines; this is itself recorded")

    def handle(self, *, verb: str, head: str = "", **_options: Any) -> None:
        if verb == "verify":
            self._verify(head)
        elif verb == "head":
            self.stdout.write(latest_seal())
        else:
            self._export()

    def _verify(self, head: str) -> None:
        found = 0
        for found, entry in enumerate(broken_seals(), start=1):
            if found <= _SHOWN:
                self.stderr.write(
                    f"Row {entry.pk} ({entry.at:%Y-%m-%d %H:%M} UTC, {entry.rule}) does not "
                    "follow from the row before it."
                )
        if found:
            raise CommandError(
                f"The log was tampered with: {found} seals are broken. Keep a copy of the "
                "database as it is now, and compare it with your latest backup."
            )
        if head and not knows_seal(head):
            raise CommandError(
                "The log no longer contains the seal you kept: rows at its end were removed, or "
                "the whole log was written anew. Compare it with your latest backup."
            )
        kept = "the seal you kept is in it" if head else "compare with a kept seal by --head"
        self.stdout.write(self.style.SUCCESS(f"Every row follows from the one before; {kept}."))

    def _export(self) -> None:
        # Recorded first, so that the export tells of itself.
        record(Actor.system("tansiq audit export"), "export:audit", None, at=now())
        for line in export_lines():
            self.stdout.write(line)
