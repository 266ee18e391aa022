"""Who keeps how ready a body is. Reading it is `incidents.posts`."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import Verdict, needs


@rule("incidents.review")
def review(actor: Actor, organisation: Organisation) -> Verdict:
    reason = _("Only contributors of this organisation keep what was done to be ready.")
    return needs(actor, Role.CONTRIBUTOR, organisation.pk, reason)


@rule("incidents.pack")
def pack(actor: Actor, organisation: Organisation) -> Verdict:
    """Take the telephone numbers along on paper."""
    reason = _("Only contributors of this organisation take its offline pack along.")
    return needs(actor, Role.CONTRIBUTOR, organisation.pk, reason)
