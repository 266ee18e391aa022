from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from tansiq.plans.actions.overlaps import find_all


class Command(BaseCommand):
    help = "Find all activities anew that overlap with one of another body; safe while people work."

    def handle(self, **_options: Any) -> None:
        begun = perf_counter()
        pairs = find_all(at=now())
        self.stdout.write(f"{pairs} pairs, found in {perf_counter() - begun:.1f} s")
