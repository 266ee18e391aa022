"""The official fund: its book for who keeps it, its totals for everybody."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.translations import show_each
from tansiq.incidents.actions.aftercare import (
    AftercareError,
    book,
    close_fund,
    open_fund,
    publish_fund,
)
from tansiq.incidents.forms.aftercare import BookingForm, FundForm
from tansiq.incidents.models import Fund, FundEntry, Incident
from tansiq.incidents.queries.aftercare import totals_of
from tansiq.incidents.queries.support import organisations_in


@login_required
@require_POST
def begin(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.fund_open", Incident, pk=room)
    form = FundForm(request.POST, among=organisations_in(incident))
    if form.is_valid():
        try:
            new = form.new(request.LANGUAGE_CODE)
            return redirect(open_fund(incident, new, by=request.actor, at=now()))
        except AftercareError as problem:
            form.add_error(None, str(problem))
    context = {"incident": incident, "form": form}
    return render(request, "incidents/aftercare/fund_open.html", context, status=422)


@require_safe
def show(request: Request, room: int, pk: int) -> HttpResponse:
    """Show the totals: to members of the room, and once published to everybody."""
    fund = fetch(request.actor, "incidents.fund_see", Fund, pk=pk, incident=room)
    return _page(request, fund)


def _page(
    request: Request, fund: Fund, *, form: BookingForm | None = None, status: int = 200
) -> HttpResponse:
    may_keep = can(request.actor, "incidents.fund", fund)
    lines = FundEntry.objects.visible_to(request.actor).filter(fund=fund)
    show_each([fund], "title", "rules", language_of=lambda one: one.language)
    context: dict[str, Any] = {
        "fund": fund,
        "totals": totals_of(fund),
        "may_keep": may_keep,
        # The single lines are for those who keep the book; everybody else sees totals.
        "lines": lines.order_by("-on", "-pk")[:100] if may_keep else [],
        "form": form or BookingForm(currency=fund.currency),
        "is_member": request.actor.is_signed_in,
        "frame": "core/base.html" if request.actor.is_signed_in else "core/base_public.html",
    }
    return render(request, "incidents/aftercare/fund.html", context, status=status)


@login_required
@require_POST
def add(request: Request, room: int, pk: int) -> HttpResponse:
    fund = fetch(request.actor, "incidents.fund", Fund, pk=pk, incident=room)
    form = BookingForm(request.POST, currency=fund.currency)
    if form.is_valid():
        try:
            book(fund, form.booking(), by=request.actor, at=now())
        except AftercareError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("It stands in the book."))
            return redirect(fund)
    return _page(request, fund, form=form, status=422)


@login_required
@require_POST
def step(request: Request, room: int, pk: int, step: str) -> HttpResponse:
    """Publish the totals, take them back, or close the book."""
    fund = fetch(request.actor, "incidents.fund", Fund, pk=pk, incident=room)
    if step not in {"publish", "hide", "close"}:
        raise Http404
    try:
        if step == "close":
            close_fund(fund, by=request.actor, at=now())
        else:
            publish_fund(fund, is_public=step == "publish", by=request.actor, at=now())
    except (AftercareError, ChangedMeanwhileError) as problem:
        messages.warning(request, str(problem))
    return redirect(fund)
