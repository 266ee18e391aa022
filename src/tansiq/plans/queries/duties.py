"""What is owed to places and by whom, as lists; and one duty with all its places."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet

from tansiq.access.actor import Actor, Role
from tansiq.plans.models import Action, ActionStatus, Delivery
from tansiq.plans.queries.reporting import places_led_by
from tansiq.plans.queries.wording import in_readers_language
from tansiq.plans.querysets import DONE


@dataclass(frozen=True)
class OwedToUs:
    """One delivery that a place of ours waits for or should confirm."""

    delivery: Delivery
    may_act: bool

    @property
    def waits_for_us(self) -> bool:
        return self.delivery.status == ActionStatus.DONE and self.delivery.received_on is None


def owed_to_us(actor: Actor) -> list[OwedToUs]:
    """Return what others owe the places this person speaks for, open ones first by their day."""
    leads = places_led_by(actor)
    speaks = {lead.place_id for lead in places_led_by(actor, Role.CONTRIBUTOR)}
    closed = Q(status=ActionStatus.CANCELLED) | Q(received_on__isnull=False)
    rows = list(
        Delivery.objects.visible_to(actor)
        .filter(place__in=[lead.place_id for lead in leads])
        .exclude(closed)
        .select_related("action__plan__owner", "place")
        .order_by("due_on", "pk")[:_MOST]
    )
    in_readers_language([one.action for one in rows], "title")
    return [OwedToUs(one, one.place_id in speaks) for one in rows]


_MOST = 200


def received_lately(actor: Actor) -> list[Delivery]:
    """Return what the places of this person confirmed, newest first."""
    leads = places_led_by(actor)
    rows = list(
        Delivery.objects.visible_to(actor)
        .filter(place__in=[lead.place_id for lead in leads], received_on__isnull=False)
        .select_related("action__plan__owner", "place")
        .order_by("-received_on", "-pk")[:20]
    )
    in_readers_language([one.action for one in rows], "title")
    return rows


def duties_of(actor: Actor, *, on: dt.date) -> list[Action]:
    """Return the duties this person's organisations have, each with its counts of places."""
    open_one = Q(deliveries__isnull=False) & ~Q(deliveries__status__in=DONE)
    given = Q(deliveries__status=ActionStatus.DONE)
    duties = list(
        Action.objects.visible_to(actor)
        .duties()
        .filter(plan__owner__in=actor.organisation_ids)
        .annotate(
            open_count=Count("deliveries", filter=open_one),
            late_count=Count("deliveries", filter=open_one & Q(deliveries__due_on__lt=on)),
            given_count=Count("deliveries", filter=given),
            confirmed_count=Count("deliveries", filter=Q(deliveries__received_on__isnull=False)),
            first_due_on=Min("deliveries__due_on", filter=open_one),
        )
        .select_related("plan")
        .order_by("first_due_on", "plan__title", "position", "pk")
    )
    in_readers_language(duties, "title")
    return duties


STATES = {
    "": Q(),
    "open": ~Q(status__in=DONE),
    "given": Q(status=ActionStatus.DONE, received_on__isnull=True),
    "confirmed": Q(received_on__isnull=False),
}
_SORTS = {
    "place": ("place__name", "due_on", "pk"),
    "-place": ("-place__name", "due_on", "pk"),
    "due": ("due_on", "place__name", "pk"),
    "-due": ("-due_on", "place__name", "pk"),
    "status": ("status", "due_on", "pk"),
    "-status": ("-status", "due_on", "pk"),
}


def deliveries_of(
    actor: Actor, duty: Action, *, on: dt.date, state: str = "", text: str = "", sort: str = ""
) -> QuerySet[Delivery]:
    """Return the places of one duty, filtered and sorted as asked."""
    late = ~Q(status__in=DONE) & Q(due_on__lt=on)
    rows = (
        Delivery.objects.visible_to(actor)
        .filter(late if state == "late" else STATES.get(state, Q()), action=duty)
        .select_related("place")
    )
    if text.strip():
        rows = rows.filter(place__name__icontains=text.strip())
    return rows.order_by(*_SORTS.get(sort, ("due_on", "place__name", "pk")))
