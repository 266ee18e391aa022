"""Asking for support, answering, settling: each side says its own, and only while it may."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.incidents.models import Incident, SupportRequest
from tansiq.incidents.rules.standing import takes_part


@rule("incidents.ask_support")
def ask_support(actor: Actor, incident: Incident) -> Verdict:
    if not incident.is_open:
        return no(_("This incident is closed. Open it again to ask for support."))
    if takes_part(actor, incident, least=Role.CONTRIBUTOR):
        return YES
    return no(_("Only contributors of the organisations in this room can ask for support."))


@rule("incidents.see_support")
def see_support(actor: Actor, request: SupportRequest) -> Verdict:
    return YES


@rule("incidents.answer_support")
def answer_support(actor: Actor, request: SupportRequest) -> Verdict:
    if request.incident.is_retired:
        return no(_("This incident is retired. Nothing in it can be changed."))
    reason = _("Only a contributor of the organisation that was asked can answer.")
    return needs(actor, Role.CONTRIBUTOR, request.to_organisation_id, reason)


@rule("incidents.settle_support")
def settle_support(actor: Actor, request: SupportRequest) -> Verdict:
    """Take an offer, confirm or dispute what arrived, withdraw the request."""
    if request.incident.is_retired:
        return no(_("This incident is retired. Nothing in it can be changed."))
    reason = _("Only a contributor of the organisation that asked can do this.")
    return needs(actor, Role.CONTRIBUTOR, request.from_organisation_id, reason)


@rule("incidents.discuss_support")
def discuss_support(actor: Actor, request: SupportRequest) -> Verdict:
    return answer_support(actor, request) or settle_support(actor, request)
