"""Workbooks of all places: made, read and taken by jobs, since each takes some seconds."""

import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import override

from tansiq.access.actor import Actor
from tansiq.access.place_files.problems import Problem
from tansiq.access.queries import actor_for
from tansiq.core.documents.package import WorkbookError
from tansiq.plans.actions.workbooks import WorkbookChangedError, note_given
from tansiq.plans.models import Workbook, WorkbookState, WorkbookWay
from tansiq.plans.queries.workbooks import scope_of
from tansiq.plans.workbooks.comparing import Change, Comparison
from tansiq.plans.workbooks.making import Made, make_workbook
from tansiq.plans.workbooks.profiles import make_profile
from tansiq.plans.workbooks.scope import Scope
from tansiq.plans.workbooks.steps import Steps
from tansiq.plans.workbooks.taking import KEPT, Look, look_at, parsed_of, read_upload, take

# A workbook of all places waits an hour for the person it was made for; then it is deleted.
KEPT_OUT = timedelta(hours=1)


def ask_for(scope: Scope, *, form: str, name: str, by: Actor, at: datetime) -> Workbook:
    """Note that somebody wants a workbook of all places; a job makes it."""
    assert by.person_id is not None  # noqa: S101 -- only people ask for workbooks
    return Workbook.objects.create(
        person_id=by.person_id,
        way=WorkbookWay.OUT,
        plan=scope.plan,
        period=scope.period,
        lead=scope.lead,
        language=scope.language,
        form=form,
        name=name,
        made_at=at,
        expires_at=at + KEPT,
    )


def keep_for_reading(workbook: Workbook, content: bytes) -> None:
    """Keep a file until a job has read it."""
    workbook.file.save("upload.xlsx", ContentFile(content), save=False)
    workbook.save()


def make(pk: int, *, at: datetime) -> None:
    """Make the workbook that somebody asked for."""
    workbook, scope = _opened(pk, at)
    with override(workbook.language), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook"
        made = _make(path, workbook, scope)
        with path.open("rb") as file:
            workbook.file.save(workbook.name, File(file), save=False)
        workbook.size, workbook.sha256 = made.size, made.sha256
        workbook.state, workbook.expires_at = WorkbookState.READY, at + KEPT_OUT
        workbook.save()
        detail = {
            "rows": made.rows, "sha256": made.sha256, "marking": made.marking,
            "form": workbook.form,
        }  # fmt: skip
        note_given(scope.plan, detail, by=scope.actor, at=at)


def _make(path: Path, workbook: Workbook, scope: Scope) -> Made:
    if workbook.form:
        return make_profile(path, scope, workbook.form)
    return make_workbook(
        path, scope, by_name=str(workbook.person), progress=_progress_of(workbook.pk)
    )


def read(pk: int, *, at: datetime) -> None:
    """Read a workbook that was sent in, keep what it would change, and delete the file."""
    workbook, scope = _opened(pk, at)
    with override(workbook.language):
        with workbook.file.open("rb") as file:
            content = file.read()
        workbook.file.delete(save=False)
        try:
            _remember(workbook, read_upload(workbook, content, scope))
        except WorkbookError as problem:
            workbook.state, workbook.said = WorkbookState.FAILED, str(problem)
            workbook.save()


def confirm(workbook: Workbook, *, choices: dict[str, str], seen: str) -> None:
    """Note what was confirmed; a job takes it."""
    workbook.content = workbook.content | {"choices": choices, "seen": seen}
    workbook.state, workbook.said, workbook.done = WorkbookState.WORKING, "", 0
    workbook.save(update_fields=["content", "state", "said", "done"])


def take_confirmed(pk: int, *, at: datetime) -> None:
    """Take a workbook as it was confirmed; all of it or nothing, and then say why."""
    workbook, scope = _opened(pk, at)
    given = workbook.content
    with override(workbook.language):
        try:
            take(
                workbook,
                scope,
                choices=given["choices"],
                seen=given["seen"],
                by=scope.actor,
                at=at,
            )
        except WorkbookChangedError as problem:
            workbook.state, workbook.said = WorkbookState.READY, str(problem)
            _remember(workbook, look_at(parsed_of(workbook), scope))


def fail(pk: int) -> None:
    """Say that a job broke down; what it would have changed is as it was."""
    said = _("Something went wrong here, and nothing was changed. Try again later.")
    Workbook.objects.filter(pk=pk).exclude(state=WorkbookState.TAKEN).update(
        state=WorkbookState.FAILED, said=said
    )


def _opened(pk: int, at: datetime) -> tuple[Workbook, Scope]:
    workbook = Workbook.objects.select_related(
        "person", "plan__country", "plan__place", "plan__owner", "period__plan", "lead__place"
    ).get(pk=pk)
    Workbook.objects.filter(pk=pk).update(state=WorkbookState.WORKING)
    workbook.state = WorkbookState.WORKING
    return workbook, scope_of(workbook, actor_for(workbook.person, at=at), at=at)


def _progress_of(pk: int) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        Workbook.objects.filter(pk=pk).update(done=done, total=total)

    return tell


def _remember(workbook: Workbook, look: Look) -> None:
    """Keep what was found, since finding it again takes long."""
    workbook.content = workbook.content | {
        "look": {
            "changes": [asdict(one) for one in look.comparison.changes],
            "problems": [[one.where, one.message] for one in look.problems],
            "problems_total": look.problems_total,
            "already": look.comparison.already,
        }
    }
    workbook.save()


def remembered(workbook: Workbook) -> Look | None:
    """Return what a job found in a workbook; None where none did."""
    kept: dict[str, Any] | None = workbook.content.get("look")
    if kept is None:
        return None
    parsed = parsed_of(workbook)
    comparison = Comparison(
        [Change(**one) for one in kept["changes"]], parsed.added, already=kept["already"]
    )
    problems = [Problem(*one) for one in kept["problems"]]
    return Look(parsed, comparison, problems, kept["problems_total"], Steps())


__all__ = ["KEPT", "KEPT_OUT", "ask_for", "make", "read", "remembered", "take_confirmed"]
