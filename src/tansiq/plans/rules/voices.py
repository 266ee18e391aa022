"""Who enters consultations, and who asks other bodies for their say."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.plans.models import Consultation


@rule("plans.consultation_view")
def consultation_view(actor: Actor, consultation: Consultation) -> Verdict:
    return YES


@rule("plans.consultation_add")
def consultation_add(actor: Actor, organisation: Organisation) -> Verdict:
    reason = _("Only a contributor of the organisation can enter its consultations.")
    return needs(actor, Role.CONTRIBUTOR, organisation.pk, reason)


@rule("plans.consultation_edit")
def consultation_edit(actor: Actor, consultation: Consultation) -> Verdict:
    reason = _("Only a contributor of the organisation that entered this can change it.")
    return needs(actor, Role.CONTRIBUTOR, consultation.owner_id, reason)


@rule("plans.consultation_remove")
def consultation_remove(actor: Actor, consultation: Consultation) -> Verdict:
    reason = _("Only a coordinator of the organisation that entered this can remove it.")
    return needs(actor, Role.COORDINATOR, consultation.owner_id, reason)


@rule("plans.voice_ask")
def voice_ask(actor: Actor, organisation: Organisation) -> Verdict:
    """Asked of the body that is to be heard: who coordinates in the same country may ask it."""
    ours = Organisation.objects.filter(
        pk__in=actor.organisations_as(Role.COORDINATOR), country_code=organisation.country_code
    )
    if not organisation.is_active:
        return no(_("This organisation takes part no more."))
    if actor.is_system or ours.exists():
        return YES
    return no(_("Only a coordinator of an organisation of this country can ask for its say."))
