"""The rumour desk: what waits, one rumour, entering one, the bulletin, the trend."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.pages import page_of
from tansiq.core.formats import language_name
from tansiq.core.translations import show_each
from tansiq.incidents.actions.refusing import NotAboutPersonsError
from tansiq.incidents.actions.rumours import enter_rumour, hear_again
from tansiq.incidents.forms.rumours import HeardForm
from tansiq.incidents.models import Incident, Rumour
from tansiq.incidents.queries import rumour_pages
from tansiq.incidents.queries import rumours as reading


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    """Show what waits, the most urgent first; `show` narrows it to a status or outcome."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    rows = reading.rumours_of(request.actor, incident)
    moment = incident.room_time(now())
    wanted = request.GET.get("show", "open")
    page = page_of(request, reading.shown(rows, wanted))
    show_each(page.object_list, "claim", language_of=lambda one: one.language)
    context = {
        "incident": incident,
        "page": page,
        "counts": reading.counts_of(rows, moment),
        "show": wanted,
        "filters": reading.filters(),
        "room_now": moment,
        "may_enter": can(request.actor, "incidents.rumour_enter", incident),
    }
    return render(request, "incidents/rumours/index.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Request, room: int) -> HttpResponse:
    """Enter a rumour; where one like it stands on the desk, ask whether it is that one."""
    incident = fetch(request.actor, "incidents.rumour_enter", Incident, pk=room)
    form = HeardForm(request.POST or None, incident=incident)
    near: list[Rumour] = []
    if form.is_valid():
        known = reading.rumours_of(request.actor, incident)
        near = reading.alike(known, form.cleaned_data["claim"])
        if not near or "is_another" in request.POST:
            rumour = _entered(request, incident, form)
            if rumour is not None:
                return redirect(rumour)
    context = {"incident": incident, "form": form, "near": near}
    status = 422 if form.errors else 409 if near else 200
    return render(request, "incidents/rumours/enter.html", context, status=status)


def _entered(request: Request, incident: Incident, form: HeardForm) -> Rumour | None:
    try:
        return enter_rumour(incident, form.heard(), by=request.actor, at=now(), sent=form.sent())
    except NotAboutPersonsError as problem:
        form.add_error("claim", str(problem))
        return None


@login_required
@require_POST
def again(request: Request, room: int, pk: int) -> HttpResponse:
    """Count a rumour that was heard again."""
    rumour = fetch(request.actor, "incidents.rumour_check", Rumour, pk=pk, incident=room)
    form = HeardForm(request.POST, incident=rumour.incident)
    if not form.is_valid():
        context = {"incident": rumour.incident, "form": form, "near": []}
        return render(request, "incidents/rumours/enter.html", context, status=422)
    hear_again(rumour, form.heard(), by=request.actor, at=now(), sent=form.sent())
    messages.success(request, _("Counted: this rumour was heard once more."))
    return redirect(rumour)


@login_required
@require_GET
def bulletin(request: Request, room: int) -> HttpResponse:
    """Show the answers that may be said in public, to read out, print or copy."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    offered = reading.languages_of(incident)
    language = request.GET.get("language", offered[0])
    if language not in offered:
        raise Http404
    lines = reading.bulletin(request.actor, incident, language)
    context: dict[str, Any] = {
        "incident": incident,
        "lines": lines,
        "language": language,
        "languages": [(code, language_name(code)) for code in offered],
        "text": rumour_pages.as_text(incident, lines, language, at=now()),
        "room_now": incident.room_time(now()),
    }
    return render(request, "incidents/rumours/bulletin.html", context)


@login_required
@require_GET
def trends(request: Request, room: int) -> HttpResponse:
    """Show how many rumours there are of which kind, and how quick the desk is."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    trend = reading.trend(request.actor, incident)
    drawn = rumour_pages.drawings_of(trend, get_language() or "en")
    context = {"incident": incident, "trend": trend, "drawings": drawn}
    return render(request, "incidents/rumours/trends.html", context)
