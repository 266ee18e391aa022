"""A small world whose every field holds a word of its own, and plain facts about who reads it."""

import datetime as dt
from dataclasses import dataclass

from django.utils.timezone import now

from tansiq.access.queries import actor_for
from tansiq.core.uploads import CleanFile
from tansiq.exchange.actions import files, items
from tansiq.exchange.models import ItemKind, Receipt
from tests.exchange.hidden_words import Secrets
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    PlaceFactory,
)

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Reader:
    """Who asks: plain facts. `body` and `country` are empty for who is no member today."""

    name: str
    person: object
    body: str = ""
    country: str = ""
    is_in_hub: bool = False


class World:
    """Two countries under a hub and a stranger; ten bodies; readers in every relation to them."""

    def __init__(self):
        self.at = now()
        self.secrets = Secrets()
        self.bodies, self.readers, self.items, self.searches = {}, {}, {}, {}
        self._bodies()
        self._people()

    def _bodies(self):
        land, other_land, far = (
            PlaceFactory(level=0, country_code=one, code=one.upper()) for one in ("ph", "id", "ke")
        )
        province = PlaceFactory(parent=land)
        city, second = PlaceFactory(parent=province), PlaceFactory(parent=province)
        leads = {
            "nation": land,
            "province": province,
            "city": city,
            "second": second,
            "neighbour": other_land,
            "stranger": far,
        }
        for name, place in leads.items():
            self.bodies[name] = OrganisationFactory(place=place, name=name, is_lead_of_place=True)
        for name, kind in (("police", "police"), ("women", "women")):
            self.bodies[name] = OrganisationFactory(
                place=city, name=name, kind=kind, parent=self.bodies["city"]
            )
        self.bodies["hub"] = OrganisationFactory(kind="hub", place=None, name="hub")
        self.bodies["hub"].countries.set([land, other_land])
        self.watch = OrganisationFactory(kind="oversight", place=land, name="watch")

    def _people(self):
        for name in self.bodies:
            self._member(name, name, "lead")
        self._member("viewer", "city", "viewer")
        # The one whom a note under RED names; the colleagues do not read it.
        self._member("named", "city", "contributor")
        self._member("administrator", "city", "administrator")
        yesterday = self.at.date() - DAY
        ended = MembershipFactory(organisation=self.bodies["city"], ends_on=yesterday)
        invited = MembershipFactory(organisation=self.bodies["city"], consented_at=None)
        overseer = MembershipFactory(organisation=self.watch, role="overseer")
        self.readers["ended"] = Reader("ended", ended.person)
        self.readers["invited"] = Reader("invited", invited.person)
        self.readers["overseer"] = Reader("overseer", overseer.person)
        self.readers["operator"] = Reader("operator", PersonFactory(is_staff=True))
        self.readers["passer-by"] = Reader("passer-by", None)

    def _member(self, name, body, role):
        organisation = self.bodies[body]
        person = MembershipFactory(organisation=organisation, role=role).person
        is_in_hub = body == "hub" or organisation.country_code in {"ph", "id"}
        self.readers[name] = Reader(name, person, body, organisation.country_code, is_in_hub)

    # Who may read: the markings in plain words, said here a second time.

    def of(self, *bodies):
        return {one.name for one in self.readers.values() if one.body and one.body in bodies}

    def who_reads(self, owner, to, marking, *, named=(), is_hub_wide=False):
        """Return who reads what was sent and holds."""
        if marking == "red":
            return set(named)
        seen = self.of(owner, *to)
        if marking == "clear":
            return set(self.readers)
        if marking == "green":
            country = self.bodies[owner].country_code
            for one in self.readers.values():
                is_of_hub = one.is_in_hub and (owner == "hub" or is_hub_wide)
                if one.body and (is_of_hub or (country and one.country == country)):
                    seen.add(one.name)
        return seen

    def actor(self, name):
        return actor_for(self.readers[name].person, at=self.at)

    def doing(self, name, *, at=None):
        return {"by": self.actor(name), "at": at or self.at}

    def words(self, where, readers, **more):
        """Return two words: one that is looked for, and one by which it is searched."""
        secret = self.secrets.hide(where, readers, **more)
        key = f"xy{secret[2:6]}yx"
        self.searches[key] = secret
        return f"{secret} {key}"

    def draft(self, owner, name, to, marking, *, readers=None, named=(), **more):
        """Write an item with a file; all its words are for these readers."""
        wide = more.get("is_hub_wide", False)
        sees = self.who_reads(owner, to, marking, named=named, is_hub_wide=wide)
        readers = sees if readers is None else readers
        inside = {"stays_inside": marking in {"red", "amber+strict"}}
        bodies = [{"to": "organisation", "pk": self.bodies[one].pk} for one in to]
        given = {
            "kind": ItemKind.BRIEFING,
            "title": self.words(f"title of {name}", readers, **inside),
            "text": self.words(f"text of {name}", readers, **inside),
            "purpose": "",
            "language": "en",
            "marking": marking,
            "audience": bodies,
            "people": [self.readers[one].person.pk for one in named],
            "expires_on": self.at.date() + 30 * DAY,
        }
        item = items.write_item(
            self.bodies[owner], items.Draft(**given | more), **self.doing(owner)
        )
        self.attach(item, owner, name, readers, **inside)
        self.items[name] = item
        return item

    def attach(self, item, owner, name, readers, **inside):
        file_name = self.secrets.hide(f"name of the file of {name}", readers, **inside)
        content = self.secrets.hide(f"file of {name}", readers, **inside)
        file = CleanFile(f"{file_name}.csv", "csv", content.encode())
        files.attach(item, file, **self.doing(owner))

    def send(self, owner, name, to, marking, *, at=None, **more):
        item = self.draft(owner, name, to, marking, **more)
        items.send_item(item, **self.doing(owner, at=at))
        return item

    def receipt(self, name, body):
        return Receipt.objects.get(item=self.items[name], organisation=self.bodies[body])
