"""Who reads the figures: each organisation its own, each network those of its country."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.gate import rule
from tansiq.access.models import Organisation, Place
from tansiq.access.verdict import YES, Verdict, no


@rule("exchange.figures")
def figures(actor: Actor, organisation: Organisation) -> Verdict:
    """Read what this organisation sent, what came to it, and what became of it."""
    if actor.is_system or organisation.pk in actor.organisation_ids:
        return YES
    return no(_("Only members of the organisation read its own figures."))


@rule("exchange.country_figures")
def country_figures(actor: Actor, country: Place) -> Verdict:
    if actor.is_system or country.country_code in actor.countries | actor.overseen:
        return YES
    return no(_("Only members of the country's network and its overseers read these figures."))
