"""What is decided about a statement: send, approve, set checks aside, release, withdraw."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.incidents.actions import releases
from tansiq.incidents.actions import statements as deciding
from tansiq.incidents.actions.releases import ByHand
from tansiq.incidents.actions.statements import StatementError
from tansiq.incidents.forms.statements import (
    ByHandForm,
    OverrideForm,
    ReleaseForm,
    WithdrawForm,
)
from tansiq.incidents.models import Incident, Outlet, Statement
from tansiq.incidents.views.statements import detail_page, form_view

_LARGEST = 2**31 - 1


def _statement(request: Request, room: int, number: int, rule: str) -> Statement:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    name = f"incidents.{rule}"
    return fetch(request.actor, name, Statement, incident=incident, number=number)


def _done(request: Request, statement: Statement, step: Callable[[], object]) -> HttpResponse:
    """Do it; where it cannot be done, show the page again with the reason."""
    try:
        step()
    except StatementError as problem:
        return detail_page(request, statement, status=409, problem=problem)
    return redirect(statement)


@login_required
@require_POST
def send(request: Request, room: int, number: int) -> HttpResponse:
    statement = _statement(request, room, number, "edit_statement")
    by, at = request.actor, now()
    return _done(request, statement, lambda: deciding.send_for_approval(statement, by=by, at=at))


@login_required
@require_POST
def approve(request: Request, room: int, number: int) -> HttpResponse:
    statement = _statement(request, room, number, "approve_statement")
    given = request.POST.get("version", "")
    version = min(int(given[:12]), _LARGEST) if given.isdecimal() else 0
    by, at = request.actor, now()
    return _done(
        request,
        statement,
        lambda: deciding.approve_statement(statement, version=version, by=by, at=at),
    )


@login_required
@require_POST
def override(request: Request, room: int, number: int) -> HttpResponse:
    statement = _statement(request, room, number, "override_checks")
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return detail_page(request, statement, status=422, override_form=form)
    given, by, at = form.cleaned_data, request.actor, now()
    return _done(
        request,
        statement,
        lambda: deciding.override_checks(
            statement, version=given["version"], reason=given["reason"], by=by, at=at
        ),
    )


@login_required
@require_POST
def release(request: Request, room: int, number: int) -> HttpResponse:
    statement = _statement(request, room, number, "release_statement")
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return detail_page(request, statement, status=422, release_form=form)
    outlets = [Outlet(one) for one in form.cleaned_data["outlets"]]
    by, at = request.actor, now()
    return _done(
        request, statement, lambda: releases.release_statement(statement, outlets, by=by, at=at)
    )


@login_required
@require_POST
def note(request: Request, room: int, number: int) -> HttpResponse:
    """Write down that somebody brought it out by hand."""
    statement = _statement(request, room, number, "release_statement")
    form = ByHandForm(request.POST)
    if not form.is_valid():
        return detail_page(request, statement, status=422, by_hand_form=form)
    given, by, at = form.cleaned_data, request.actor, now()
    how = ByHand(Outlet(given["outlet"]), given["at"], given["link"], given["note"])
    key = given["client_key"]
    return _done(
        request,
        statement,
        lambda: releases.note_release(statement, how, by=by, at=at, client_key=key),
    )


@login_required
@form_view
def withdraw(request: Request, room: int, number: int) -> HttpResponse:
    statement = _statement(request, room, number, "withdraw_statement")
    form = WithdrawForm(request.POST or None)
    if not form.is_valid():
        context = {"incident": statement.incident, "statement": statement, "form": form}
        status = 422 if form.errors else 200
        return render(request, "incidents/statements/withdraw.html", context, status=status)
    reason, by, at = form.cleaned_data["reason"], request.actor, now()
    return _done(
        request,
        statement,
        lambda: releases.withdraw_statement(statement, reason=reason, by=by, at=at),
    )
