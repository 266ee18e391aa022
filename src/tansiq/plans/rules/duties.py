"""What is owed to places: who gives it, confirms it, disputes it."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.queries import lead_of
from tansiq.access.verdict import Verdict, needs
from tansiq.plans.models import Action, Delivery


@rule("plans.deliver")
def deliver(actor: Actor, delivery: Delivery) -> Verdict:
    reason = _("Only a contributor of the organisation that owes this can say how it stands.")
    return needs(actor, Role.CONTRIBUTOR, delivery.action.plan.owner_id, reason)


@rule("plans.give")
def give(actor: Actor, duty: Action) -> Verdict:
    """Asked of the duty: who may mark it as given, to one place or to many."""
    reason = _("Only a contributor of the organisation that owes this can say how it stands.")
    return needs(actor, Role.CONTRIBUTOR, duty.plan.owner_id, reason)


def _speaks_for_place(actor: Actor, delivery: Delivery) -> Verdict:
    lead = lead_of(delivery.place)
    reason = _("Only a contributor of the organisation that leads this place can do this.")
    return needs(actor, Role.CONTRIBUTOR, lead.pk if lead else 0, reason)


@rule("plans.confirm")
def confirm(actor: Actor, delivery: Delivery) -> Verdict:
    return _speaks_for_place(actor, delivery)


@rule("plans.dispute")
def dispute(actor: Actor, delivery: Delivery) -> Verdict:
    return _speaks_for_place(actor, delivery)


@rule("plans.remind")
def remind(actor: Actor, delivery: Delivery) -> Verdict:
    return _speaks_for_place(actor, delivery)
