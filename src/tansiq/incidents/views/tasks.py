"""The tasks of a room: all of them, one of them, and what is done with one."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, can_each, fetch
from tansiq.access.middleware import Request
from tansiq.access.pages import page_of
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions import tasks as actions
from tansiq.incidents.forms.room import (
    DoneForm,
    MoveForm,
    NewTaskForm,
    ReasonForm,
    ReopenForm,
    SentForm,
)
from tansiq.incidents.models import Incident, Task
from tansiq.incidents.queries.rooms import phase_of
from tansiq.incidents.queries.task_page import page_of_task
from tansiq.incidents.queries.tasks import (
    FILTERS,
    lines_of,
    ordered,
    roles_in,
    roles_of,
    steps_of,
    tasks_for,
)

# No key of ours has more digits; a longer one would not fit into the database.
_DIGITS = 19
_STEPS = (
    "incidents.task_take",
    "incidents.task_do",
    "incidents.task_drop",
    "incidents.task_move",
)


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    """Show the tasks: late ones first, then those that wait, then by phase."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    at = now()
    moment, roles = incident.room_time(at), roles_of(request.actor, incident)
    asked = request.GET.get("show", "mine" if roles else "open")
    chosen = {"role": request.GET.get("role", ""), "phase": request.GET.get("phase", "")}
    rows = tasks_for(request.actor, incident, asked, moment, **chosen)
    page = page_of(request, ordered(rows, moment))
    context = {
        "incident": incident,
        "page": page,
        "lines": lines_of(page, incident, moment),
        "steps": steps_of(request.actor, incident, at),
        "filters": [(key, label) for key, label in FILTERS if roles or key != "mine"],
        "asked": asked,
        "roles": roles_in(incident),
        "chosen": chosen,
        "may_write": can(request.actor, "incidents.write", incident),
    }
    return render(request, "incidents/tasks/index.html", context)


@login_required
@require_GET
def show(request: Request, room: int, pk: int) -> HttpResponse:
    task = fetch(request.actor, "incidents.task_view", Task, pk=pk, incident=room)
    return _page(request, task)


def _page(
    request: Request,
    task: Task,
    *,
    filled_in: dict[str, forms.Form] | None = None,
    problem: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show one task; a form that could not be taken stands open, with its words and the reason."""
    at = now()
    page = page_of_task(request.actor, task, at)
    asked = {
        "done": DoneForm(checks=page.choices, needs=page.needs),
        "drop": ReasonForm(),
        "reopen": ReopenForm(),
        "move": _move_form(task),
    }
    context = {
        "incident": task.incident,
        "task": task,
        "page": page,
        "forms": asked | (filled_in or {}),
        "opened": next(iter(filled_in or {}), ""),
        "problem": problem,
        "kept_words": request.POST.get("note", "") or request.POST.get("evidence", ""),
        "may": {
            name.partition("task_")[2]: verdict
            for name, verdict in can_each(request.actor, _STEPS, task).items()
        },
    }
    return render(request, "incidents/tasks/detail.html", context, status=status)


def _move_form(task: Task, data: Any = None) -> MoveForm:
    first = {"role": task.role, "due_at": task.due_at, "revision": task.revision}
    return MoveForm(data, initial=first, roles=roles_in(task.incident))


@login_required
@require_POST
def take(request: Request, room: int, pk: int) -> HttpResponse:
    """Take a task on; `over_from` says whom it is taken over from."""
    task = fetch(request.actor, "incidents.task_take", Task, pk=pk, incident=room)
    given = request.POST.get("over_from", "")
    over_from = int(given) if given.isdecimal() and len(given) < _DIGITS else None

    def work(form: SentForm) -> None:
        actions.take_task(task, over_from=over_from, by=request.actor, at=now(), sent=form.sent)

    return _do(request, task, ("take", SentForm(request.POST)), work)


@login_required
@require_POST
def release(request: Request, room: int, pk: int) -> HttpResponse:
    task = fetch(request.actor, "incidents.task_take", Task, pk=pk, incident=room)

    def work(form: SentForm) -> None:
        actions.release_task(task, by=request.actor, at=now(), sent=form.sent)

    return _do(request, task, ("take", SentForm(request.POST)), work)


@login_required
@require_POST
def done(request: Request, room: int, pk: int) -> HttpResponse:
    """Mark a task as done, from its page or with one tap from a list."""
    task = fetch(request.actor, "incidents.task_do", Task, pk=pk, incident=room)
    page = page_of_task(request.actor, task, now())
    # What was done meanwhile is told as such, not asked for what it no longer needs.
    needs = page.needs if task.is_open else set()
    form = DoneForm(request.POST, checks=page.choices, needs=needs)

    def work(form: DoneForm) -> None:
        said = {name: form.cleaned_data.get(name, "") for name in ("note", "evidence", "despite")}
        confirmed = tuple(form.cleaned_data.get("confirmed", ()))
        completion = actions.Completion(**said, confirmed=confirmed, language=request.LANGUAGE_CODE)
        actions.complete_task(task, completion, by=request.actor, at=now(), sent=form.sent)

    return _do(request, task, ("done", form), work)


@login_required
@require_POST
def drop(request: Request, room: int, pk: int) -> HttpResponse:
    task = fetch(request.actor, "incidents.task_drop", Task, pk=pk, incident=room)

    def work(form: ReasonForm) -> None:
        language, reason = request.LANGUAGE_CODE, form.cleaned_data["reason"]
        by, sent = request.actor, form.sent
        actions.drop_task(task, reason, language=language, by=by, at=now(), sent=sent)

    return _do(request, task, ("drop", ReasonForm(request.POST)), work)


@login_required
@require_POST
def reopen(request: Request, room: int, pk: int) -> HttpResponse:
    task = fetch(request.actor, "incidents.task_do", Task, pk=pk, incident=room)

    def work(form: ReopenForm) -> None:
        language, reason = request.LANGUAGE_CODE, form.cleaned_data["reason"]
        by, sent = request.actor, form.sent
        actions.reopen_task(task, reason, language=language, by=by, at=now(), sent=sent)

    return _do(request, task, ("reopen", ReopenForm(request.POST)), work)


@login_required
@require_POST
def move(request: Request, room: int, pk: int) -> HttpResponse:
    """Give a task another time or role."""
    task = fetch(request.actor, "incidents.task_move", Task, pk=pk, incident=room)

    def work(form: MoveForm) -> None:
        given = form.cleaned_data
        moved = actions.Moved(
            given["role"], given["due_at"], given["reason"], request.LANGUAGE_CODE
        )
        actions.move_task(task, moved, revision=given["revision"], by=request.actor, at=now())

    return _do(request, task, ("move", _move_form(task, request.POST)), work)


def _do(
    request: Request, task: Task, named: tuple[str, Any], work: Callable[[Any], None]
) -> HttpResponse:
    """Carry out one step with a valid form; show what stands in its way, with what was typed."""
    name, form = named
    if not form.is_valid():
        return _page(request, task, filled_in={name: form}, status=422)
    try:
        work(form)
    except (actions.TaskError, ChangedMeanwhileError) as problem:
        current = fetch(request.actor, "incidents.task_view", Task, pk=task.pk)
        return _page(request, current, filled_in={name: form}, problem=problem, status=409)
    if "stay" in request.POST:
        return redirect("incidents:task", room=task.incident_id, pk=task.pk)
    return redirect("incidents:room", room=task.incident_id)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: Request, room: int) -> HttpResponse:
    """Add a task that the playbook does not have."""
    incident = fetch(request.actor, "incidents.task_add", Incident, pk=room)
    form = NewTaskForm(request.POST or None, roles=roles_in(incident))
    if not form.is_valid():
        context = {"incident": incident, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "incidents/tasks/add.html", context, status=status)
    given = form.cleaned_data
    phase = phase_of(incident, now())
    task = actions.add_task(
        incident,
        actions.NewTask(
            given["title"],
            given["role"],
            phase.key if phase else "",
            given["detail"],
            given["due_at"],
            request.LANGUAGE_CODE,
        ),
        by=request.actor,
        at=now(),
        sent=form.sent,
    )
    messages.success(request, _("The task stands in the room, and its role sees it."))
    return redirect("incidents:task", room=room, pk=task.pk)
