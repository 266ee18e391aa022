"""The alerts of a room: the list, one, writing, signing, ending."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions import alerts as deciding
from tansiq.incidents.actions.log import speaks_for
from tansiq.incidents.cap.values import Category, Certainty, Response, Severity, Urgency
from tansiq.incidents.forms.alerts import AlertForm, ReasonForm, usual_end
from tansiq.incidents.models import Alert, Incident
from tansiq.incidents.queries import alerts as reading

form_view = require_http_methods(["GET", "HEAD", "POST"])
_STEPS = ("change", "ask", "cosign", "return", "update", "cancel")


def _room(request: Request, pk: int, rule: str = "enter") -> Incident:
    return fetch(request.actor, f"incidents.{rule}", Incident, pk=pk)


def _alert(request: Request, rule: str, room: int, pk: int) -> Alert:
    # Who reads a public alert of another room has no business in that room.
    _room(request, room)
    return fetch(request.actor, f"incidents.alert_{rule}", Alert, pk=pk, incident=room)


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    incident = _room(request, room)
    context = {
        "incident": incident,
        "alerts": reading.alerts_of(request.actor, incident),
        "room_now": incident.room_time(now()),
        "may_draft": can(request.actor, "incidents.alert_draft", incident),
    }
    return render(request, "incidents/alerts/index.html", context)


@login_required
@require_GET
def show(request: Request, room: int, pk: int) -> HttpResponse:
    return _page(request, _alert(request, "view", room, pk))


def _page(request: Request, alert: Alert, *, problem: str = "", status: int = 200) -> HttpResponse:
    texts = list(alert.texts.order_by("pk"))
    context = {
        "incident": alert.incident,
        "alert": alert,
        "texts": texts,
        "differences": reading.differences_in(alert, texts),
        "words": reading.words_of(alert),
        "later": alert.successors.exclude(state="dropped").order_by("pk"),
        "room_now": alert.incident.room_time(now()),
        "problem": problem,
        "client_key": uuid.uuid4(),
        "reasons": ReasonForm(auto_id=False),
        "may": {step: can(request.actor, f"incidents.alert_{step}", alert) for step in _STEPS},
    }
    return render(request, "incidents/alerts/show.html", context, status=status)


@login_required
@form_view
def write(request: Request, room: int) -> HttpResponse:
    incident = _room(request, room, "alert_draft")
    start = {
        "scope": "Restricted",
        "restriction": _("Authorities and emergency services"),
        "categories": [Category.SECURITY],
        "responses": [Response.MONITOR],
        "urgency": Urgency.IMMEDIATE,
        "severity": Severity.UNKNOWN,
        "certainty": Certainty.LIKELY,
        "expires_at": usual_end(incident.room_time(now())),
        "circle": reading.circle_around(incident),
        "cosigner": reading.usual_cosigner(incident, speaks_for(request.actor, incident)),
    }
    return _drafting(request, incident, start, reading.first_words(incident), replaces=None)


@login_required
@form_view
def update(request: Request, room: int, pk: int) -> HttpResponse:
    alert = _alert(request, "update", room, pk)
    content = deciding.carried_over(alert)
    start = content.facts | {
        "cosigner": content.cosigner,
        "expires_at": usual_end(alert.incident.room_time(now())),
    }
    return _drafting(request, alert.incident, start, content.texts, replaces=alert)


def _drafting(
    request: Request, incident: Incident, start: dict[str, Any], texts: Any, *, replaces: Any
) -> HttpResponse:
    form = AlertForm(
        request.POST or None,
        initial=start | {"client_key": uuid.uuid4()},
        incident=incident,
        texts=texts,
    )
    if not form.is_valid():
        return _form_page(request, incident, form, replaces)
    try:
        alert = deciding.draft_alert(
            incident, form.content(), by=request.actor, at=now(), replaces=replaces
        )
    except deciding.AlertError as problem:
        form.add_error(None, str(problem))
        return _form_page(request, incident, form, replaces)
    return _after_writing(request, alert)


@login_required
@form_view
def change(request: Request, room: int, pk: int) -> HttpResponse:
    alert = _alert(request, "change", room, pk)
    incident = alert.incident
    options: dict[str, Any] = {"incident": incident, "texts": list(alert.texts.values())}
    form = AlertForm(request.POST or None, instance=alert, **options)
    if not form.is_valid():
        return _form_page(request, incident, form, alert.replaces)
    try:
        deciding.change_alert(
            fresh := Alert.objects.visible_to(request.actor).get(pk=pk),
            form.content(),
            revision=form.seen_revision,
            by=request.actor,
            at=now(),
        )
    except deciding.AlertError as problem:
        form.add_error(None, str(problem))
        return _form_page(request, incident, form, alert.replaces)
    except ChangedMeanwhileError as problem:
        form.add_error(None, str(problem))
        stands = AlertForm(instance=problem.current, **options)
        context = {"differences": form.show_again(stands), "changed_at": problem.current.changed_at}
        return _form_page(request, incident, form, alert.replaces, **context)
    return _after_writing(request, fresh)


def _form_page(
    request: Request, incident: Incident, form: AlertForm, replaces: Any, **more: Any
) -> HttpResponse:
    context = {"incident": incident, "form": form, "replaces": replaces} | more
    status = 422 if form.is_bound else 200
    return render(request, "incidents/alerts/form.html", context, status=status)


def _after_writing(request: Request, alert: Alert) -> HttpResponse:
    """Ask for the signature at once when that button was pressed."""
    if "ask" not in request.POST:
        return redirect(alert)
    return _asked(request, alert, alert.revision)


def _asked(request: Request, alert: Alert, revision: int) -> HttpResponse:
    if refusal := _refusal(request, alert, "ask"):
        return refusal
    try:
        deciding.ask_cosign(alert, revision=revision, by=request.actor, at=now())
    except (deciding.AlertError, ChangedMeanwhileError) as problem:
        return _again(request, alert, problem)
    return redirect(alert)


def _refusal(request: Request, alert: Alert, rule: str) -> HttpResponse | None:
    verdict = can(request.actor, f"incidents.alert_{rule}", alert)
    return None if verdict else _page(request, alert, problem=verdict.reason, status=403)


def _again(request: Request, alert: Alert, problem: Exception) -> HttpResponse:
    stands = fetch(request.actor, "incidents.alert_view", Alert, pk=alert.pk)
    return _page(request, stands, problem=str(problem), status=409)


@login_required
@require_POST
def ask(request: Request, room: int, pk: int) -> HttpResponse:
    alert = _alert(request, "ask", room, pk)
    return _asked(request, alert, _revision(request))


@login_required
@require_POST
def cosign(request: Request, room: int, pk: int) -> HttpResponse:
    alert = _alert(request, "view", room, pk)
    if refusal := _refusal(request, alert, "cosign"):
        return refusal
    try:
        deciding.cosign_alert(alert, revision=_revision(request), by=request.actor, at=now())
    except (deciding.AlertError, ChangedMeanwhileError) as problem:
        return _again(request, alert, problem)
    messages.success(request, _("Signed and sent."))
    return redirect(alert)


@login_required
@require_POST
def give_back(request: Request, room: int, pk: int) -> HttpResponse:
    alert = _alert(request, "return", room, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, alert, problem=_("Say why."), status=422)
    try:
        deciding.return_alert(
            alert,
            reason=form.cleaned_data["reason"],
            revision=form.cleaned_data["revision"] or 0,
            by=request.actor,
            at=now(),
        )
    except (deciding.AlertError, ChangedMeanwhileError) as problem:
        return _again(request, alert, problem)
    return redirect(alert)


@login_required
@require_POST
def drop(request: Request, room: int, pk: int) -> HttpResponse:
    alert = _alert(request, "change", room, pk)
    try:
        deciding.drop_alert(alert, revision=_revision(request), by=request.actor, at=now())
    except (deciding.AlertError, ChangedMeanwhileError) as problem:
        return _again(request, alert, problem)
    return redirect("incidents:alerts", room)


@login_required
@require_POST
def cancel(request: Request, room: int, pk: int) -> HttpResponse:
    alert = _alert(request, "view", room, pk)
    if refusal := _refusal(request, alert, "cancel"):
        return refusal
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, alert, problem=_("Say why."), status=422)
    try:
        cancelled = deciding.cancel_alert(
            alert,
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=now(),
            client_key=form.cleaned_data["client_key"],
        )
    except deciding.AlertError as problem:
        return _again(request, alert, problem)
    messages.success(request, _("Cancelled. The cancellation stands in the feed."))
    return redirect(cancelled)


@login_required
@require_GET
def as_file(request: Request, room: int, pk: int) -> HttpResponse:
    """Hand out the file as it was sent, or a draft as it would be, for those of the room."""
    alert = _alert(request, "view", room, pk)
    try:
        content = reading.file_of(alert, at=now())
    except ValueError as problem:
        return _page(request, alert, problem=str(problem), status=409)
    response = HttpResponse(content, content_type="application/cap+xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{alert.public_id}.xml"'
    return response


def _revision(request: Request) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= 9 else 0  # noqa: PLR2004 -- no revision has ten digits
