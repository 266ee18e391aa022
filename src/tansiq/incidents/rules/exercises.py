"""Who runs an exercise, and who writes down what was learnt from it or from an incident."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.incidents.models import (
    AfterAction,
    Aim,
    Corrective,
    DebriefNote,
    Exercise,
    Finding,
    Incident,
    Inject,
    Team,
)
from tansiq.incidents.rules.room import lead
from tansiq.incidents.rules.standing import runs


def runs_exercise(actor: Actor, incident: Incident) -> bool:
    """Return whether this person was chosen to run the exercise."""
    if actor.is_system:
        return True
    chosen = Exercise.objects.filter(incident=incident, facilitators=actor.person_id)
    return actor.person_id is not None and chosen.exists()


@rule("incidents.practise")
def practise(actor: Actor, organisation: Organisation) -> Verdict:
    """Asked of the organisation that will run the exercise."""
    reason = _("Only a coordinator of this organisation can start an exercise of its playbook.")
    return needs(actor, Role.COORDINATOR, organisation.pk, reason)


@rule("incidents.set_up_exercise")
def set_up_exercise(actor: Actor, incident: Incident) -> Verdict:
    if not incident.is_exercise:
        return no(_("This is a real incident."))
    if runs(actor, incident, least=Role.COORDINATOR):
        return YES
    return no(_("Only a coordinator of the city that practises can set the exercise up."))


@rule("incidents.facilitate")
def facilitate(actor: Actor, incident: Incident) -> Verdict:
    """See what is to come, change it, and note what was seen."""
    if not incident.is_exercise:
        return no(_("This is a real incident."))
    if incident.is_retired:
        return no(_("This exercise is retired. Nothing in it can be changed."))
    if runs_exercise(actor, incident):
        return YES
    return no(_("Only those who run the exercise see what is to come. You play in it."))


@rule("incidents.give_inject")
def give_inject(actor: Actor, inject: Inject) -> Verdict:
    return facilitate(actor, inject.incident)


@rule("incidents.facilitate_aim")
def facilitate_aim(actor: Actor, aim: Aim) -> Verdict:
    return facilitate(actor, aim.incident)


@rule("incidents.facilitate_team")
def facilitate_team(actor: Actor, team: Team) -> Verdict:
    return facilitate(actor, team.incident)


@rule("incidents.move_clock")
def move_clock(actor: Actor, incident: Incident) -> Verdict:
    if not incident.is_open:
        return no(_("This exercise is over. Its clock stays as it was."))
    return facilitate(actor, incident)


@rule("incidents.learn")
def learn(actor: Actor, incident: Incident) -> Verdict:
    """Write the after-action report, findings and what is to be done about them."""
    return facilitate(actor, incident) if incident.is_exercise else lead(actor, incident)


@rule("incidents.share_after_action")
def share_after_action(actor: Actor, incident: Incident) -> Verdict:
    if incident.is_open:
        return no(_("Close the incident before its report is shared."))
    return learn(actor, incident)


@rule("incidents.read_after_action")
def read_after_action(actor: Actor, incident: Incident) -> Verdict:
    if AfterAction.objects.filter(incident=incident, shared_at__isnull=False).exists():
        return YES
    if learn(actor, incident):
        return YES
    return no(_("The after-action report is being written. You read it here once it is shared."))


@rule("incidents.export_after_action")
def export_after_action(actor: Actor, incident: Incident) -> Verdict:
    if incident.is_red:
        return no(_("What is marked TLP:RED does not leave the platform as a file."))
    return read_after_action(actor, incident)


@rule("incidents.learn_piece")
def learn_piece(actor: Actor, piece: Finding | Corrective | DebriefNote) -> Verdict:
    return learn(actor, piece.incident)
