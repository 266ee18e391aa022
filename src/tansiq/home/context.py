"""What the frame around every page shows: the menu and the reader's place."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation
from tansiq.access.queries import organisations_of, path_of
from tansiq.home.queries.frame import bars_for, waiting_for

# By their pictures: what a busy person on a phone needs at once.
_AT_HAND = frozenset({"home", "exchange", "incident"})
_COUNTRY = re.compile(r"/[a-z]{2}/")


@dataclass(frozen=True)
class MenuItem:
    label: str
    url: str
    icon: str
    is_current: bool = False
    count: int = 0
    # Among the few that a phone always shows at its foot.
    is_at_hand: bool = False


@dataclass(frozen=True)
class PlaceLink:
    name: str
    url: str


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every page its menu, its reader's place and unread notices; asked only when shown."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not actor.is_signed_in:
        return {
            "is_demo": settings.DEMO,
            "is_exercise": getattr(request, "is_exercise", False),
            "search_url": "",
        }
    mine = SimpleLazyObject(lambda: _first_organisation(actor))
    waiting: Any = SimpleLazyObject(lambda: waiting_for(actor))
    return {
        "is_demo": settings.DEMO,
        "is_exercise": getattr(request, "is_exercise", False),
        "menu": SimpleLazyObject(lambda: _menu(actor, request.path, waiting.unread)),
        "alarms": SimpleLazyObject(
            lambda: bars_for(actor, request.path, at=now()) if waiting.has_running else []
        ),
        "person_menu": SimpleLazyObject(_person_menu),
        "organisation": mine,
        "place_path": SimpleLazyObject(lambda: _place_path(_first_organisation(actor))),
        "search_url": reverse("home:search"),
    }


def _first_organisation(actor: Actor) -> Organisation | None:
    return next(iter(organisations_of(actor)), None)


def _place_path(organisation: Organisation | None) -> list[PlaceLink]:
    place = organisation.place if organisation else None
    if place is None:
        return []
    return [PlaceLink(str(one), reverse("access:place", args=[one.code])) for one in path_of(place)]


def _menu(actor: Actor, path: str, unread: int) -> list[MenuItem]:
    entries: list[tuple[str, str, str, int]] = [
        (pgettext("menu", "Desk"), "home:desk", "home", 0),
        (pgettext("menu", "Plans"), "plans:index", "plan", 0),
        (pgettext("menu", "Reports"), "plans:reports", "report", 0),
        (pgettext("menu", "Exchange"), "exchange:index", "exchange", 0),
        (pgettext("menu", "Owed"), "home:owed", "return", 0),
        (pgettext("menu", "Activities"), "plans:activities", "calendar", 0),
        (pgettext("menu", "Incidents"), "incidents:index", "incident", 0),
        (pgettext("menu", "Places"), "access:places", "map", 0),
        (pgettext("menu", "Network"), "access:organisations", "network", 0),
    ]
    if actor.is_overseer:
        entries = [entries[0], *entries[5:]] if not actor.organisation_ids else entries
        entries.append((pgettext("menu", "Oversight"), "access:oversight", "eye", 0))
    entries.append((pgettext("menu", "Notices"), "access:notices", "bell", unread))
    if actor.is_overseer or actor.organisations_as(Role.ADMINISTRATOR):
        entries.append((pgettext("menu", "Log"), "access:log", "history", 0))
    items = [(label, reverse(name), icon, count) for label, name, icon, count in entries]
    here = _current([url for _label, url, _icon, _count in items], path)
    return [
        MenuItem(label, url, icon, is_current=url == here, count=count, is_at_hand=icon in _AT_HAND)
        for label, url, icon, count in items
    ]


def _current(urls: list[str], path: str) -> str:
    """Return which entry of the menu a page belongs to; `/id/...` belongs to plans."""
    if _COUNTRY.match(path):
        return reverse("plans:index")
    if path.startswith(reverse("plans:owed")):
        return reverse("home:owed")
    desk = reverse("home:desk")
    return max((url for url in urls if path.startswith(url) and url != desk), key=len, default=desk)


def _person_menu() -> list[MenuItem]:
    return [MenuItem(_("My account"), reverse("access:me"), "person")]
