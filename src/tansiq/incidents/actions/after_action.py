"""What was learnt: the words of the report, findings, what is to be done, and where it goes."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking
from tansiq.core.editing import Editable, save_changes
from tansiq.incidents.actions.log import Line, write_down
from tansiq.incidents.models import (
    AfterAction,
    Corrective,
    DebriefNote,
    EntryKind,
    Finding,
    Incident,
)
from tansiq.incidents.wording import register
from tansiq.plans.actions.amendments import open_amendment, write_part
from tansiq.plans.actions.plans import add_part
from tansiq.plans.actions.proposals import write_proposal
from tansiq.plans.models import Action, Amendment, Objective, Plan, Proposal
from tansiq.plans.models.proposals import Basis, Subject
from tansiq.plans.queries.versions.content import BY_NAME, Content, find, read, values_of

register("after_action_shared", gettext_lazy("The after-action report was shared with the room."))
Piece = Finding | Corrective | DebriefNote


class LearningError(Exception):
    """The report cannot take this step; the message says why."""


@transaction.atomic
def write_report(
    incident: Incident,
    changes: dict[str, Any],
    *,
    language: str,
    revision: int,
    by: Actor,
    at: datetime,
) -> AfterAction:
    """Keep the words of the report. Raises ChangedMeanwhileError."""
    report, _made = AfterAction.objects.get_or_create(
        incident=incident, defaults={"language": language, "changed_at": at}
    )
    # The form of a report that does not stand there yet was opened with revision 0.
    save_changes(report, changes, revision=revision or 1, at=at)
    record(by, "incidents.learn", incident, at=at, detail={"fields": sorted(changes)})
    return report


@transaction.atomic
def share_report(incident: Incident, *, by: Actor, at: datetime) -> None:
    """Let everybody in the room read it. Raises LearningError before somebody wrote it."""
    shared = AfterAction.objects.filter(incident=incident, shared_at__isnull=True)
    if not shared.exclude(summary="").update(shared_at=at):
        raise LearningError(
            _("Write in short what happened before you share it. If you did, it is shared already.")
        )
    line = Line(EntryKind.ROOM, "after_action_shared", subject=incident.after_action)
    write_down(incident, line, rule="incidents.share_after_action", by=by, at=at)


@transaction.atomic
def add_piece(piece: Piece, *, by: Actor, at: datetime) -> None:
    """Add a finding, something to be done, or a note of a debrief."""
    if isinstance(piece, Editable):
        piece.changed_at = at
    piece.save(force_insert=True)
    _record(piece, "added", by=by, at=at)


@transaction.atomic
def edit_piece(
    piece: Finding | Corrective, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Change a finding or what is to be done. Raises ChangedMeanwhileError."""
    save_changes(piece, changes, revision=revision, at=at)
    _record(piece, "changed", by=by, at=at)


@transaction.atomic
def remove_piece(piece: Piece, *, by: Actor, at: datetime) -> None:
    """Take it out. Raises LearningError for what a plan carries already."""
    carried = Corrective.objects.filter(plan__isnull=False)
    if isinstance(piece, Corrective) and piece.is_carried:
        raise LearningError(_("A plan carries this. It stays on record."))
    if isinstance(piece, Finding) and carried.filter(finding=piece).exists():
        raise LearningError(_("A plan carries something that follows from this. It stays."))
    _record(piece, "removed", by=by, at=at)
    piece.delete()


def _record(piece: Piece, what: str, *, by: Actor, at: datetime) -> None:
    detail = {what: piece._meta.model_name, "pk": piece.pk}
    record(by, "incidents.learn", piece.incident, at=at, detail=detail)


@transaction.atomic
def carry_into_plan(
    corrective: Corrective, objective: Objective, *, by: Actor, at: datetime
) -> Corrective:
    """Make it an action of a plan: at once while the plan is drafted, else in its next version.

    Raises LearningError when a plan carries it already, and what writing in the plan raises.
    """
    current = _open(corrective)
    plan = objective.plan
    if plan.is_draft:
        current.code = _add_action(current, objective, by=by, at=at)
    else:
        current.code = _amend(current, objective, by=by, at=at)
    _carried(current, plan, by=by, at=at)
    corrective.refresh_from_db()
    return current


def _add_action(current: Corrective, objective: Objective, *, by: Actor, at: datetime) -> str:
    taken = set(Action.objects.filter(plan=objective.plan_id).values_list("code", flat=True))
    action = Action(
        plan=objective.plan,
        objective=objective,
        code=_free_code(taken),
        title=current.text,
        lead=current.lead,
        ends_on=current.due_on,
        source=_source(current)[:400],
    )
    add_part(action, by=by, at=at)
    return action.code


def _amend(current: Corrective, objective: Objective, *, by: Actor, at: datetime) -> str:
    plan = objective.plan
    amendment = Amendment.objects.filter(plan=plan, status="open").select_related("base").first()
    if amendment is None:
        amendment = open_amendment(plan, reason=_source(current), by=by, at=at)
    content: Content = read(amendment.content)
    if find(content, "objectives", str(objective.pk)) is None:
        raise LearningError(_("The draft of the next version has no such objective any more."))
    action = Action(
        title=current.text,
        lead=current.lead,
        ends_on=current.due_on,
        code=_free_code({part.get("code", "") for part in content["actions"]}),
    )
    part = {"key": "", "objective": str(objective.pk)} | values_of(BY_NAME["actions"], action)
    write_part(amendment, "actions", part, revision=0, by=by, at=at)
    return action.code


def _free_code(taken: set[str]) -> str:
    number = 1
    while f"AAR-{number}" in taken:
        number += 1
    return f"AAR-{number}"


def _source(current: Corrective) -> str:
    facts = {"title": current.incident.title, "finding": current.finding.text}
    if current.incident.is_exercise:
        return _("From the exercise “%(title)s”: %(finding)s") % facts
    return _("From the after-action report “%(title)s”: %(finding)s") % facts


@transaction.atomic
def propose_for_plan(corrective: Corrective, plan: Plan, *, by: Actor, at: datetime) -> Proposal:
    """Draft a proposal to those who own a national plan; it is sent from its own page.

    Raises LearningError when a plan carries it already.
    """
    current = _open(corrective)
    incident = current.incident
    proposal = Proposal(
        plan=plan,
        place=incident.place,
        owner=incident.owner,
        subject=Subject.MISSING,
        language=current.language,
        title=current.text,
        why=_source(current),
        basis=Basis.EXPERIENCE,
        marking=Marking.AMBER_STRICT,
    )
    write_proposal(proposal, by=by, at=at)
    current.proposal = proposal
    _carried(current, plan, by=by, at=at)
    corrective.refresh_from_db()
    return proposal


def _open(corrective: Corrective) -> Corrective:
    rows = Corrective.objects.select_for_update(of=("self",)).select_related(
        "incident__owner", "incident__place", "finding", "lead"
    )
    current: Corrective = rows.get(pk=corrective.pk)
    if current.is_carried:
        raise LearningError(_("A plan carries this already."))
    return current


def _carried(current: Corrective, plan: Plan, *, by: Actor, at: datetime) -> None:
    current.plan, current.changed_at = plan, at
    current.revision += 1
    current.save(update_fields=["plan", "code", "proposal", "changed_at", "revision"])
    detail = {"plan": plan.pk, "code": current.code}
    record(by, "incidents.carry_into_plan", current.incident, at=at, detail=detail)
