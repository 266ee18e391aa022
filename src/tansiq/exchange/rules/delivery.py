"""How an office is reached."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import Verdict, needs
from tansiq.exchange.models import Route


@rule("exchange.keep_routes")
def keep_routes(actor: Actor, organisation: Organisation) -> Verdict:
    reason = _("Only an administrator says how this organisation is reached.")
    return needs(actor, Role.ADMINISTRATOR, organisation.pk, reason)


@rule("exchange.change_route")
def change_route(actor: Actor, route: Route) -> Verdict:
    return keep_routes(actor, route.organisation)
