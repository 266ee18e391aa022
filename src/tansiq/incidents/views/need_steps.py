"""One need and what is done about it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.translations import show_each
from tansiq.incidents.actions import needs as deciding
from tansiq.incidents.actions.refusing import NotAboutPersonsError
from tansiq.incidents.desks import room_day
from tansiq.incidents.forms.desks import Revised
from tansiq.incidents.forms.needs import CloseNeedForm, CountForm, MatchForm
from tansiq.incidents.models import Match, Need, Service
from tansiq.incidents.queries import needs as reading

_REFUSALS = (deciding.NeedError, NotAboutPersonsError, ChangedMeanwhileError)


def _page(
    request: Request,
    need: Need,
    bound: dict[str, Form] | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    show_each([need], "note", language_of=lambda one: one.language)
    day = room_day(need.incident, now())
    seen: dict[str, Any] = {"revision": need.revision}
    first = seen | {"count": need.count, "met": need.met}
    forms: dict[str, Form] = {
        "count": CountForm(initial=first),
        "close": CloseNeedForm(initial=seen),
        "reopen": Revised(initial=seen),
    }
    context = {
        "incident": need.incident,
        "need": need,
        "candidates": reading.candidates(
            request.actor, need, on=day, language=get_language() or "en"
        ),
        "matches": reading.matches_of(need),
        "forms": forms | (bound or {}),
        "problem": problem,
        "may_match": can(request.actor, "incidents.need_match", need),
    }
    return render(request, "incidents/needs/need.html", context, status=status)


def _take(request: Request, need: Need, act: Callable[[], None], **bound: Form) -> HttpResponse:
    if not all(form.is_valid() for form in bound.values()):
        return _page(request, need, bound, status=422)
    try:
        act()
    except _REFUSALS as problem:
        fresh = Need.objects.visible_to(request.actor).get(pk=need.pk)
        return _page(request, fresh, bound, problem=str(problem), status=409)
    return redirect(need)


@login_required
@require_GET
def show(request: Request, room: int, pk: int) -> HttpResponse:
    need = fetch(request.actor, "incidents.need_view", Need, pk=pk, incident=room)
    return _page(request, need)


@login_required
@require_POST
def match(request: Request, room: int, pk: int) -> HttpResponse:
    need = fetch(request.actor, "incidents.need_match", Need, pk=pk, incident=room)
    form = MatchForm(request.POST)

    def act() -> None:
        wanted = form.cleaned_data["service"]
        services = Service.objects.visible_to(request.actor).filter(incident=room, pk=wanted)
        service = services.first()
        if service is None:
            raise Http404
        count = form.cleaned_data["count"]
        deciding.match_need(need, service, count=count, by=request.actor, at=now())

    return _take(request, need, act, match=form)


@login_required
@require_POST
def unmatch(request: Request, room: int, pk: int, match: int) -> HttpResponse:
    need = fetch(request.actor, "incidents.need_match", Need, pk=pk, incident=room)
    made = Match.objects.visible_to(request.actor).filter(pk=match, need=need).first()
    if made is None:
        raise Http404
    return _take(request, need, lambda: deciding.undo_match(made, by=request.actor, at=now()))


@login_required
@require_POST
def count(request: Request, room: int, pk: int) -> HttpResponse:
    need = fetch(request.actor, "incidents.need_match", Need, pk=pk, incident=room)
    form = CountForm(request.POST)

    def act() -> None:
        deciding.count_need(need, **form.cleaned_data, by=request.actor, at=now())

    return _take(request, need, act, count=form)


@login_required
@require_POST
def close(request: Request, room: int, pk: int) -> HttpResponse:
    need = fetch(request.actor, "incidents.need_match", Need, pk=pk, incident=room)
    form = CloseNeedForm(request.POST)

    def act() -> None:
        given = {name: form.cleaned_data[name] for name in ("reason", "revision")}
        deciding.close_need(need, **given, by=request.actor, at=now())

    return _take(request, need, act, close=form)


@login_required
@require_POST
def reopen(request: Request, room: int, pk: int) -> HttpResponse:
    need = fetch(request.actor, "incidents.need_match", Need, pk=pk, incident=room)
    form = Revised(request.POST)

    def act() -> None:
        deciding.reopen_need(need, **form.cleaned_data, by=request.actor, at=now())

    return _take(request, need, act, reopen=form)
