from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from tansiq.access.actions.places import load_places, load_shapes
from tansiq.access.actor import Actor
from tansiq.access.place_files.shipped import read_shipped, shipped_countries


class Command(BaseCommand):
    help = "Load the places that ship with Tansiq; loading them again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("country", nargs="*", help=", ".join(shipped_countries()))

    def handle(self, *, country: list[str], **_options: Any) -> None:
        wanted = country or shipped_countries()
        if unknown := sorted(set(wanted) - set(shipped_countries())):
            known = ", ".join(shipped_countries())
            raise CommandError(
                f"No places of {', '.join(unknown)} ship with Tansiq, only: {known}."
            )
        for code in wanted:
            self._load(code)

    def _load(self, code: str) -> None:
        by, at = Actor.system("tansiq load-places"), now()
        table, outlines = read_shipped(code)
        loaded = load_places(table.rows, by=by, at=at)
        shapes = load_shapes(outlines.shapes, by=by, at=at)
        self.stdout.write(
            f"{code}: {loaded.added} places added, {loaded.changed} changed, {shapes} outlines"
        )
