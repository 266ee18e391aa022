"""Whom a sender can choose: the levels above and below, kinds of bodies, groups; and in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, OrganisationKind, Person, Place
from tansiq.access.models.places import PlaceKind
from tansiq.access.queries import path_of
from tansiq.core.formats import comma, number
from tansiq.core.search import find
from tansiq.exchange.audience import Choice
from tansiq.exchange.models import Group

_MOST_FOUND = 12
_SHORTEST = 2


@dataclass(frozen=True)
class Offer:
    """One thing to choose: what the form sends, how it reads, how many it reaches (0: one)."""

    value: str
    label: str
    count: int = 0


@dataclass(frozen=True)
class Offers:
    """What is offered, by heading, in the order of the page; the last ones are folded away."""

    label: str
    offers: list[Offer]
    is_folded: bool = False


def offers_for(actor: Actor, owner: Organisation) -> list[Offers]:
    """Return whom this organisation may want to reach, as seen from its own place."""
    scopes = _scopes_of(owner)
    above = [Offer(f"organisation.{one.pk}", str(one)) for one in _above(actor, owner, scopes)]
    label = _("Our countries") if owner.kind == OrganisationKind.HUB else _("Above us")
    levels, kinds = _levels_and_kinds(actor, owner, scopes)
    offers = [
        Offers(label, above),
        Offers(_("Whole levels"), levels),
        Offers(_("Sharing groups and networks"), _groups(actor)),
        *(
            Offers(_("By kind, in %(place)s") % {"place": place}, found, is_folded=True)
            for place, found in kinds
        ),
    ]
    return [one for one in offers if one.offers]


def _scopes_of(owner: Organisation) -> list[Place]:
    """Return the places whose levels it chooses from: its own and above, a hub's countries."""
    if owner.kind == OrganisationKind.HUB:
        return list(owner.countries.order_by("name", "pk"))
    return path_of(owner.place)[::-1] if owner.place else []


def _above(actor: Actor, owner: Organisation, scopes: list[Place]) -> list[Organisation]:
    known = Organisation.objects.visible_to(actor).filter(is_active=True).exclude(pk=owner.pk)
    leads = known.filter(is_lead_of_place=True, place__in=scopes)
    found = list(leads.select_related("place").order_by("-place__level", "name", "pk"))
    if owner.place and owner.place.level == 0:
        found += known.filter(kind=OrganisationKind.HUB, pk__in=actor.hubs).order_by("name", "pk")
    return found


def _levels_and_kinds(
    actor: Actor, owner: Organisation, scopes: list[Place]
) -> tuple[list[Offer], list[tuple[Place, list[Offer]]]]:
    """Return all leading bodies of a level, and all bodies of a kind on a level, by place."""
    by_level: dict[tuple[int, int], int] = defaultdict(int)
    place_kinds: dict[tuple[int, int], set[str]] = defaultdict(set)
    by_kind: dict[tuple[int, int, str], int] = defaultdict(int)
    for row in _counted(actor, owner, scopes):
        where = (row["place__links_up__ancestor"], row["place__level"])
        place_kinds[where].add(row["place__kind"])
        by_kind[*where, row["kind"]] += row["count"]
        if row["is_lead_of_place"]:
            by_level[where] += row["count"]
    levels, kinds = [], []
    for scope in scopes:
        below = sorted(
            where for where in by_level if where[0] == scope.pk and where[1] > scope.level
        )
        levels += [
            Offer(
                f"level.{scope.pk}.{where[1]}.",
                _level_in_words(scope, place_kinds[where]),
                by_level[where],
            )
            for where in below
        ]
        found = [
            Offer(
                f"level.{scope.pk}.{level}.{kind}",
                _kind_in_words(kind, place_kinds[scope.pk, level]),
                count,
            )
            for (place, level, kind), count in sorted(by_kind.items(), key=_by_kind_and_level)
            if place == scope.pk
        ]
        if found:
            kinds.append((scope, found))
    return levels, kinds


def _by_kind_and_level(row: tuple[tuple[int, int, str], int]) -> tuple[str, int]:
    (_place, level, kind), _count = row
    return str(OrganisationKind(kind).label), level


def _counted(actor: Actor, owner: Organisation, scopes: list[Place]) -> Iterable[dict[str, Any]]:
    known = Organisation.objects.visible_to(actor).filter(
        is_active=True, place__links_up__ancestor__in=scopes
    )
    counted: Any = known.exclude(pk=owner.pk).values(
        "place__links_up__ancestor", "place__level", "place__kind", "kind", "is_lead_of_place"
    )
    rows: Iterable[dict[str, Any]] = counted.annotate(count=Count("pk")).order_by()
    return rows


def _level_in_words(place: Place, kinds: Iterable[str]) -> str:
    words = comma_list(sorted(str(PlaceKind(kind).label) for kind in kinds))
    return _("All in %(place)s: %(kinds)s") % {"place": place, "kinds": words}


def _kind_in_words(kind: str, places: Iterable[str]) -> str:
    words = comma_list(sorted(str(PlaceKind(one).label) for one in places))
    return f"{str(OrganisationKind(kind).label).capitalize()} ({words})"


def comma_list(words: Iterable[str]) -> str:
    return comma(_language()).join(words)


def _language() -> str:
    return get_language() or "en"


def _groups(actor: Actor) -> list[Offer]:
    groups = Group.objects.visible_to(actor).in_use()
    counted = groups.annotate(members=Count("named_organisations", distinct=True))
    return [
        Offer(f"group.{one.pk}", one.name, one.members) for one in counted.order_by("name", "pk")
    ]


def found_organisations(actor: Actor, words: str, *, besides: int) -> QuerySet[Organisation]:
    """Return the first organisations whose name holds these words, but for the sender."""
    known = Organisation.objects.visible_to(actor).filter(is_active=True).exclude(pk=besides)
    if len(words) < _SHORTEST:
        return known.none()
    # The index knows the names in all languages; a name that is new may not stand there yet.
    hits = [pk for kind, pk in find(words) if kind == Organisation._meta.label_lower]
    found: QuerySet[Organisation] = known.filter(Q(name__icontains=words) | Q(pk__in=hits))
    found = found.order_by("name", "pk")
    return found[:_MOST_FOUND]


def found_people(actor: Actor, words: str) -> QuerySet[Person]:
    """Return the first persons whose name holds these words, but for the one who asks."""
    known: Any = Person.objects.visible_to(actor).filter(is_active=True)
    found: QuerySet[Person] = known.none()
    if len(words) >= _SHORTEST:
        found = known.filter(name__icontains=words).exclude(pk=actor.person_id)
        found = found.order_by("name", "pk")[:_MOST_FOUND]
    return found


def audience_in_words(choices: Iterable[Choice], actor: Actor) -> list[str]:
    """Return how the sender chose, a phrase each; what this actor may not know is left out."""
    by_kind: dict[str, list[Choice]] = defaultdict(list)
    for choice in choices:
        by_kind[str(choice.get("to"))].append(choice)
    words = list(_levels_in_words(by_kind["level"]))
    groups = Group.objects.visible_to(actor).filter(pk__in=[one["pk"] for one in by_kind["group"]])
    words += [group.name for group in groups.order_by("name", "pk")]
    if count := len(by_kind["organisation"]):
        words.append(
            ngettext("%(number)s organisation by name", "%(number)s organisations by name", count)
            % {"number": number(count, _language())}
        )
    return words


def _levels_in_words(choices: list[Choice]) -> Iterator[str]:
    places = Place.objects.in_bulk({one["place"] for one in choices})
    for choice in choices:
        place = places.get(choice["place"])
        if place is None:
            continue
        on_level = Place.objects.under(place).filter(level=choice["level"])
        kinds = set(on_level.order_by().values_list("kind", flat=True).distinct())
        if choice.get("kind"):
            yield f"{place}: {_kind_in_words(choice['kind'], kinds)}"
        else:
            yield _level_in_words(place, kinds)
