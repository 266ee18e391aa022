"""What goes on after the response: dates, memorials, the fund, recommendations, retiring."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, no
from tansiq.incidents.models import Fund, Incident, Milestone, Recommendation
from tansiq.incidents.rules.room import lead
from tansiq.incidents.rules.standing import holds_seat, takes_part


@rule("incidents.recovery")
def recovery(actor: Actor, incident: Incident) -> Verdict:
    """Add dates, memorial decisions and recommendations; also long after it was closed."""
    if incident.is_retired:
        return no(_("This incident is retired. Nothing in it can be changed."))
    if takes_part(actor, incident, least=Role.CONTRIBUTOR) or holds_seat(actor, incident):
        return YES
    return no(_("Only contributors of the organisations in this room can write in it."))


@rule("incidents.milestone")
def milestone(actor: Actor, milestone: Milestone) -> Verdict:
    return recovery(actor, milestone.incident)


@rule("incidents.fund_open")
def fund_open(actor: Actor, incident: Incident) -> Verdict:
    return lead(actor, incident)


@rule("incidents.fund_see")
def fund_see(actor: Actor, fund: Fund) -> Verdict:
    return YES


@rule("incidents.fund")
def fund(actor: Actor, fund: Fund) -> Verdict:
    """Keep its book, publish its totals, close it."""
    if fund.incident.is_retired:
        return no(_("This incident is retired. Nothing in it can be changed."))
    if actor.is_at_least(Role.CONTRIBUTOR, in_organisation=fund.keeper_id):
        return YES
    return lead(actor, fund.incident)


@rule("incidents.recommendation")
def recommendation(actor: Actor, recommendation: Recommendation) -> Verdict:
    """Say how it stands: who answers for it, or who leads the room."""
    if recommendation.incident.is_retired:
        return no(_("This incident is retired. Nothing in it can be changed."))
    if actor.is_at_least(Role.CONTRIBUTOR, in_organisation=recommendation.answerable_id):
        return YES
    return lead(actor, recommendation.incident)


@rule("incidents.retire")
def retire(actor: Actor, incident: Incident) -> Verdict:
    return lead(actor, incident)
