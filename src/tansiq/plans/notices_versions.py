"""What people are told about versions of plans, and about proposals to change them."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tansiq.access.actor import LADDER, Role
from tansiq.access.models import Membership, Person
from tansiq.access.notices import notify, register
from tansiq.plans.models import Consequence, Version

register(
    "plans.version_in_force",
    _("%(plan)s changed: version %(number)s is in force. See what it means for %(place)s."),
)


def tell_of_version(version: Version, consequences: Iterable[Consequence], *, at: datetime) -> None:
    """Tell those who coordinate each place what the version means for it."""
    consequences = list(consequences)
    people = _coordinators_by_place([one.place_id for one in consequences], at=at)
    for one in consequences:
        one.version = version
        facts = {
            "plan": version.plan.short_title or version.plan.title,
            "number": version.number,
            "place": one.place.name,
        }
        told = people.get(one.place_id, [])
        url = one.get_absolute_url()
        notify(told, "plans.version_in_force", one, url=url, facts=facts, at=at)


def _coordinators_by_place(places: list[int], *, at: datetime) -> dict[int, list[Person]]:
    terms = (
        Membership.objects.in_force(at.date())
        .filter(
            organisation__place__in=places,
            organisation__is_lead_of_place=True,
            organisation__is_active=True,
            role__in=LADDER[LADDER.index(Role.COORDINATOR) :],
            person__is_active=True,
        )
        .select_related("person", "organisation")
        .order_by("person", "pk")
    )
    found: dict[int, list[Person]] = {}
    for term in terms:
        place_id = term.organisation.place_id
        if place_id is not None:
            found.setdefault(place_id, []).append(term.person)
    return found
