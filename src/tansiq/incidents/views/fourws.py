"""Services in Excel (4Ws): take the workbook out, send it in, look at what it changes, confirm."""

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.documents.package import WorkbookError
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.uploads import CONTENT_TYPES
from tansiq.incidents.actions.fourws import note_given, take_fourws
from tansiq.incidents.actions.refusing import NotAboutPersonsError
from tansiq.incidents.desks import room_day
from tansiq.incidents.forms.fourws import FourWsForm, Look, look_at
from tansiq.incidents.fourws.making import make
from tansiq.incidents.fourws.reading import Parsed, parse
from tansiq.incidents.models import Incident

_SALT = "tansiq.incidents.fourws_preview"
# A preview is confirmed within an hour, or sent in again.
_KEPT_SECONDS = 3600


@login_required
@require_GET
def take_out(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.fourws_export", Incident, pk=room)
    moment = now()
    content = make(incident, request.actor, author=str(request.user), at=moment)
    sha256 = hashlib.sha256(content).hexdigest()
    note_given(incident, sha256=sha256, by=request.actor, at=moment)
    answer = HttpResponse(content, content_type=CONTENT_TYPES["xlsx"])
    name = f"4ws-{incident.pk}{'-EXERCISE' if incident.is_exercise else ''}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send_in(request: Request, room: int) -> HttpResponse:
    """Read a workbook and show cell by cell what it would change."""
    incident = fetch(request.actor, "incidents.fourws_take", Incident, pk=room)
    form = FourWsForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            parsed = parse(b"".join(form.cleaned_data["file"].chunks()), incident)
            return _preview(request, incident, parsed)
        except WorkbookError as problem:
            form.add_error("file", str(problem))
    context = {
        "incident": incident,
        "form": form,
        "may_export": can(request.actor, "incidents.fourws_export", incident),
    }
    status = 422 if form.errors else 200
    return render(request, "incidents/needs/fourws.html", context, status=status)


@login_required
@require_POST
def confirm(request: Request, room: int) -> HttpResponse:
    """Save what the preview showed; all of it or nothing."""
    incident = fetch(request.actor, "incidents.fourws_take", Incident, pk=room)
    try:
        told: dict[str, Any] = signing.loads(
            request.POST.get("seen", ""), salt=_SALT, max_age=_KEPT_SECONDS
        )
    except signing.BadSignature:
        messages.error(request, _("This preview is too old. Send the workbook in again."))
        return redirect("incidents:fourws", room)
    parsed = Parsed.from_text(told["text"])
    look = _look(request, incident, parsed)
    if told["room"] != incident.pk or not look.is_right:
        return _preview(request, incident, parsed)
    try:
        count = take_fourws(incident, look.saves, by=request.actor, at=now())
    except (ChangedMeanwhileError, NotAboutPersonsError) as problem:
        return _preview(request, incident, parsed, problem=str(problem))
    said = ngettext("%(count)s service is saved.", "%(count)s services are saved.", count)
    messages.success(request, said % {"count": count})
    return redirect("incidents:services", room)


def _look(request: Request, incident: Incident, parsed: Parsed) -> Look:
    today = room_day(incident, now())
    return look_at(parsed, incident, actor=request.actor, today=today)


def _preview(
    request: Request, incident: Incident, parsed: Parsed, *, problem: str = ""
) -> HttpResponse:
    look = _look(request, incident, parsed)
    told = {"room": incident.pk, "text": parsed.as_text()}
    context = {
        "incident": incident,
        "look": look,
        "formulas": parsed.formulas,
        "problem": problem,
        "seen": signing.dumps(told, salt=_SALT, compress=True),
    }
    status = 409 if problem else 200 if look.is_right else 422
    return render(request, "incidents/needs/fourws_preview.html", context, status=status)
