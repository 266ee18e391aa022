"""Money by place: a place counts for itself and for everything below it.

A plan's own money and that of the local plans under it are never added together: what the
nation passes on would be counted twice, once as given and once as received.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Marking, Place, PlaceLink
from tansiq.plans.models import BudgetLine, Cost, Plan
from tansiq.plans.queries.money.rows import Row, row_of
from tansiq.plans.queries.money.span import Span
from tansiq.plans.queries.money.sums import Exchange, Tally, tallies

_ABOVE = "place__links_up__ancestor"


def place_tallies(
    lines: QuerySet[BudgetLine], costs: QuerySet[Cost], places: Iterable[Place]
) -> dict[int, Tally]:
    """Return for each of these places what it and all places below it come to."""
    wanted = [one.pk for one in places]
    return tallies(
        lines.filter(**{f"{_ABOVE}__in": wanted}),
        costs.filter(**{f"{_ABOVE}__in": wanted}),
        by=_ABOVE,
    )


def own_places(
    plan: Plan, lines: QuerySet[BudgetLine], costs: QuerySet[Cost], exchange: Exchange
) -> list[Row]:
    """Return the plan's own money by the places below its own; nothing if it names none."""
    children = list(plan.place.children.order_by("name", "pk"))
    found = place_tallies(lines, costs, children)
    if not found:
        return []
    rows = [row_of(found[one.pk], exchange, str(one)) for one in children if one.pk in found]
    itself = tallies(lines.filter(place=plan.place), costs.filter(place=plan.place), by="plan")
    if plan.pk in itself:
        words = _("%(place)s as a whole") % {"place": plan.place}
        rows.insert(0, row_of(itself[plan.pk], exchange, words))
    return rows


def places_within(plan: Plan) -> list[Place]:
    """Return the plan's place and the nearest below it, as help for typing."""
    under = Place.objects.filter(links_up__ancestor=plan.place_id, links_up__depth__lte=1)
    return list(under.order_by("level", "name", "pk")[:_MOST_NEAR])


_MOST_NEAR = 200


@dataclass(frozen=True)
class Below:
    """The money of the local plans, by the places right under one place."""

    parent: Place
    whole: Row
    rows: list[Row]
    plans: int
    without: int
    tally: Tally

    @property
    def with_money(self) -> int:
        return self.plans - self.without


def places_below(
    actor: Actor, plan: Plan, exchange: Exchange, *, span: Span, parent: Place | None
) -> Below | None:
    """Return the gap of each place below (the largest first), from the local plans seen here.

    None where no local plan hangs under this one. TLP:RED stands in no sum.
    """
    parent = parent or plan.place
    local = (
        Plan.objects.visible_to(actor)
        .filter(parent=plan, place__links_up__ancestor=parent)
        .exclude(marking=Marking.RED)
    )
    plans = {one.pk: one for one in local.select_related("country", "place").order_by("pk")}
    if not plans and parent == plan.place:
        return None
    lines = span.narrow(BudgetLine.objects.filter(plan__in=local))
    costs = span.narrow(Cost.objects.filter(plan__in=local))
    children = list(parent.children.order_by("name", "pk"))
    found = place_tallies(lines, costs, [parent, *children])
    whole = found.get(parent.pk, Tally())
    ways = _ways_down(plan, children, list(plans.values()))
    rows = [
        row_of(found[one.pk], exchange, str(one), code=one.code, url=ways.get(one.pk, ""))
        for one in children
        if one.pk in found
    ]
    rows.sort(key=lambda row: (-row.gap.amount, row.label))
    itself = tallies(lines.filter(place=parent), costs.filter(place=parent), by="place")
    if parent.pk in itself and children:
        words = _("%(place)s itself") % {"place": parent}
        rows.insert(0, row_of(itself[parent.pk], exchange, words))
    return Below(
        parent=parent,
        whole=row_of(whole, exchange, str(parent)),
        rows=rows,
        plans=len(plans),
        without=len(plans.keys() - tallies(lines, costs, by="plan").keys()),
        tally=whole,
    )


def _ways_down(plan: Plan, children: list[Place], plans: list[Plan]) -> dict[int, str]:
    """Return where each place leads: to the places below it, or to the money of its plan."""
    here = reverse("plans:money", args=[plan.country.code, plan.slug])
    ways = {
        one.place_id: reverse("plans:money", args=[one.country.code, one.slug]) for one in plans
    }
    further = PlaceLink.objects.filter(ancestor__in=children, depth__gt=0, place__in=list(ways))
    with_more = set(further.values_list("ancestor", flat=True))
    codes = {one.pk: one.code for one in children if one.pk in with_more}
    return ways | {pk: f"{here}?place={code}#places" for pk, code in codes.items()}
