"""Who may do what at the needs board."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, no
from tansiq.incidents.models import Incident, Need, Service
from tansiq.incidents.rules.room import write


@rule("incidents.need_view")
def need_view(actor: Actor, need: Need) -> Verdict:
    return YES


@rule("incidents.need_enter")
def need_enter(actor: Actor, incident: Incident) -> Verdict:
    return write(actor, incident)


@rule("incidents.need_match")
def need_match(actor: Actor, need: Need) -> Verdict:
    """Let a service take care of it, count it anew, close it."""
    return write(actor, need.incident)


@rule("incidents.service_view")
def service_view(actor: Actor, service: Service) -> Verdict:
    return YES


@rule("incidents.service_add")
def service_add(actor: Actor, incident: Incident) -> Verdict:
    return write(actor, incident)


@rule("incidents.service_keep")
def service_keep(actor: Actor, service: Service) -> Verdict:
    return write(actor, service.incident)


@rule("incidents.families_count")
def families_count(actor: Actor, incident: Incident) -> Verdict:
    return write(actor, incident)


@rule("incidents.fourws_export")
def fourws_export(actor: Actor, incident: Incident) -> Verdict:
    """RED never leaves in a file."""
    if incident.is_red:
        return no(_("This incident is marked RED. It never leaves in a file."))
    return YES


@rule("incidents.fourws_take")
def fourws_take(actor: Actor, incident: Incident) -> Verdict:
    return write(actor, incident)
