"""Who may do what with plans. Seeing is decided before, by `visible_to`."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import can_each, rule
from tansiq.access.models import Organisation, Place
from tansiq.access.queries import lead_of
from tansiq.access.verdict import YES, Verdict, no
from tansiq.plans.models import (
    Action,
    Activity,
    Datapoint,
    Delivery,
    Evidence,
    Period,
    Plan,
    Report,
)


def _needs(actor: Actor, role: Role, organisation_id: int | None, reason: str) -> Verdict:
    return YES if actor.is_at_least(role, in_organisation=organisation_id) else no(reason)


@rule("plans.view")
def view(actor: Actor, plan: Plan) -> Verdict:
    return YES


@rule("plans.create")
def create(actor: Actor, organisation: Organisation) -> Verdict:
    reason = _("Only a coordinator of the organisation can start a plan for it.")
    return _needs(actor, Role.COORDINATOR, organisation.pk, reason)


@rule("plans.edit")
def edit(actor: Actor, plan: Plan) -> Verdict:
    reason = _("Only a coordinator of the organisation that owns the plan can change it.")
    return _needs(actor, Role.COORDINATOR, plan.owner_id, reason)


@rule("plans.set_status")
def set_status(actor: Actor, plan: Plan) -> Verdict:
    reason = _("Only a contributor of the organisation that owns the plan can say how it stands.")
    return _needs(actor, Role.CONTRIBUTOR, plan.owner_id, reason)


@rule("plans.adopt")
def adopt(actor: Actor, plan: Plan) -> Verdict:
    if not plan.is_draft:
        return no(_("This plan is already adopted."))
    reason = _("Only a lead of the organisation that owns the plan can adopt it.")
    return _needs(actor, Role.LEAD, plan.owner_id, reason)


@rule("plans.publish")
def publish(actor: Actor, plan: Plan) -> Verdict:
    if plan.published_at is not None:
        return no(_("This plan is already published."))
    reason = _("Only a lead of the organisation that owns the plan can publish it.")
    return _needs(actor, Role.LEAD, plan.owner_id, reason)


@rule("plans.unpublish")
def unpublish(actor: Actor, plan: Plan) -> Verdict:
    if plan.published_at is None:
        return no(_("This plan is not published."))
    reason = _("Only a lead of the organisation that owns the plan can take it back.")
    return _needs(actor, Role.LEAD, plan.owner_id, reason)


@rule("plans.export")
def export(actor: Actor, plan: Plan) -> Verdict:
    if plan.is_red:
        return no(_("What is marked TLP:RED does not leave the platform as a file."))
    return YES


@rule("plans.carry_down")
def carry_down(actor: Actor, plan: Plan) -> Verdict:
    if not plan.is_national:
        return no(_("Only a national plan can be carried down to places."))
    if plan.is_draft:
        return no(_("Adopt the plan before you carry it down."))
    reason = _("Only a lead of the organisation that owns the plan can carry it down.")
    return _needs(actor, Role.LEAD, plan.owner_id, reason)


@rule("plans.start_local")
def start_local(actor: Actor, plan: Plan) -> Verdict:
    """Asked of the national plan: may this actor begin the plan of their own place from it."""
    if not plan.is_national:
        return no(_("Only a national plan can be carried down to places."))
    if plan.is_draft:
        return no(_("The national plan is not adopted yet. Your plan can begin after that."))
    if not actor.organisations_as(Role.COORDINATOR):
        return no(
            _("Only a coordinator of the organisation that leads a place can start its plan.")
        )
    return YES


@rule("plans.set_stage")
def set_stage(actor: Actor, plan: Plan) -> Verdict:
    reason = _("Only a coordinator of the organisation that owns the plan can set the stage.")
    return _needs(actor, Role.COORDINATOR, plan.owner_id, reason)


@rule("plans.align")
def align(actor: Actor, plan: Plan) -> Verdict:
    """Asked of the local plan: its owner answers the national one."""
    if plan.parent_id is None:
        return no(_("This plan does not carry down a national plan."))
    reason = _("Only a coordinator of the organisation that owns the local plan can answer.")
    return _needs(actor, Role.COORDINATOR, plan.owner_id, reason)


@rule("plans.view_action")
def view_action(actor: Actor, action: Action) -> Verdict:
    return YES


@rule("plans.deliver")
def deliver(actor: Actor, delivery: Delivery) -> Verdict:
    reason = _("Only a contributor of the organisation that owes this can say how it stands.")
    return _needs(actor, Role.CONTRIBUTOR, delivery.action.plan.owner_id, reason)


@rule("plans.give")
def give(actor: Actor, duty: Action) -> Verdict:
    """Asked of the duty: who may mark it as given, to one place or to many."""
    reason = _("Only a contributor of the organisation that owes this can say how it stands.")
    return _needs(actor, Role.CONTRIBUTOR, duty.plan.owner_id, reason)


def _speaks_for_place(actor: Actor, delivery: Delivery) -> Verdict:
    lead = lead_of(delivery.place)
    reason = _("Only a contributor of the organisation that leads this place can do this.")
    return _needs(actor, Role.CONTRIBUTOR, lead.pk if lead else 0, reason)


@rule("plans.confirm")
def confirm(actor: Actor, delivery: Delivery) -> Verdict:
    return _speaks_for_place(actor, delivery)


@rule("plans.dispute")
def dispute(actor: Actor, delivery: Delivery) -> Verdict:
    return _speaks_for_place(actor, delivery)


@rule("plans.remind")
def remind(actor: Actor, delivery: Delivery) -> Verdict:
    return _speaks_for_place(actor, delivery)


@rule("plans.period_view")
def period_view(actor: Actor, period: Period) -> Verdict:
    return YES


@rule("plans.place_view")
def place_view(actor: Actor, place: Place) -> Verdict:
    return YES


@rule("plans.report_ask")
def report_ask(actor: Actor, period: Period) -> Verdict:
    """Asked of the period: who may remind places; which places, the query decides."""
    leads = Organisation.objects.filter(
        pk__in=actor.organisations_as(Role.COORDINATOR), is_lead_of_place=True
    )
    if actor.is_system or leads.exists():
        return YES
    return no(_("Only a coordinator of an organisation that is owed reports can remind places."))


@rule("plans.report_start")
def report_start(actor: Actor, organisation: Organisation) -> Verdict:
    if not organisation.is_lead_of_place:
        return no(_("Only the organisation that leads the place reports for it."))
    reason = _("Only a contributor of the organisation that leads the place can write its report.")
    return _needs(actor, Role.CONTRIBUTOR, organisation.pk, reason)


@rule("plans.report_view")
def report_view(actor: Actor, report: Report) -> Verdict:
    return YES


@rule("plans.report_write")
def report_write(actor: Actor, report: Report) -> Verdict:
    if report.is_locked:
        return no(_("This report is locked. Ask the level above to reopen it."))
    reason = _("Only a contributor of the organisation that leads the place can write its report.")
    return _needs(actor, Role.CONTRIBUTOR, report.owner_id, reason)


@rule("plans.report_send")
def report_send(actor: Actor, report: Report) -> Verdict:
    if report.is_locked:
        return no(_("This report was already sent."))
    reason = _("Only a coordinator of the organisation that leads the place can send its report.")
    return _needs(actor, Role.COORDINATOR, report.owner_id, reason)


def _receives(actor: Actor, report: Report) -> Verdict:
    reason = _("Only a coordinator of the organisation it was sent to can do this.")
    return _needs(actor, Role.COORDINATOR, report.addressee_id or 0, reason)


@rule("plans.report_return")
def report_return(actor: Actor, report: Report) -> Verdict:
    if report.status != "submitted":
        return no(_("Only a report that was sent can be returned."))
    return _receives(actor, report)


@rule("plans.report_accept")
def report_accept(actor: Actor, report: Report) -> Verdict:
    if report.status != "submitted":
        return no(_("Only a report that was sent can be accepted."))
    return _receives(actor, report)


@rule("plans.report_answer")
def report_answer(actor: Actor, report: Report) -> Verdict:
    if not report.is_locked:
        return no(_("This report is with the place. Answer it once it is sent."))
    return _receives(actor, report)


@rule("plans.report_reopen")
def report_reopen(actor: Actor, report: Report) -> Verdict:
    if report.status != "accepted":
        return no(_("Only an accepted report can be reopened."))
    return _receives(actor, report)


@rule("plans.report_reply")
def report_reply(actor: Actor, report: Report) -> Verdict:
    reason = _("Only a contributor of the organisation that leads the place can reply.")
    return _needs(actor, Role.CONTRIBUTOR, report.owner_id, reason)


@rule("plans.report_remind")
def report_remind(actor: Actor, report: Report) -> Verdict:
    if report.answer_due_on is None or report.answered_at is not None:
        return no(_("No answer is owed on this report."))
    reason = _("Only a contributor of the organisation that sent the report can send a reminder.")
    return _needs(actor, Role.CONTRIBUTOR, report.owner_id, reason)


@rule("plans.report_correct")
def report_correct(actor: Actor, report: Report) -> Verdict:
    if report.status != "accepted":
        return no(_("Only figures that were accepted can be corrected."))
    reason = _("Only a coordinator of the organisation that sent the report can correct it.")
    return _needs(actor, Role.COORDINATOR, report.owner_id, reason)


def _counts(actor: Actor, datapoint: Datapoint) -> Verdict:
    if datapoint.status != "accepted":
        return no(_("Only a figure that was accepted can be corrected or withdrawn."))
    reason = _("Only a coordinator of the organisation that sent the report can correct it.")
    return _needs(actor, Role.COORDINATOR, datapoint.report.owner_id, reason)


@rule("plans.value_correct")
def value_correct(actor: Actor, datapoint: Datapoint) -> Verdict:
    return _counts(actor, datapoint)


@rule("plans.value_withdraw")
def value_withdraw(actor: Actor, datapoint: Datapoint) -> Verdict:
    return _counts(actor, datapoint)


@rule("plans.evidence_remove")
def evidence_remove(actor: Actor, evidence: Evidence) -> Verdict:
    return report_write(actor, evidence.report)


@rule("plans.evidence_view")
def evidence_view(actor: Actor, evidence: Evidence) -> Verdict:
    return YES


@rule("plans.activity_register")
def activity_register(actor: Actor, organisation: Organisation) -> Verdict:
    reason = _("Only a contributor of the organisation can register its activities.")
    return _needs(actor, Role.CONTRIBUTOR, organisation.pk, reason)


@rule("plans.activity_view")
def activity_view(actor: Actor, activity: Activity) -> Verdict:
    return YES


@rule("plans.activity_edit")
def activity_edit(actor: Actor, activity: Activity) -> Verdict:
    reason = _("Only a contributor of the organisation that entered this can change it.")
    return _needs(actor, Role.CONTRIBUTOR, activity.owner_id, reason)


# What the page of a plan offers.
_ON_THE_PAGE = ("edit", "adopt", "publish", "unpublish", "carry_down", "set_stage", "export")


def verdicts(actor: Actor, plan: Plan) -> dict[str, Verdict]:
    """Return what the actor may do on the page of a plan, as `may_edit` and so on."""
    found = can_each(actor, [f"plans.{name}" for name in _ON_THE_PAGE], plan)
    return {f"may_{name}": found[f"plans.{name}"] for name in _ON_THE_PAGE}
