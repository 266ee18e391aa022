"""The log of a room: reading, searching, adding, correcting, taking it along as a table."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.access.pages import page_of
from tansiq.core.personal import find, masked
from tansiq.incidents.actions.log import speaks_for
from tansiq.incidents.actions.notes import NoteError, add_note, correct_line, note_file
from tansiq.incidents.forms.room import CorrectionForm, NoteForm
from tansiq.incidents.log_file import log_file
from tansiq.incidents.models import Entry, EntryKind, Incident
from tansiq.incidents.queries.log import entries_of, lines_of, with_writers


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    """Show the whole log, the latest first; narrowed to a kind or to words."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    asked = {"kind": request.GET.get("kind", ""), "text": request.GET.get("q", "").strip()}
    page = page_of(request, entries_of(request.actor, incident, **asked))
    context = {
        "incident": incident,
        "page": page,
        "lines": lines_of(page, incident),
        "kinds": EntryKind.choices,
        "asked": asked,
        "may_write": can(request.actor, "incidents.write", incident),
    }
    return render(request, "incidents/log/index.html", context)


@login_required
@require_GET
def file(request: Request, room: int) -> HttpResponse:
    """Hand out the log as this person sees it, as a table."""
    incident = fetch(request.actor, "incidents.log_file", Incident, pk=room)
    note_file(incident, by=request.actor, at=now())
    return log_file(request.actor, incident, at=now())


@login_required
@require_POST
def note(request: Request, room: int) -> HttpResponse:
    """Add a line."""
    incident = fetch(request.actor, "incidents.note", Incident, pk=room)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _again(request, incident, form)
    given = form.cleaned_data
    add_note(
        incident,
        given["text"],
        language=request.LANGUAGE_CODE,
        kept_by=_own(request, incident) if given["is_kept"] else None,
        by=request.actor,
        at=now(),
        sent=form.sent,
    )
    return redirect(incident)


def _own(request: Request, incident: Incident) -> Organisation | None:
    own = speaks_for(request.actor, incident) or 0
    return Organisation.objects.visible_to(request.actor).filter(pk=own).first()


def _again(request: Request, incident: Incident, form: NoteForm) -> HttpResponse:
    context = {"incident": incident, "form": form}
    return render(request, "incidents/log/again.html", context, status=422)


@login_required
@require_GET
def show(request: Request, room: int, pk: int) -> HttpResponse:
    entry = fetch(request.actor, "incidents.entry_view", Entry, pk=pk, incident=room)
    text = entry.text
    if "mask" in request.GET:
        text = masked(text, find(text, language=entry.language))
    return _page(request, entry, CorrectionForm(initial={"text": text}))


def _page(
    request: Request,
    entry: Entry,
    form: CorrectionForm,
    *,
    problem: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a line with all that corrected it."""
    incident, seen = entry.incident, Entry.objects.visible_to(request.actor)
    later = with_writers(seen.filter(corrects=entry)).order_by("pk")
    this = with_writers(seen.filter(pk=entry.pk))
    context = {
        "incident": incident,
        "entry": entry,
        "lines": lines_of([*this, *later], incident),
        "form": form,
        "problem": problem,
        "may_correct": can(request.actor, "incidents.correct", entry),
    }
    return render(request, "incidents/log/line.html", context, status=status)


@login_required
@require_POST
def correct(request: Request, room: int, pk: int) -> HttpResponse:
    entry = fetch(request.actor, "incidents.correct", Entry, pk=pk, incident=room)
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _page(request, entry, form, status=422)
    language, text = request.LANGUAGE_CODE, form.cleaned_data["text"]
    by, sent = request.actor, form.sent
    try:
        new = correct_line(entry, text, language=language, by=by, at=now(), sent=sent)
    except NoteError as problem:
        return _page(request, entry, form, problem=problem, status=409)
    messages.success(request, _("The correction stands in the log; the line before points to it."))
    return redirect("incidents:entry", room=room, pk=new.pk)
