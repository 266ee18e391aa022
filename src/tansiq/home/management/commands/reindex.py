from typing import Any

from django.core.management.base import BaseCommand

from tansiq.home.searchables import index_again


class Command(BaseCommand):
    help = "Build the search index anew. Safe while people work."

    def handle(self, *_args: Any, **_options: Any) -> None:
        count = index_again()
        self.stdout.write(f"{count} texts can be found now.")
