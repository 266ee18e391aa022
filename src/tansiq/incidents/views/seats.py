"""Who is called and who holds which role in a room; and the link by which somebody answers."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.actions.sharing import SharingError, name_organisation
from tansiq.access.actor import Actor
from tansiq.access.gate import can, fetch, open_to_all
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.access.zones import zone
from tansiq.incidents.actions import calls as actions
from tansiq.incidents.actions import seats as seat_actions
from tansiq.incidents.forms.seats import HandOverForm, NoteForm
from tansiq.incidents.links import call_for
from tansiq.incidents.models import Answer, AnsweredBy, Call, Incident, Seat
from tansiq.incidents.queries.calls import bodies_missing, people_for_seats, seat_rows, sum_of
from tansiq.incidents.wording import role_title

_ANSWERS = {"coming": Answer.COMING, "cannot": Answer.CANNOT}


@login_required
@require_GET
def seats(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    rows = seat_rows(request.actor, incident, on=now().date())
    leads = can(request.actor, "incidents.lead", incident)
    context = {
        "incident": incident,
        "rows": rows,
        "sum": sum_of(rows),
        "may_lead": leads and incident.is_open,
        "may_write": can(request.actor, "incidents.write", incident),
        "missing": bodies_missing(incident, on=now().date()) if leads else [],
        "room_now": incident.room_time(now()),
    }
    return render(request, "incidents/seats/seats.html", context)


def _back(room: int) -> HttpResponse:
    return redirect("incidents:seats", room)


def _seat(request: Request, rule: str, room: int, pk: int) -> Seat:
    return fetch(request.actor, rule, Seat, pk=pk, incident=room)


@login_required
@require_POST
def call_next(request: Request, room: int, pk: int) -> HttpResponse:
    seat = _seat(request, "incidents.call", room, pk)
    try:
        actions.call_next(seat, by=request.actor, at=now())
    except actions.CallError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Called. The answer will stand here."))
    return _back(room)


@login_required
@require_POST
def call_again(request: Request, room: int, pk: int) -> HttpResponse:
    call = fetch(request.actor, "incidents.call_again", Call, pk=pk, incident=room)
    try:
        actions.call_again(call, by=request.actor, at=now())
    except actions.CallError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Called once more."))
    return _back(room)


@login_required
@require_POST
def answer_in_room(request: Request, room: int, pk: int) -> HttpResponse:
    """Take the answer of whoever was called."""
    call = fetch(request.actor, "incidents.answer", Call, pk=pk, incident=room)
    _answer(request, call, AnsweredBy.ROOM)
    return redirect("incidents:room", room)


@login_required
@require_POST
def record_answer(request: Request, room: int, pk: int) -> HttpResponse:
    """Take what somebody answered by telephone, from whoever leads the room."""
    call = fetch(request.actor, "incidents.call_record", Call, pk=pk, incident=room)
    _answer(request, call, AnsweredBy.TELEPHONE)
    return _back(room)


def _answer(request: Request, call: Call, through: AnsweredBy, by: Actor | None = None) -> None:
    given = _ANSWERS.get(request.POST.get("answer", ""))
    if given is None:
        messages.error(request, _("Choose one of the two answers."))
        return
    try:
        actions.answer_call(call, given, through=through, by=by or request.actor, at=now())
    except actions.CallError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Thank you. The room knows it now."))


@open_to_all("the signed link in a call stands for the person it was sent to, for a day")
@never_cache
def answer_by_link(request: Request, key: str) -> HttpResponse:
    """Ask; only a tap on the page answers, since machines open links in mail."""
    call = call_for(key)
    if call is None:
        return render(request, "incidents/seats/link_over.html", status=410)
    if request.method == "POST":
        _answer(request, call, AnsweredBy.LINK, by=_who_was_called(call))
        return redirect("incidents:answer", key)
    return _answer_page(request, call)


def _who_was_called(call: Call) -> Actor:
    if call.person_id is not None:
        # Without any role: the link lets answer, and nothing else.
        return Actor(person_id=call.person_id)
    return Actor.system("answered by the link in a call")


def _answer_page(request: Request, call: Call) -> HttpResponse:
    incident = call.incident
    request.is_exercise = incident.is_exercise  # type: ignore[attr-defined]  # -- read by the frame
    context = {
        "call": call,
        "incident": incident,
        "role": role_title(
            incident.playbook.document, call.seat.role, request.LANGUAGE_CODE or "en"
        ),
    }
    with timezone.override(zone(incident.time_zone)):
        return render(request, "incidents/seats/answer.html", context)


@login_required
@require_POST
def take(request: Request, room: int, pk: int) -> HttpResponse:
    seat = _seat(request, "incidents.seat_take", room, pk)
    try:
        seat_actions.take_seat(seat, by=request.actor, at=now())
    except seat_actions.SeatError as problem:
        messages.error(request, str(problem))
    return _back(room)


@login_required
def leave(request: Request, room: int, pk: int) -> HttpResponse:
    seat = _seat(request, "incidents.seat_leave", room, pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        try:
            seat_actions.leave_seat(seat, note=note, by=request.actor, at=now())
        except seat_actions.SeatError as problem:
            messages.error(request, str(problem))
        return _back(room)
    context = _about(request, seat) | {
        "form": form,
        "question": _("Leave this role?"),
        "consequence": _("It stays empty until somebody takes it. Better hand it over."),
        "label": _("Leave the role"),
        "back_url": reverse("incidents:seats", args=[room]),
    }
    return render(request, "incidents/seats/leave.html", context)


@login_required
def hand_over(request: Request, room: int, pk: int) -> HttpResponse:
    seat = _seat(request, "incidents.hand_over", room, pk)
    form = HandOverForm(request.POST or None, among=people_for_seats(seat.incident, at=now()))
    if request.method == "POST" and form.is_valid():
        to, note = form.cleaned_data["to"], form.cleaned_data["note"]
        try:
            seat_actions.hand_over(seat, to, note=note, by=request.actor, at=now())
        except seat_actions.SeatError as problem:
            form.add_error("to", str(problem))
        else:
            messages.success(request, _("Handed over. The person is told."))
            return _back(room)
    context = _about(request, seat) | {"form": form}
    return render(request, "incidents/seats/hand_over.html", context)


def _about(request: Request, seat: Seat) -> dict[str, Any]:
    document = seat.incident.playbook.document
    role = role_title(document, seat.role, request.LANGUAGE_CODE or "en")
    return {"incident": seat.incident, "seat": seat, "role": role}


@login_required
@require_POST
def let_take_part(request: Request, room: int) -> HttpResponse:
    """Name the body of somebody who was called, so that they see the room."""
    incident = fetch(request.actor, "incidents.lead", Incident, pk=room)
    slug = request.POST.get("organisation", "")[:60]
    organisation = fetch(request.actor, "organisations.view", Organisation, slug=slug)
    try:
        name_organisation(incident, organisation, by=request.actor, at=now())
    except SharingError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Named. Its members see this room from now on."))
    return _back(room)
