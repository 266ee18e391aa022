"""Taking an item out as a file."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, no
from tansiq.exchange.models import Item


@rule("exchange.export")
def export(actor: Actor, item: Item) -> Verdict:
    if item.is_red:
        return no(_("TLP:RED is for the persons named, in this place only. It is not exported."))
    if item.is_draft:
        return no(_("This is a draft. Send it first."))
    if item.is_purged or item.is_recalled:
        return no(_("The sender took this back, or its time is over."))
    return YES
