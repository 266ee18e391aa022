from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, Place
from tansiq.access.queries import lead_of
from tansiq.plans.actions.seeds import load_plan_seed
from tansiq.plans.seeds import facts_only, read_seed, seed_countries

_SYSTEM = Actor.system("tansiq load-plans")


class Command(BaseCommand):
    help = "Load the public facts of national plans that ship with Tansiq, with their sources."

    def add_arguments(self, parser: ArgumentParser) -> None:
        known = seed_countries()
        parser.add_argument("country", nargs="*", help=", ".join(known))
        parser.add_argument(
            "--owner",
            default="",
            help="the short name of the organisation that owns the plan; by default the one that "
            "leads the country",
        )
        parser.add_argument(
            "--facts-only",
            action="store_true",
            help="leave out our proposals for objectives, actions and indicators",
        )

    def handle(self, *, country: list[str], owner: str, facts_only: bool, **_options: Any) -> None:
        wanted = country or seed_countries()
        if unknown := sorted(set(wanted) - set(seed_countries())):
            known = ", ".join(seed_countries())
            raise CommandError(f"No plan of {', '.join(unknown)} ships with Tansiq, only: {known}.")
        if owner and len(wanted) > 1:
            raise CommandError("Name one country when you name an owner.")
        for code in wanted:
            self._load(code, owner, without_proposals=facts_only)

    def _load(self, code: str, owner: str, *, without_proposals: bool) -> None:
        seed = read_seed(code)
        if without_proposals:
            seed = facts_only(seed)
        loaded = load_plan_seed(seed, owner=_owner_of(code, owner), by=_SYSTEM, at=now())
        self.stdout.write(f"{code}: {loaded.plan.short_title}, {loaded.added} parts added")


def _owner_of(code: str, slug: str) -> Organisation:
    organisations = Organisation.objects.visible_to(_SYSTEM)
    if slug:
        owner = organisations.filter(slug=slug).first()
        if owner is None:
            raise CommandError(f"No organisation has the short name {slug!r}.")
        return owner
    country = Place.objects.visible_to(_SYSTEM).filter(code=code).first()
    if country is None:
        raise CommandError(f"Load the places first: tansiq load-places {code}")
    lead = lead_of(country)
    if lead is None:
        raise CommandError(
            f"No organisation leads {country.name_in('en')} yet. Add the national coordination "
            "body first, or name an organisation with --owner."
        )
    return lead
