"""Tension by area, hate incidents by count, and the watch for a second wave."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.translations import show_each
from tansiq.incidents.actions import tension as deciding
from tansiq.incidents.actions.refusing import NotAboutPersonsError
from tansiq.incidents.desks import room_day
from tansiq.incidents.forms.tension import HateForm, ReadingForm, WatchForm, WithdrawForm
from tansiq.incidents.models import Incident, TensionReading
from tansiq.incidents.queries import tension as reading
from tansiq.incidents.queries.watch import watch_of

form_view = require_http_methods(["GET", "HEAD", "POST"])
_MOST_SHOWN = 200


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    """Show where the watch stands, each area over time, the latest readings and the counts."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    moment, language = now(), get_language() or "en"
    rows = list(reading.readings_of(request.actor, incident)[:_MOST_SHOWN])
    show_each(rows, "seen", language_of=lambda one: one.language)
    today = room_day(incident, moment)
    areas = reading.areas_read(rows)
    context = {
        "incident": incident,
        "watch": watch_of(incident, moment),
        "areas": areas,
        "drawings": [one.drawing(language) for one in areas if len(one.points) > 1],
        "readings": rows[:20],
        "hate": reading.hate_table(request.actor, incident, until=today),
        "may_read": can(request.actor, "incidents.tension_read", incident),
        "may_decide": can(request.actor, "incidents.watch_decide", incident),
    }
    return render(request, "incidents/tension/index.html", context)


@login_required
@form_view
def read(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.tension_read", Incident, pk=room)
    form = ReadingForm(request.POST or None, incident=incident, today=room_day(incident, now()))

    def act() -> None:
        sent = form.sent()
        deciding.read_tension(incident, form.reading(), by=request.actor, at=now(), sent=sent)

    return _form(request, incident, form, act, heading="read")


@login_required
@form_view
def hate(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.hate_count", Incident, pk=room)
    form = HateForm(request.POST or None, incident=incident, today=room_day(incident, now()))

    def act() -> None:
        sent = form.sent()
        deciding.count_hate(incident, form.counted(), by=request.actor, at=now(), sent=sent)

    return _form(request, incident, form, act, heading="hate")


@login_required
@form_view
def withdraw(request: Request, room: int, pk: int) -> HttpResponse:
    one = fetch(request.actor, "incidents.tension_withdraw", TensionReading, pk=pk, incident=room)
    form = WithdrawForm(request.POST or None)

    def act() -> None:
        reason = form.cleaned_data["reason"]
        deciding.withdraw_reading(one, reason=reason, by=request.actor, at=now())

    return _form(request, one.incident, form, act, heading="withdraw")


@login_required
@form_view
def watch(request: Request, room: int) -> HttpResponse:
    """Decide about the second-wave watch: longer, ended, taken up again."""
    incident = fetch(request.actor, "incidents.watch_decide", Incident, pk=room)
    form = WatchForm(request.POST or None)
    acts = {
        "extend": deciding.extend_watch,
        "end": deciding.end_watch,
        "reopen": deciding.reopen_watch,
    }
    wanted = acts.get(request.POST.get("step", ""), deciding.extend_watch)

    def act() -> None:
        wanted(incident, form.change(), by=request.actor, at=now())

    more = {"watch": watch_of(incident, now())}
    return _form(request, incident, form, act, heading="watch", **more)


def _form(
    request: Request, incident: Incident, form: Form, act: Callable[[], None], **more: Any
) -> HttpResponse:
    if form.is_valid():
        try:
            act()
            return redirect("incidents:tension", incident.pk)
        except (deciding.TensionError, NotAboutPersonsError) as problem:
            form.add_error(None, str(problem))
    context = {"incident": incident, "form": form} | more
    status = 422 if form.errors else 200
    return render(request, "incidents/tension/form.html", context, status=status)
