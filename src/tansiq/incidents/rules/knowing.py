"""Who may write into the log, say what is a fact, and decide."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Marking
from tansiq.access.verdict import YES, Verdict, no
from tansiq.incidents.models import Decision, Entry, Fact, Incident
from tansiq.incidents.rules.room import lead, write
from tansiq.incidents.rules.standing import holds_seat, runs


@rule("incidents.note")
def note(actor: Actor, incident: Incident) -> Verdict:
    return write(actor, incident)


@rule("incidents.log_file")
def log_file(actor: Actor, incident: Incident) -> Verdict:
    """Take the log along as a table."""
    if incident.marking == Marking.RED:
        return no(_("What is marked RED is read here only, and never leaves as a file."))
    return YES


@rule("incidents.entry_view")
def entry_view(actor: Actor, entry: Entry) -> Verdict:
    return YES


@rule("incidents.correct")
def correct(actor: Actor, entry: Entry) -> Verdict:
    """Correct a line by a new one."""
    may_write = write(actor, entry.incident)
    if not may_write:
        return may_write
    if entry.code and entry.code != "line_corrected":
        return no(_("The platform wrote this line. Change the thing itself instead."))
    if actor.person_id == entry.person_id or lead(actor, entry.incident):
        return YES
    return no(_("Only who wrote this line, or who leads the room, can correct it."))


@rule("incidents.fact")
def fact(actor: Actor, incident: Incident) -> Verdict:
    """Put an unconfirmed fact on the board."""
    return write(actor, incident)


@rule("incidents.fact_view")
def fact_view(actor: Actor, fact: Fact) -> Verdict:
    return YES


@rule("incidents.fact_confirm")
def fact_confirm(actor: Actor, incident: Incident) -> Verdict:
    """Call something confirmed, and change or withdraw what stands on the board."""
    may_write = write(actor, incident)
    if not may_write:
        return may_write
    if holds_seat(actor, incident) or runs(actor, incident, least=Role.COORDINATOR):
        return YES
    return no(_("Only who holds a role in this room can confirm, change or withdraw a fact."))


@rule("incidents.fact_revise")
def fact_revise(actor: Actor, fact: Fact) -> Verdict:
    """Change, confirm or withdraw a fact; who wrote it may withdraw or change it, too."""
    verdict = fact_confirm(actor, fact.incident)
    is_own = actor.person_id is not None and actor.person_id == fact.person_id
    return write(actor, fact.incident) if is_own and not fact.is_confirmed else verdict


@rule("incidents.decide")
def decide(actor: Actor, incident: Incident) -> Verdict:
    if not incident.is_open:
        return no(_("This incident is closed. What happened in it can be read, not added to."))
    return lead(actor, incident)


@rule("incidents.decision_view")
def decision_view(actor: Actor, decision: Decision) -> Verdict:
    return YES
