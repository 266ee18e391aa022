"""Statements of a room: the list, starting one from a holding text, writing, one of them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import can, can_each, fetch
from tansiq.access.middleware import Request
from tansiq.access.pages import page_of
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions import statements as writing
from tansiq.incidents.actions.statements import StatementError
from tansiq.incidents.forms.statements import (
    ByHandForm,
    OverrideForm,
    ReleaseForm,
    SlotsForm,
    StatementForm,
)
from tansiq.incidents.models import Incident, Statement, StatementKind
from tansiq.incidents.queries import statements as reading
from tansiq.incidents.queries.cadence import cadence_of, next_update
from tansiq.incidents.queries.shown_statements import lines_of, shown, to_approve
from tansiq.incidents.statement_checks import Text

form_view = require_http_methods(["GET", "HEAD", "POST"])
_STEPS = ("edit", "approve", "release", "withdraw")


def _room(request: Request, room: int, rule: str = "enter") -> Incident:
    return fetch(request.actor, f"incidents.{rule}", Incident, pk=room)


def _statement(request: Request, room: int, number: int, rule: str) -> Statement:
    """Return one statement of the room; what stands on a public page is asked for there."""
    asked = {"incident": _room(request, room), "number": number}
    return fetch(request.actor, f"incidents.{rule}", Statement, **asked)


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    incident = _room(request, room)
    rows = Statement.objects.visible_to(request.actor).filter(incident=incident).for_list()
    at = now()
    page = page_of(request, rows)
    context = {
        "incident": incident,
        "page": page,
        "lines": lines_of(page.object_list, incident, at=at),
        "next": next_update(incident, at),
        "to_approve": to_approve(request.actor, incident),
        "cadence": cadence_of(incident),
        "may_draft": can(request.actor, "incidents.draft_statement", incident),
    }
    return render(request, "incidents/statements/index.html", context)


@login_required
@require_GET
def choose(request: Request, room: int) -> HttpResponse:
    """Offer the texts that were agreed beforehand, those that fit now first."""
    incident = _room(request, room, "draft_statement")
    at = now()
    context = {
        "incident": incident,
        "window": reading.window_now(incident, at),
        "texts": reading.holding_texts_for(incident, at),
        "language": get_language(),
        "kinds": StatementKind.choices,
    }
    return render(request, "incidents/statements/choose.html", context)


@login_required
@form_view
def begin(request: Request, room: int, key: str) -> HttpResponse:
    """Fill the few blanks of an agreed text; the statement stands there in all languages."""
    incident = _room(request, room, "draft_statement")
    document = incident.playbook.document
    if not document.has("statements", key):
        raise Http404
    at = now()
    spec, office = document.find("statements", key), reading.office_for(incident)
    known = {
        "number": office.helpline,
        "free_line": office.helpline,
        "area": incident.exact_location,
        "place": str(incident.place),
    }
    options = {"incident": incident, "spec": spec, "known": known}
    form = SlotsForm(request.POST or None, moment=incident.room_time(at), **options)
    if not form.is_valid():
        context = {"incident": incident, "spec": spec, "form": form, "language": get_language()}
        status = 422 if form.errors else 200
        return render(request, "incidents/statements/begin.html", context, status=status)
    words = form.written(reading.languages_for(incident))
    sent = form.cleaned_data["client_key"]
    made = writing.draft_statement(incident, words, by=request.actor, at=at, client_key=sent)
    return redirect(made)


@login_required
@form_view
def write(request: Request, room: int) -> HttpResponse:
    incident = _room(request, room, "draft_statement")
    form = _form(request, incident, request.POST or None, initial=_asked_for(request, incident))
    if not form.is_valid():
        return _form_page(request, incident, form, _("Write a statement"))
    made = writing.draft_statement(
        incident,
        form.written(),
        by=request.actor,
        at=now(),
        client_key=form.cleaned_data["client_key"],
    )
    return redirect(made)


def _asked_for(request: Request, incident: Incident) -> dict[str, Any]:
    """Begin with the kind and the statement from whose page the writer came."""
    kind = request.GET.get("kind", "")
    found: dict[str, Any] = {"kind": kind if kind in StatementKind.values else "update"}
    number = request.GET.get("corrects", "")
    if number.isdecimal():
        rows = reading.earlier_of(request.actor, incident, None).filter(number=int(number[:9]))
        found["corrects"] = rows.values_list("pk", flat=True).first()
    return found


@login_required
@form_view
def edit(request: Request, room: int, number: int) -> HttpResponse:
    statement = _statement(request, room, number, "edit_statement")
    incident = statement.incident
    form = _form(request, incident, request.POST or None, instance=statement)
    if not form.is_valid():
        return _form_page(request, incident, form, _("Change the statement"), statement=statement)
    at = now()
    revision = form.seen_revision
    written = form.written(changed_only=True)
    statement.refresh_from_db()
    try:
        writing.edit_statement(statement, written, revision=revision, by=request.actor, at=at)
    except ChangedMeanwhileError as problem:
        fresh = _form(request, incident, None, instance=problem.current)
        more = {
            "differences": form.show_again(fresh),
            "changed_by": _("Somebody"),
            "changed_at": problem.current.changed_at,
            "is_conflict": True,
            "statement": statement,
        }
        return _form_page(request, incident, form, _("Change the statement"), status=409, **more)
    except StatementError as problem:
        return detail_page(request, statement, status=409, problem=problem)
    return redirect(statement)


def _form(request: Request, incident: Incident, data: Any, **options: Any) -> StatementForm:
    statement = options.get("instance")
    texts = reading.texts_of(statement) if statement is not None else {}
    return StatementForm(
        data,
        incident=incident,
        languages=reading.languages_for(incident),
        moment=incident.room_time(now()),
        facts=reading.facts_for(request.actor, incident, statement),
        earlier=reading.earlier_of(request.actor, incident, statement),
        texts={code: Text(one.headline, one.body, one.short) for code, one in texts.items()},
        **options,
    )


def _form_page(
    request: Request,
    incident: Incident,
    form: StatementForm,
    heading: str,
    *,
    status: int = 0,
    **more: Any,
) -> HttpResponse:
    context = {
        "incident": incident,
        "form": form,
        "heading": heading,
        "window": reading.window_now(incident, now()),
    }
    status = status or (422 if form.errors else 200)
    return render(request, "incidents/statements/form.html", context | more, status=status)


@login_required
@require_GET
def show_one(request: Request, room: int, number: int) -> HttpResponse:
    return detail_page(request, _statement(request, room, number, "read_statement"))


def detail_page(
    request: Request, statement: Statement, *, status: int = 200, **more: Any
) -> HttpResponse:
    """Answer with the page of a statement and what this reader may do to it."""
    incident, at = statement.incident, now()
    names = [f"incidents.{step}_statement" for step in _STEPS]
    verdicts = can_each(request.actor, names, statement)
    moment = incident.room_time(at)
    context = {
        "incident": incident,
        "statement": statement,
        "standing": reading.standing_of(statement, at=at),
        "shown": shown(statement, language=get_language() or "en"),
        "release_form": ReleaseForm(initial={"outlets": statement.outlets}),
        "by_hand_form": ByHandForm(initial={"at": moment}),
        "override_form": OverrideForm(initial={"version": statement.version}),
        "moment": moment,
        **{f"may_{step}": verdicts[f"incidents.{step}_statement"] for step in _STEPS},
        "may_override": can(request.actor, "incidents.override_checks", statement),
        "has_approved": reading.approvals_of(statement)
        .filter(person=request.actor.person_id)
        .exists(),
    }
    return render(request, "incidents/statements/detail.html", context | more, status=status)


@login_required
@require_GET
def printed(request: Request, room: int, number: int) -> HttpResponse:
    """One sheet with all languages, to be hung up or read out."""
    statement = _statement(request, room, number, "read_statement")
    context = {
        "incident": statement.incident,
        "statement": statement,
        "shown": shown(statement, language=get_language() or "en"),
    }
    return render(request, "incidents/statements/print.html", context)
