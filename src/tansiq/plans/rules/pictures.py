"""Who draws, agrees, opens again and removes the threat and resilience picture of a place."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import can_each, rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.plans.models import Factor, Mechanism, Picture


@rule("plans.picture_view")
def picture_view(actor: Actor, picture: Picture) -> Verdict:
    return YES


@rule("plans.picture_start")
def picture_start(actor: Actor, organisation: Organisation) -> Verdict:
    """Asked of the organisation that leads the place."""
    if not organisation.is_lead_of_place:
        return no(_("Only the organisation that leads the place draws its picture."))
    reason = _("Only a contributor of the organisation that leads the place can draw its picture.")
    return needs(actor, Role.CONTRIBUTOR, organisation.pk, reason)


@rule("plans.picture_edit")
def picture_edit(actor: Actor, picture: Picture) -> Verdict:
    if not picture.is_draft:
        return no(_("This picture is agreed. Open it again to change it, or begin the next one."))
    reason = _("Only a contributor of the organisation that owns the picture can change it.")
    return needs(actor, Role.CONTRIBUTOR, picture.owner_id, reason)


@rule("plans.picture_factor")
def picture_factor(actor: Actor, factor: Factor) -> Verdict:
    return picture_edit(actor, factor.picture)


@rule("plans.picture_mechanism")
def picture_mechanism(actor: Actor, mechanism: Mechanism) -> Verdict:
    return picture_edit(actor, mechanism.factor.picture)


@rule("plans.picture_agree")
def picture_agree(actor: Actor, picture: Picture) -> Verdict:
    if not picture.is_draft:
        return no(_("This picture is agreed already."))
    reason = _("Only a lead of the organisation that owns the picture can agree on it.")
    return needs(actor, Role.LEAD, picture.owner_id, reason)


@rule("plans.picture_reopen")
def picture_reopen(actor: Actor, picture: Picture) -> Verdict:
    if picture.is_draft:
        return no(_("This picture is being drawn; it is open."))
    if picture.is_superseded:
        return no(_("A later picture has replaced this one. It stays as it was."))
    reason = _("Only a lead of the organisation that owns the picture can open it again.")
    return needs(actor, Role.LEAD, picture.owner_id, reason)


@rule("plans.picture_remove")
def picture_remove(actor: Actor, picture: Picture) -> Verdict:
    """Let a coordinator remove a draft, and only a lead what was agreed."""
    if picture.is_draft:
        reason = _("Only a coordinator of the organisation that owns the picture can remove it.")
        return needs(actor, Role.COORDINATOR, picture.owner_id, reason)
    reason = _("Only a lead of the organisation that owns the picture can remove it.")
    return needs(actor, Role.LEAD, picture.owner_id, reason)


_ON_THE_PAGE = ("edit", "agree", "reopen", "remove")


def verdicts(actor: Actor, picture: Picture) -> dict[str, Verdict]:
    """Return what the actor may do on the page of a picture, as `may_edit` and so on."""
    found = can_each(actor, [f"plans.picture_{name}" for name in _ON_THE_PAGE], picture)
    return {f"may_{name}": found[f"plans.picture_{name}"] for name in _ON_THE_PAGE}
