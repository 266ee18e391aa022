"""Who keeps the list of those who hold a role all year, and who reads it."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.incidents.models import Post


@rule("incidents.posts")
def posts(actor: Actor, organisation: Organisation) -> Verdict:
    """Read who holds which role, and how ready the body is."""
    if actor.is_system or organisation.pk in actor.organisation_ids:
        return YES
    if _leads_above(actor, organisation):
        return YES
    return no(_("Only this body, and those who lead a place above it, read who holds its roles."))


def _leads_above(actor: Actor, organisation: Organisation) -> bool:
    leads = Organisation.objects.filter(
        pk__in=actor.organisation_ids,
        is_lead_of_place=True,
        is_active=True,
        place__links_down__place=organisation.place_id,
    )
    return leads.exists()


@rule("incidents.post_add")
def post_add(actor: Actor, organisation: Organisation) -> Verdict:
    return _keeps(actor, organisation.pk)


@rule("incidents.post_change")
def post_change(actor: Actor, post: Post) -> Verdict:
    return _keeps(actor, post.organisation_id)


@rule("incidents.post_remove")
def post_remove(actor: Actor, post: Post) -> Verdict:
    """Whoever stands there may step down at any time."""
    if post.person_id is not None and post.person_id == actor.person_id:
        return YES
    return _keeps(actor, post.organisation_id)


def _keeps(actor: Actor, organisation: int) -> Verdict:
    reason = _("Only a coordinator of this organisation can name who holds a role.")
    return needs(actor, Role.COORDINATOR, organisation, reason)
