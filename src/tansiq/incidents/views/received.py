"""Alerts of others: the list, one, where they come from, and a file brought by hand."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.actor import Role
from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.access.pages import page_of
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions import received as deciding
from tansiq.incidents.cap.agreement import differences
from tansiq.incidents.cap.reading import read_alert
from tansiq.incidents.forms.received import FileForm, SourceForm
from tansiq.incidents.models import AlertSource, ReceivedAlert
from tansiq.incidents.queries import received as reading
from tansiq.incidents.queries.alert_feed import CAP_TYPE, infos_for

form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    is_current = request.GET.get("all") is None
    seen = ReceivedAlert.objects.visible_to(request.actor)
    rows = reading.listed(seen, in_force_at=now() if is_current else None)
    context = {
        "page": page_of(request, rows),
        "is_current": is_current,
        "sources": reading.sources_of(request.actor),
        "may_keep": reading.organisations_as(request.actor, Role.ADMINISTRATOR),
        "may_bring": reading.organisations_as(request.actor, Role.CONTRIBUTOR),
        "form": FileForm(),
        "now": now(),
    }
    return render(request, "incidents/received/index.html", context)


@login_required
@require_GET
def show(request: Request, pk: int) -> HttpResponse:
    alert = fetch(request.actor, "incidents.received_view", ReceivedAlert, pk=pk)
    message = read_alert(alert.content.encode())
    context = {
        "alert": alert,
        "message": message,
        "infos": infos_for(message, get_language() or "en"),
        "differences": differences(message.infos),
        "is_over": alert.expires_at is not None and alert.expires_at <= now(),
    }
    return render(request, "incidents/received/show.html", context)


@login_required
@require_GET
def as_file(request: Request, pk: int) -> HttpResponse:
    alert = fetch(request.actor, "incidents.received_view", ReceivedAlert, pk=pk)
    response = HttpResponse(alert.content, content_type=f"{CAP_TYPE}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="alert-{alert.pk}.xml"'
    return response


@login_required
@require_POST
def bring(request: Request, organisation: int) -> HttpResponse:
    body = fetch(request.actor, "incidents.alert_bring", Organisation, pk=organisation)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file first."))
        return redirect("incidents:received")
    at = now()
    name = form.cleaned_data["file"].name
    source = deciding.by_hand(body, at=at)
    arrival = deciding.take_in(source, form.content(), came_from=name, by=request.actor, at=at)
    if arrival.alert is None:
        messages.error(request, _("The file was refused: %(why)s") % {"why": arrival.reason})
        return redirect("incidents:received")
    if not arrival.is_new:
        messages.info(request, _("This alert was here already."))
    return redirect(arrival.alert)


@login_required
@form_view
def keep(request: Request, organisation: int) -> HttpResponse:
    body = fetch(request.actor, "incidents.alert_sources", Organisation, pk=organisation)
    form = SourceForm(request.POST or None, instance=AlertSource(owner=body))
    if form.is_valid():
        try:
            source = deciding.keep_source(body, form.facts(), by=request.actor, at=now())
        except deciding.SourceError as problem:
            form.add_error(None, str(problem))
        else:
            return redirect(source)
    return _form_page(request, form, body)


@login_required
@require_GET
def source(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "incidents.alert_source_view", AlertSource, pk=pk)
    context = {
        "source": found,
        "refused": reading.refused_at(found, request.actor),
        "may_change": can(request.actor, "incidents.alert_source_change", found),
    }
    return render(request, "incidents/received/source.html", context)


@login_required
@form_view
def change(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "incidents.alert_source_change", AlertSource, pk=pk)
    form = SourceForm(request.POST or None, instance=found)
    if not form.is_valid():
        return _form_page(request, form, found.owner)
    try:
        deciding.change_source(
            found, form.facts(), revision=form.seen_revision, by=request.actor, at=now()
        )
    except deciding.SourceError as problem:
        form.add_error(None, str(problem))
        return _form_page(request, form, found.owner)
    except ChangedMeanwhileError as problem:
        form.add_error(None, str(problem))
        more = {"differences": form.show_again(SourceForm(instance=problem.current))}
        return _form_page(request, form, found.owner, **more)
    return redirect(found)


def _form_page(request: Request, form: SourceForm, body: Organisation, **more: Any) -> HttpResponse:
    context = {"form": form, "body": body} | more
    return render(
        request, "incidents/received/form.html", context, status=422 if form.is_bound else 200
    )
