"""With whom an organisation can agree on a standing duty: what its form offers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, PlaceKind
from tansiq.core import formats
from tansiq.exchange.audience import Choice
from tansiq.exchange.models import Group
from tansiq.exchange.queries.obligations import CircularBodiesError, bodies_above

# More names than these nobody looks through; levels and groups hold the others.
_MOST = 60


@dataclass(frozen=True)
class Partners:
    """The choices of a form, by key, with what each means as an audience."""

    offered: list[tuple[str, list[tuple[str, str]]]]
    audience: dict[str, Choice]

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [group for group in self.offered if group[1]]

    def keys_of(self, audience: Iterable[Choice]) -> list[str]:
        chosen = list(audience)
        return [key for key, one in self.audience.items() if one in chosen]


def partners_offered(owner: Organisation, actor: Actor, *, kept: Iterable[Choice] = ()) -> Partners:
    """Return levels below, groups and bodies near the owner; and what was chosen before."""
    audience: dict[str, Choice] = {}
    levels = _levels(owner, audience)
    groups = _groups(actor, audience)
    bodies = _bodies(owner, actor, audience, kept)
    return Partners(
        [(_("Levels"), levels), (_("Groups and networks"), groups), (_("Bodies"), bodies)],
        audience,
    )


def _levels(owner: Organisation, audience: dict[str, Choice]) -> list[tuple[str, str]]:
    if owner.place is None or not owner.is_lead_of_place:
        return []
    rows: Any = (
        Organisation.objects.filter(
            is_lead_of_place=True, is_active=True, place__links_up__ancestor=owner.place
        )
        .exclude(pk=owner.pk)
        .order_by()
        .values("place__level", "place__kind")
        .annotate(count=Count("pk"))
        .order_by("place__level", "-count")
    )
    by_level: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_level.setdefault(row["place__level"], []).append(row)
    found = []
    for level, kinds in by_level.items():
        key = f"level-{level}"
        audience[key] = {"to": "level", "place": owner.place_id, "level": level, "kind": ""}
        found.append((key, _level_words(kinds)))
    return found


def _level_words(kinds: list[dict[str, Any]]) -> str:
    language = get_language() or "en"
    names = [str(PlaceKind(one["place__kind"]).label) for one in kinds]
    total = sum(one["count"] for one in kinds)
    shown = {
        "kinds": formats.comma(language).join(names).capitalize(),
        "count": formats.number(total, language),
    }
    # Translators: a level and how many bodies lead its places: "Province: all 38".
    return _("%(kinds)s: all %(count)s") % shown


def _groups(actor: Actor, audience: dict[str, Choice]) -> list[tuple[str, str]]:
    found = []
    for group in Group.objects.visible_to(actor).in_use().order_by("name", "pk")[:_MOST]:
        audience[f"group-{group.pk}"] = {"to": "group", "pk": group.pk}
        found.append((f"group-{group.pk}", group.name))
    return found


def _bodies(
    owner: Organisation, actor: Actor, audience: dict[str, Choice], kept: Iterable[Choice]
) -> list[tuple[str, str]]:
    named = [one["pk"] for one in kept if one.get("to") == "organisation"]
    near = Q(pk__in=[*named, *_above(owner)]) | Q(parent=owner)
    if owner.place_id is not None:
        near |= Q(place=owner.place_id) | Q(place__parent=owner.place_id, is_lead_of_place=True)
    else:
        codes = owner.countries.values("country_code")
        near |= Q(country_code__in=codes, place__level=0, is_lead_of_place=True)
    rows = Organisation.objects.visible_to(actor).filter(near, is_active=True)
    found = []
    for body in rows.exclude(pk=owner.pk).order_by("name", "pk")[:_MOST]:
        audience[f"body-{body.pk}"] = {"to": "organisation", "pk": body.pk}
        found.append((f"body-{body.pk}", str(body)))
    return found


def _above(owner: Organisation) -> list[int]:
    try:
        return [one.pk for one in bodies_above(owner)]
    except CircularBodiesError:
        return []
