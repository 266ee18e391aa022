"""The way of a workbook that comes in: looked at, kept as changes, confirmed, taken at once."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.place_files.problems import Problem, Problems
from tansiq.core.documents.package import WorkbookError
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.plans.actions.freezing import PlanFrozenError
from tansiq.plans.actions.money import MoneyError
from tansiq.plans.actions.reports import ReportError
from tansiq.plans.actions.values import BadValueError
from tansiq.plans.actions.workbooks import WorkbookChangedError, note_taken, take_steps
from tansiq.plans.models import Workbook, WorkbookState, WorkbookWay
from tansiq.plans.workbooks.checking import Checker
from tansiq.plans.workbooks.comparing import Change, Comparison, compare
from tansiq.plans.workbooks.kinds import Added, Touched
from tansiq.plans.workbooks.reading import Parsed, parse
from tansiq.plans.workbooks.scope import Scope
from tansiq.plans.workbooks.steps import Steps

# What the actions of pages raise for a person to read.
_REFUSALS = (ChangedMeanwhileError, BadValueError, ReportError, MoneyError, PlanFrozenError)
# What a workbook would change waits a day to be confirmed; then it is forgotten.
KEPT = timedelta(days=1)


@dataclass
class Look:
    """What is shown before anything is saved."""

    parsed: Parsed
    comparison: Comparison
    problems: list[Problem]
    problems_total: int
    steps: Steps = field(default_factory=Steps)

    @property
    def new_rows(self) -> list[Added]:
        return self.comparison.added

    @property
    def changes(self) -> list[Change]:
        return [one for one in self.comparison.changes if not one.is_conflict]

    @property
    def conflicts(self) -> list[Change]:
        return self.comparison.conflicts

    @property
    def is_right(self) -> bool:
        return not self.problems_total

    @property
    def changes_nothing(self) -> bool:
        steps = self.steps
        return not self.comparison.changes and not steps.new_activities


def look_at(parsed: Parsed, scope: Scope, *, kept: frozenset[str] = frozenset()) -> Look:
    """Compare a file with what stands now, and ask the forms about every change."""
    comparison = compare(parsed, scope)
    checker = Checker(scope, parsed.names)
    steps = checker.check(comparison, kept=kept)
    problems = Problems()
    for found in (comparison.problems, checker.problems):
        problems.extend(found[: 200 - len(problems)])
        problems.total += found.total
    return Look(parsed, comparison, list(problems), problems.total, steps)


def new_upload(scope: Scope, content: bytes, name: str, *, by: Actor, at: datetime) -> Workbook:
    """Return the row, not saved yet, under which a file that came in is kept."""
    assert by.person_id is not None  # noqa: S101 -- only people send workbooks
    return Workbook(
        person_id=by.person_id,
        way=WorkbookWay.IN,
        plan=scope.plan,
        period=scope.period,
        report=scope.report,
        lead=scope.lead,
        language=scope.language,
        name=name[-200:],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=at,
        expires_at=at + KEPT,
    )


def read_upload(workbook: Workbook, content: bytes, scope: Scope) -> Look:
    """Read a file and keep what it would change. Raises WorkbookError; then nothing is kept."""
    parsed = parse(content, scope)
    look = look_at(parsed, scope)
    workbook.content = _stored(parsed)
    workbook.state = WorkbookState.READY
    workbook.save()
    return look


def _stored(parsed: Parsed) -> dict[str, Any]:
    return {
        "language": parsed.language,
        "names": parsed.names,
        "touched": [asdict(one) for one in parsed.touched],
        "added": [asdict(one) for one in parsed.added],
        "problems": [[one.where, one.message] for one in parsed.problems],
        "problems_total": parsed.problems.total,
        "notices": parsed.notices,
    }


def parsed_of(workbook: Workbook) -> Parsed:
    """Return what was kept of a file that came in."""
    kept = workbook.content
    problems = Problems(Problem(*one) for one in kept["problems"])
    problems.total = kept["problems_total"]
    return Parsed(
        kept["language"],
        dict(kept["names"]),
        [Touched(**one) for one in kept["touched"]],
        [Added(**one) for one in kept["added"]],
        problems,
        list(kept["notices"]),
    )


def take(
    workbook: Workbook,
    scope: Scope,
    *,
    choices: Mapping[str, str],
    seen: str,
    by: Actor,
    at: datetime,
) -> Steps:
    """Do what the preview said; all of it or nothing.

    `seen` is the mark of what was shown, `choices` says for each conflict "mine" or "theirs".
    Raises WorkbookChangedError when something moved since, or a choice is missing.
    """
    try:
        with transaction.atomic():
            locked = Workbook.objects.select_for_update(of=("self",)).get(pk=workbook.pk)
            if locked.state == WorkbookState.TAKEN:
                raise WorkbookChangedError(_("This workbook was saved already."))
            return _take(locked, scope, choices, seen, by=by, at=at)
    except _REFUSALS as problem:
        raise WorkbookChangedError(str(problem)) from problem


def _take(
    workbook: Workbook,
    scope: Scope,
    choices: Mapping[str, str],
    seen: str,
    *,
    by: Actor,
    at: datetime,
) -> Steps:
    parsed = parsed_of(workbook)
    kept = frozenset(name for name, choice in choices.items() if choice == "theirs")
    look = look_at(parsed, scope, kept=kept)
    if look.comparison.fingerprint() != seen:
        raise WorkbookChangedError(
            _("Somebody changed something in it meanwhile. Look once more, then confirm.")
        )
    if any(choices.get(one.name) not in {"mine", "theirs"} for one in look.conflicts):
        raise WorkbookChangedError(_("Choose for each conflict which of the two should stand."))
    if not look.is_right:
        raise WorkbookChangedError(look.problems[0].message)
    take_steps(look.steps, by=by, at=at)
    _finish(workbook, look, kept, by=by, at=at)
    return look.steps


def _finish(
    workbook: Workbook, look: Look, kept: frozenset[str], *, by: Actor, at: datetime
) -> None:
    made = [one for one in look.comparison.changes if one.name not in kept]
    done = {
        "cells": len(made),
        "rows": len(look.steps.new_activities),
        "left": len(kept),
        "sheets": _by_sheet(made, look),
    }
    changes = [asdict(one) for one in made[:_MOST_TOLD]]
    workbook.content = {"done": done, "changes": changes, "names": look.parsed.names}
    workbook.state = WorkbookState.TAKEN
    workbook.save(update_fields=["content", "state"])
    detail = done | {"file": workbook.sha256, "workbook": workbook.pk}
    note_taken(workbook.report or workbook.plan, detail, by=by, at=at)


_MOST_TOLD = 1000


def _by_sheet(made: list[Change], look: Look) -> dict[str, int]:
    counted: dict[str, int] = {}
    for one in made:
        counted[one.sheet] = counted.get(one.sheet, 0) + 1
    if look.steps.new_activities:
        counted["new_activities"] = len(look.steps.new_activities)
    return counted


def forget_expired(*, at: datetime) -> int:
    """Delete workbooks whose time is over, with their files; return how many."""
    expired = list(Workbook.objects.filter(expires_at__lt=at))
    for one in expired:
        if one.file:
            one.file.delete(save=False)
        one.delete()
    return len(expired)


__all__ = ["WorkbookError", "forget_expired", "look_at", "new_upload", "read_upload", "take"]
