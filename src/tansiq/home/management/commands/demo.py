from argparse import ArgumentParser
from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from tansiq.access.actor import Actor
from tansiq.access.models import Person
from tansiq.home.demo.build import COUNTRIES, SMALL, NotADemoError, build, is_loaded
from tansiq.home.demo.cast import PASSWORD
from tansiq.home.searchables import indexed_at_the_end

# Before this day the plans told of were not all there.
_EARLIEST = datetime(2026, 6, 1, tzinfo=UTC)


class Command(BaseCommand):
    help = "Fill an empty database with a believable, clearly fictional demonstration."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing if the demo is there already"
        )
        parser.add_argument("--small", action="store_true", help="one country instead of eight")
        parser.add_argument("--stage", choices=["prepare"], default="prepare")
        parser.add_argument(
            "--at", default="", help="the day it is in the demo, such as 2026-11-21"
        )

    def handle(self, *, if_empty: bool, small: bool, at: str, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo has log-ins that everybody knows. Set TANSIQ_DEMO=yes where that is fine."
            )
        try:
            if is_loaded():
                self._keep(if_empty=if_empty)
            else:
                with indexed_at_the_end():
                    build(at=_moment(at), countries=SMALL if small else COUNTRIES)
        except NotADemoError as problem:
            raise CommandError(str(problem)) from problem
        self._say_who_is_who()

    def _keep(self, *, if_empty: bool) -> None:
        if not if_empty:
            raise CommandError("The demo is there already. Use an empty database for a new one.")

    def _say_who_is_who(self) -> None:
        people = Person.objects.visible_to(Actor.system("tansiq demo")).order_by("email")
        self.stdout.write(f"Everything here is fictional. Sign in with the password {PASSWORD}")
        for person in people.prefetch_related("memberships__organisation"):
            terms = [one for one in person.memberships.all() if one.consented_at]
            bodies = ", ".join(f"{one.get_role_display()}, {one.organisation}" for one in terms)
            self.stdout.write(f"  {person.email:20} {person.get_language_display():11} {bodies}")


def _moment(day: str) -> datetime:
    """Return the moment at which the demo ends: now, or noon of a day."""
    if not day:
        return now()
    try:
        moment = datetime.combine(datetime.fromisoformat(day).date(), time(12), tzinfo=UTC)
    except ValueError as problem:
        raise CommandError(f"{day!r} is not a day such as 2026-11-21.") from problem
    if moment < _EARLIEST:
        raise CommandError(f"The demo begins on {_EARLIEST:%Y-%m-%d}; choose a later day.")
    return moment
