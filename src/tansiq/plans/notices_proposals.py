"""What people are told about proposals to change a national plan, in both directions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.plans.models import Proposal

register("plans.proposal_sent", _("%(place)s proposes: %(title)s. Answer by %(due_on)s."))
register("plans.proposal_considered", _("Your proposal is being considered: %(title)s."))
register("plans.proposal_answered", _("Your proposal was answered: %(title)s."))
register("plans.supported_answered", _("A proposal that you support was answered: %(title)s."))
register("plans.proposal_withdrawn", _("%(place)s withdrew its proposal: %(title)s."))
register("plans.proposal_supported", _("%(by)s supports your proposal: %(title)s."))
register("plans.proposal_wanted", _("%(place)s waits for the answer to its proposal: %(title)s."))
register("plans.proposal_overdue", _("The answer to %(place)s was due on %(due_on)s: %(title)s."))
register(
    "plans.proposal_in_force",
    _("Your proposal changed the plan in version %(number)s: %(part)s."),
)


def _facts(proposal: Proposal) -> dict[str, Any]:
    due_on = proposal.answer_due_on
    return {
        "place": proposal.place.name,
        "title": proposal.title,
        "due_on": due_on.isoformat() if due_on else "",
    }


def tell_nation(proposal: Proposal, code: str, *, at: datetime) -> None:
    """Tell those who coordinate the national plan."""
    people = people_of([proposal.plan.owner_id], at=at)
    _tell(people, proposal, code, at=at)


def tell_proposer(proposal: Proposal, code: str, *, at: datetime, **more: Any) -> None:
    """Tell those who write for the place that proposed."""
    people = people_of([proposal.owner_id], at=at, least=Role.CONTRIBUTOR)
    _tell(people, proposal, code, at=at, **more)


def tell_supporters(proposal: Proposal, *, at: datetime) -> None:
    bodies = list(proposal.supports.values_list("organisation", flat=True))
    if bodies:
        _tell(people_of(bodies, at=at), proposal, "plans.supported_answered", at=at)


def tell_of_support(proposal: Proposal, body: Organisation, *, by: Actor, at: datetime) -> None:
    tell_proposer(proposal, "plans.proposal_supported", at=at, by=body.name)


def _tell(
    people: Iterable[Any], proposal: Proposal, code: str, *, at: datetime, **more: Any
) -> None:
    facts = _facts(proposal) | more
    if not facts["due_on"]:
        del facts["due_on"]
    notify(people, code, proposal, url=proposal.get_absolute_url(), facts=facts, at=at)
