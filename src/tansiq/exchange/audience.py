"""Whom an item is for: what a sender chooses, kept as plain data, and turned into organisations.

Three kinds of choices stand in `Item.audience`:

    {"to": "organisation", "pk": 7}
    {"to": "level", "place": 3, "level": 2, "kind": ""}     the bodies that lead the places of
                                                            level 2 under place 3; with a kind of
                                                            organisation, all active ones of it
    {"to": "group", "pk": 4}

Who may not see an organisation or a group cannot reach it: unknown keys are left out.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, PlaceLink
from tansiq.exchange.models import Group

Choice = dict[str, Any]


def value_of(choice: Choice) -> str:
    """Return the choice as one word for a form, such as `level.3.2.police`."""
    if choice.get("to") == "level":
        return f"level.{choice['place']}.{choice['level']}.{choice.get('kind', '')}"
    return f"{choice.get('to')}.{choice.get('pk')}"


def choice_of(value: str) -> Choice:
    """Return the choice that this word of a form means. Raises ValueError for any other word."""
    to, *rest = value.split(".")
    if to == "level":
        place, level, kind = rest
        return {"to": "level", "place": int(place), "level": int(level), "kind": kind}
    if to not in {"organisation", "group"}:
        message = f"{value!r} is no choice."
        raise ValueError(message)
    (pk,) = rest
    return {"to": to, "pk": int(pk)}


def organisations_for(choices: Iterable[Choice], *, by: Actor) -> QuerySet[Organisation]:
    """Return the active organisations that these choices mean today, each once."""
    choices = list(choices)
    # Thousands of conditions side by side are more than SQLite takes.
    wanted = Q(pk__in={one["pk"] for one in choices if one.get("to") == "organisation"})
    for choice in choices:
        if choice.get("to") != "organisation":
            wanted |= _meant_by(choice, by)
    found: QuerySet[Organisation] = (
        Organisation.objects.visible_to(by)
        .filter(wanted, is_active=True)
        .select_related("place")
        .order_by("pk")
    )
    return found


def _meant_by(choice: Choice, by: Actor) -> Q:
    if choice.get("to") == "group":
        groups = Group.objects.visible_to(by).in_use().filter(pk=choice["pk"])
        members = Group.named_organisations.through.objects.filter(group__in=groups)
        return Q(pk__in=members.values("organisation")) | Q(pk__in=groups.values("owner"))
    if choice.get("to") == "level":
        under = PlaceLink.objects.filter(ancestor=choice["place"], place__level=choice["level"])
        places = Q(place__in=under.values("place"))
        kind = choice.get("kind", "")
        return places & (Q(kind=kind) if kind else Q(is_lead_of_place=True))
    return Q(pk__in=())
