"""Who gives what of a plan to everybody."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.plans.models import Document, Plan


@rule("plans.document_add")
def document_add(actor: Actor, plan: Plan) -> Verdict:
    reason = _("Only a coordinator of the organisation that owns the plan can add documents.")
    return needs(actor, Role.COORDINATOR, plan.owner_id, reason)


@rule("plans.document_view")
def document_view(actor: Actor, document: Document) -> Verdict:
    return YES


@rule("plans.document_publish")
def document_publish(actor: Actor, document: Document) -> Verdict:
    if document.is_public:
        return no(_("This document is already published."))
    reason = _("Only a coordinator of the organisation that owns the plan can publish documents.")
    return needs(actor, Role.COORDINATOR, document.owner_id, reason)


@rule("plans.document_unpublish")
def document_unpublish(actor: Actor, document: Document) -> Verdict:
    if document.published_at is None:
        return no(_("This document is not published."))
    reason = _("Only a coordinator of the organisation that owns the plan can take it back.")
    return needs(actor, Role.COORDINATOR, document.owner_id, reason)


@rule("plans.document_remove")
def document_remove(actor: Actor, document: Document) -> Verdict:
    reason = _("Only a coordinator of the organisation that owns the plan can remove documents.")
    return needs(actor, Role.COORDINATOR, document.owner_id, reason)


@rule("plans.contact_publish")
def contact_publish(actor: Actor, plan: Plan) -> Verdict:
    reason = _("Only a lead of the organisation that owns the plan can agree to that.")
    return needs(actor, Role.LEAD, plan.owner_id, reason)
