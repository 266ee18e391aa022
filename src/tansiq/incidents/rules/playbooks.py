"""Who may read, write and publish playbooks."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs
from tansiq.incidents.models import Playbook, PlaybookVersion


@rule("incidents.playbook_view")
def playbook_view(actor: Actor, playbook: Playbook) -> Verdict:
    return YES


@rule("incidents.playbook_version_view")
def playbook_version_view(actor: Actor, version: PlaybookVersion) -> Verdict:
    return YES


@rule("incidents.start_playbook")
def start_playbook(actor: Actor, organisation: Organisation) -> Verdict:
    """Asked of the organisation that will own the playbook."""
    reason = _("Only a coordinator of this organisation can start a playbook for it.")
    return needs(actor, Role.COORDINATOR, organisation.pk, reason)


@rule("incidents.edit_playbook")
def edit_playbook(actor: Actor, playbook: Playbook) -> Verdict:
    """Write and discard its draft."""
    reason = _("Only a coordinator of the organisation that owns this playbook can change it.")
    return needs(actor, Role.COORDINATOR, playbook.owner_id, reason)


@rule("incidents.publish_playbook")
def publish_playbook(actor: Actor, playbook: Playbook) -> Verdict:
    """Put the draft into force for incidents that begin from now on."""
    reason = _("Only a lead of the organisation that owns this playbook can publish it.")
    return needs(actor, Role.LEAD, playbook.owner_id, reason)
