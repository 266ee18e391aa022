"""What is owed in both directions, and what somebody says about one thing of it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can_each, fetch, open_to_all
from tansiq.access.middleware import Request
from tansiq.core import formats
from tansiq.exchange.actions.obligations import (
    ObligationError,
    confirm,
    dispute,
    give,
    give_to_all,
    waive,
)
from tansiq.exchange.actions.reminders import remind, remind_recipients
from tansiq.exchange.forms.obligations import DisputeForm, FilterForm, GiveForm, WaiveForm
from tansiq.exchange.models import Item, Obligation
from tansiq.exchange.queries.duty_pages import overview_of, page_of_obligation
from tansiq.exchange.queries.obligations import (
    candidates_for,
    filtered,
    given_by,
    lines_of,
    owed_by,
    owed_to,
    partners_of,
    told_of,
)

_PER_PAGE = 30
_RULES = (
    "exchange.give",
    "exchange.confirm",
    "exchange.dispute",
    "exchange.waive",
    "exchange.remind",
)
_WAYS: dict[str, Callable[[Any], Any]] = {"to_us": owed_to, "by_us": owed_by, "told": told_of}


@login_required
@require_GET
@open_to_all("a member's own list; each line of it has passed visible_to in the queries")
def owed(request: Request) -> HttpResponse:
    """Show both directions side by side, or all of one with filters."""
    at = now()
    way = request.GET.get("way", "")
    if way not in _WAYS:
        context = {"overview": overview_of(request.actor, at=at), "today": at.date()}
        return render(request, "exchange/duties/owed.html", context)
    form = FilterForm(request.GET, partners=partners_of(request.actor))
    rows = filtered(_WAYS[way](request.actor), at=at, **form.asked)
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    lines = lines_of(page.object_list, request.actor, at=at)
    context = {"way": way, "form": form, "page": page, "lines": lines, "today": at.date()}
    return render(request, "exchange/duties/list.html", context)


@login_required
@require_GET
def obligation(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.see_obligation", Obligation, pk=pk)
    form = GiveForm(candidates=candidates_for(found, request.actor))
    return _page(request, found, form)


def _page(request: Request, found: Obligation, form: forms.Form, status: int = 200) -> HttpResponse:
    at = now()
    may = can_each(request.actor, _RULES, found)
    context = {
        "page": page_of_obligation(found, request.actor, at=at),
        "may": {name.rpartition(".")[2]: verdict for name, verdict in may.items()},
        "form": form,
        "today": at.date(),
    }
    return render(request, "exchange/duties/obligation.html", context, status=status)


@login_required
@require_POST
def give_it(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.give", Obligation, pk=pk)
    form = GiveForm(request.POST, candidates=candidates_for(found, request.actor))
    if form.is_valid():
        try:
            give(found, **form.cleaned_data, by=request.actor, at=now())
            messages.success(request, _("Kept. They are told and can confirm it."))
            return redirect(found)
        except ObligationError as problem:
            form.add_error(None, str(problem))
    return _page(request, found, form, status=422)


@login_required
@require_POST
def confirm_it(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.confirm", Obligation, pk=pk)
    try:
        confirm(found, by=request.actor, at=now())
        messages.success(request, _("Confirmed. Thank you for telling them."))
    except ObligationError as problem:
        messages.warning(request, str(problem))
    return redirect(found)


@login_required
@require_http_methods(["GET", "POST"])
def dispute_it(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.dispute", Obligation, pk=pk)
    form = DisputeForm(request.POST or None)
    if form.is_valid():
        try:
            dispute(found, **form.cleaned_data, by=request.actor, at=now())
            messages.success(request, _("It is open again, and they are told."))
            return redirect(found)
        except ObligationError as problem:
            form.add_error(None, str(problem))
    words = {
        "question": _("Did it not arrive, or is something missing?"),
        "label": _("Tell them what is missing"),
    }
    return _ask(request, found, form, words)


@login_required
@require_http_methods(["GET", "POST"])
def waive_it(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.waive", Obligation, pk=pk)
    form = WaiveForm(request.POST or None)
    if form.is_valid():
        try:
            waive(found, **form.cleaned_data, by=request.actor, at=now())
            messages.success(request, _("Waived. They are told."))
            return redirect(found)
        except ObligationError as problem:
            form.add_error(None, str(problem))
    words = {"question": _("Wait for it no longer?"), "label": _("Waive it")}
    return _ask(request, found, form, words)


def _ask(
    request: Request, found: Obligation, form: forms.Form, words: dict[str, str]
) -> HttpResponse:
    line = lines_of([found], request.actor, at=now())[0]
    context = words | {"form": form, "line": line, "back_url": found.get_absolute_url()}
    status = 422 if form.is_bound else 200
    return render(request, "exchange/duties/confirm.html", context, status=status)


@login_required
@require_POST
def remind_it(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.remind", Obligation, pk=pk)
    try:
        remind(found, found.creditor, by=request.actor, at=now())
        messages.success(request, _("The reminder is out."))
    except ObligationError as problem:
        messages.warning(request, str(problem))
    return redirect(found)


@login_required
@require_POST
def remind_all(request: Request, pk: int) -> HttpResponse:
    """Remind every recipient of an item that said nothing."""
    item = fetch(request.actor, "exchange.remind_recipients", Item, pk=pk)
    try:
        count = remind_recipients(item, by=request.actor, at=now())
        words = ngettext(
            "%(count)s recipient is reminded.", "%(count)s recipients are reminded.", count
        )
        shown = formats.number(count, request.LANGUAGE_CODE)
        messages.success(request, words % {"count": shown})
    except ObligationError as problem:
        messages.warning(request, str(problem))
    return redirect(item)


@login_required
@require_POST
def give_with(request: Request, pk: int) -> HttpResponse:
    """Say that an item gave a period of a standing duty to all whom it reached."""
    item = fetch(request.actor, "exchange.remind_recipients", Item, pk=pk)
    rows = given_by(item, request.actor, chosen=request.POST.get("period", ""))
    count = give_to_all(rows, item, by=request.actor, at=now())
    words = ngettext("Given to %(count)s recipient.", "Given to %(count)s recipients.", count)
    messages.success(request, words % {"count": formats.number(count, request.LANGUAGE_CODE)})
    return redirect(item)
