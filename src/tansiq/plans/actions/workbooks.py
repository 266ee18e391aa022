"""Taking what came back in a workbook: all of it, or nothing."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.plans.actions.activities import edit_activity, register_activities
from tansiq.plans.actions.money import edit_money
from tansiq.plans.actions.plans import edit_part, reach_milestone, set_status
from tansiq.plans.actions.reports import answer_report
from tansiq.plans.actions.writing import save_report
from tansiq.plans.models import Milestone, Plan, Report
from tansiq.plans.workbooks.steps import MilestoneStep, Steps


class WorkbookChangedError(Exception):
    """Something in the workbook was changed by somebody while the preview was open."""


@transaction.atomic
def take_steps(steps: Steps, *, by: Actor, at: datetime) -> None:
    """Take every step of a workbook, each by the action that its page would use.

    Raises what those raise (ChangedMeanwhileError, BadValueError, ReportError); then nothing
    of the whole workbook is saved.
    """
    _take_plan(steps, by=by, at=at)
    _take_reports(steps, by=by, at=at)


def _take_plan(steps: Steps, *, by: Actor, at: datetime) -> None:
    for status in steps.statuses:
        action = status.action
        set_status(action, status.status, revision=action.revision, by=by, at=at)
    for part in steps.parts:
        edit_part(part.action, dict(part.changes), revision=part.action.revision, by=by, at=at)
    for reached in steps.milestones:
        _reach(reached, by=by, at=at)
    for money in steps.money:
        edit_money(money.line, dict(money.changes), revision=money.line.revision, by=by, at=at)
    for changed in steps.activities:
        activity = changed.activity
        edit_activity(activity, dict(changed.changes), revision=activity.revision, by=by, at=at)
    if steps.new_activities:
        register_activities(steps.new_activities, by=by, at=at)


def _take_reports(steps: Steps, *, by: Actor, at: datetime) -> None:
    for step in steps.reports:
        save_report(
            step.report,
            step.words,
            step.entries,
            revision=step.report.revision,
            pen="",
            by=by,
            at=at,
        )
    for answer in steps.answers:
        answer_report(answer.report, answer.answer, by=by, at=at)


def _reach(step: MilestoneStep, *, by: Actor, at: datetime) -> None:
    """Set the day of a milestone, which keeps no revision, unless it moved meanwhile."""
    current = Milestone.objects.select_for_update(of=("self",)).get(pk=step.milestone.pk)
    if current.reached_on != step.milestone.reached_on:
        raise WorkbookChangedError(_("Somebody changed a milestone meanwhile. Look once more."))
    reach_milestone(current, on=step.on, by=by, at=at)


def note_given(target: Plan | Report, detail: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Write down that a workbook left the platform: its rows by sheet, and its hash."""
    record(by, "export:plans.workbook", target, at=at, detail=detail)


def note_taken(target: Plan | Report, detail: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Write down that a workbook came back, and what it changed."""
    record(by, "plans.workbook_take", target, at=at, detail=detail)
