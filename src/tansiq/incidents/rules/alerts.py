"""Who drafts an alert, who signs it second, who ends it, and who takes in those of others."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.incidents.models import Alert, AlertSource, Incident, ReceivedAlert
from tansiq.incidents.rules.standing import takes_part


@rule("incidents.alert_view")
def view_alert(actor: Actor, alert: Alert) -> Verdict:
    return YES


@rule("incidents.alert_source_view")
def view_source(actor: Actor, source: AlertSource) -> Verdict:
    return YES


@rule("incidents.received_view")
def view_received(actor: Actor, received: ReceivedAlert) -> Verdict:
    return YES


@rule("incidents.alert_draft")
def draft_alert(actor: Actor, incident: Incident) -> Verdict:
    if not incident.is_open:
        return no(_("This incident is closed. Alerts of it can still be cancelled."))
    if takes_part(actor, incident, least=Role.COORDINATOR):
        return YES
    return no(_("Only coordinators of the organisations in this room can draft alerts."))


@rule("incidents.alert_change")
def change_alert(actor: Actor, alert: Alert) -> Verdict:
    if not alert.is_draft:
        return no(_("Only a draft can be changed. What was sent is updated by a new message."))
    return _speaks_for_drafter(actor, alert)


@rule("incidents.alert_ask")
def ask_cosign(actor: Actor, alert: Alert) -> Verdict:
    return change_alert(actor, alert)


@rule("incidents.alert_cosign")
def cosign_alert(actor: Actor, alert: Alert) -> Verdict:
    if not alert.is_waiting:
        return no(_("This alert waits for no signature."))
    if actor.person_id in {alert.written_by_id, alert.asked_by_id}:
        return no(_("You wrote this alert. A second person has to sign it."))
    reason = _("Only a coordinator of the body that signs second can sign this alert.")
    return needs(actor, Role.COORDINATOR, alert.cosigner_id, reason)


@rule("incidents.alert_return")
def return_alert(actor: Actor, alert: Alert) -> Verdict:
    """Give it back to its authors unsigned; they may also take it back themselves."""
    if not alert.is_waiting:
        return no(_("This alert waits for no signature."))
    return _signs(actor, alert)


@rule("incidents.alert_update")
def update_alert(actor: Actor, alert: Alert) -> Verdict:
    drafting = draft_alert(actor, alert.incident)
    return _still_stands(alert) if drafting else drafting


@rule("incidents.alert_cancel")
def cancel_alert(actor: Actor, alert: Alert) -> Verdict:
    """Each of the two bodies can take it back at once, also after the incident was closed."""
    standing = _still_stands(alert)
    return _signs(actor, alert) if standing else standing


@rule("incidents.alert_sources")
def keep_alert_sources(actor: Actor, organisation: Organisation) -> Verdict:
    reason = _("Only an administrator of the organisation can choose where alerts come from.")
    return needs(actor, Role.ADMINISTRATOR, organisation.pk, reason)


@rule("incidents.alert_source_change")
def change_alert_source(actor: Actor, source: AlertSource) -> Verdict:
    return keep_alert_sources(actor, source.owner)


@rule("incidents.alert_bring")
def bring_alert(actor: Actor, organisation: Organisation) -> Verdict:
    """Take in a file by hand."""
    reason = _("Only contributors can bring files in.")
    return needs(actor, Role.CONTRIBUTOR, organisation.pk, reason)


def _speaks_for_drafter(actor: Actor, alert: Alert) -> Verdict:
    if not alert.incident.is_open:
        return no(_("This incident is closed. Alerts of it can still be cancelled."))
    reason = _("Only a coordinator of the body that drafted this alert can do this.")
    return needs(actor, Role.COORDINATOR, alert.drafter_id, reason)


def _signs(actor: Actor, alert: Alert) -> Verdict:
    if actor.is_at_least(Role.COORDINATOR, in_organisation=alert.drafter_id):
        return YES
    reason = _("Only a coordinator of one of the two bodies of this alert can do this.")
    return needs(actor, Role.COORDINATOR, alert.cosigner_id, reason)


def _still_stands(alert: Alert) -> Verdict:
    if not alert.is_sent or alert.is_cancellation:
        return no(_("Only an alert that was sent can be updated or cancelled."))
    if alert.successors.filter(state="sent").exists():
        return no(_("A later message replaced this alert. Go on from that one."))
    return YES
