"""The first day: a country, the place that starts, its organisation, its administrator."""

import sys
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.timezone import now

from tansiq.access.actions.organisations import create_organisation
from tansiq.access.actions.people import MembershipError, invite_member
from tansiq.access.actions.places import PlacesRefusedError, load_places, load_shapes
from tansiq.access.actor import Actor, Role
from tansiq.access.invitations import key_for
from tansiq.access.models import Membership, Organisation, OrganisationKind, Place
from tansiq.access.place_files.shipped import read_shipped, shipped_countries
from tansiq.access.place_files.tables import PlaceRow
from tansiq.access.queries import lead_of

_BY = Actor.system("tansiq begin")
_KIND_BY_LEVEL = (OrganisationKind.NATIONAL_BODY, OrganisationKind.PROVINCE, OrganisationKind.CITY)
_SHOWN = 5
_ASKED = {
    "country": "Country, in two letters (such as id)",
    "place": "Place that starts: its code or name (empty for the whole country)",
    "organisation": "Name of the organisation that leads it",
    "email": "E-mail of its first administrator",
    "name": "Name of its first administrator",
}
_MAY_BE_EMPTY = {"place"}


class Command(BaseCommand):
    help = "Set up the first organisation of a country or a city, and invite its administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for option, words in _ASKED.items():
            parser.add_argument(f"--{option}", help=words)
        parser.add_argument(
            "--country-name", help="to begin in a country whose places do not ship with Tansiq"
        )
        parser.add_argument("--kind", choices=OrganisationKind.values, help="of the organisation")
        parser.add_argument("--title", default="", help="the office the administrator holds")
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)

    def handle(self, **options: Any) -> None:
        given = {name: self._value(name, options[name]) for name in _ASKED}
        try:
            validate_email(given["email"])
            with transaction.atomic():
                membership = self._begin(given, options, at=now())
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        except (MembershipError, PlacesRefusedError) as problem:
            raise CommandError(str(problem)) from problem
        self._tell(membership)

    def _value(self, name: str, given: str | None) -> str:
        if given is None and sys.stdin.isatty():
            given = input(f"{_ASKED[name]}: ")
        given = (given or "").strip()
        if not given and name not in _MAY_BE_EMPTY:
            raise CommandError(f"Add --{name}: {_ASKED[name]}.")
        return given

    def _begin(self, given: dict[str, str], options: dict[str, Any], *, at: datetime) -> Membership:
        country = self._country(given["country"].lower(), options["country_name"], at=at)
        place = self._place(country, given["place"], at=at)
        if lead := lead_of(place):
            raise CommandError(
                f"{lead} leads {place} already. Its administrator invites others on its page."
            )
        organisation = Organisation(
            name=given["organisation"],
            slug=_free_slug(given["organisation"], place),
            kind=options["kind"] or _KIND_BY_LEVEL[min(place.level, len(_KIND_BY_LEVEL) - 1)],
            place=place,
            is_lead_of_place=True,
        )
        create_organisation(organisation, by=_BY, at=at)
        return invite_member(
            organisation,
            email=given["email"],
            name=given["name"],
            language=options["language"],
            term=Membership(role=Role.ADMINISTRATOR, title=options["title"], starts_on=at.date()),
            by=_BY,
            at=at,
        )

    def _country(self, code: str, name: str | None, *, at: datetime) -> Place:
        country: Place | None = Place.objects.filter(code=code, level=0).first()
        if country is not None:
            return country
        if code in shipped_countries():
            table, outlines = read_shipped(code)
            load_places(table.rows, by=_BY, at=at)
            load_shapes(outlines.shapes, by=_BY, at=at)
        elif name:
            load_places([PlaceRow(1, code, 0, "country", name)], by=_BY, at=at)
        else:
            raise CommandError(
                f"The places of {code!r} do not ship with Tansiq, only those of "
                f"{', '.join(shipped_countries())}. Add --country-name to begin with the country "
                "alone; its places can be loaded from a table later."
            )
        loaded: Place = Place.objects.get(code=code)
        return loaded

    def _place(self, country: Place, wanted: str, *, at: datetime) -> Place:
        if not wanted:
            return country
        here = Place.objects.under(country).valid_on(at.date())
        found = list(here.filter(code=wanted.lower()) or here.filter(name__iexact=wanted))
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(f"{one.code} ({one.kind})" for one in found[:_SHOWN])
            raise CommandError(f"Several places are named {wanted}. Name one by its code: {codes}.")
        if country.code not in shipped_countries():
            code = f"{country.code}-{slugify(wanted).replace('-', '')}"
            load_places([PlaceRow(1, code, 1, "city", wanted, country.code)], by=_BY, at=at)
            made: Place = Place.objects.get(code=code)
            return made
        near = [f"{one.code} ({one.name})" for one in here.filter(name__icontains=wanted)[:_SHOWN]]
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        raise CommandError(f"No place of {country.name} has the code or name {wanted!r}.{hint}")

    def _tell(self, membership: Membership) -> None:
        person = membership.person
        is_new = not person.has_usable_password()
        path = (
            reverse("access:invitation", args=[key_for(person)])
            if is_new
            else reverse("access:consent")
        )
        until = "It works once, for 14 days." if is_new else "They sign in as before, and agree."
        self.stdout.write(
            f"{membership.organisation} leads {membership.organisation.place}.\n"
            f"Give this link to {person.name} and to nobody else. {until}\n\n"
            f"    {settings.ORIGIN}{path}\n"
        )


def _free_slug(name: str, place: Place) -> str:
    """Return a short name for addresses that nobody has yet."""
    wanted = slugify(name)[:50] or slugify(place.code)
    taken = set(Organisation.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number = 1
    free = wanted
    while free in taken:
        number += 1
        free = f"{wanted}-{number}"
    return free
