"""Proposing a correction, and putting an item right for all who have it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tansiq.access.actor import Role
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.core.pages import page
from tansiq.exchange.actions import corrections as deciding
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.forms.handling import CorrectionForm, RefusalForm, RightForm
from tansiq.exchange.models import Correction, Item
from tansiq.exchange.queries.handling import receipt_to_speak_for

form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@form_view
def propose(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.propose_correction", Item, pk=pk)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _proposed(request, item, form):
        messages.success(request, _("Sent. You are told what becomes of it."))
        return redirect(item)
    context = {
        "item": item,
        "form": form,
        "heading": _("What is not right?"),
        "lead": _("Only the sender reads this. If they agree, all who have it are told."),
        "label": _("Send to the sender"),
    }
    return _form_page(request, context, form)


def _proposed(request: Request, item: Item, form: CorrectionForm) -> bool:
    given = dict(form.cleaned_data)
    key = given.pop("client_key")
    mine = request.actor.organisations_as(Role.CONTRIBUTOR)
    receipt = receipt_to_speak_for(request.actor, item, mine)
    if receipt is None:
        raise Http404
    try:
        what = deciding.Wrong(**given)
        deciding.propose_correction(receipt, what, by=request.actor, at=now(), client_key=key)
    except ExchangeError as problem:
        form.add_error(None, str(problem))
        return False
    return True


@login_required
@form_view
def correct(request: Request, pk: int) -> HttpResponse:
    """Put right what one sent oneself."""
    item = fetch(request.actor, "exchange.correct", Item, pk=pk)
    form = RightForm(request.POST or None, initial={"title": _corrected(item)})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = deciding.correct_item(
                item,
                given["title"],
                given["text"],
                by=request.actor,
                at=now(),
                client_key=given["client_key"],
            )
        except ExchangeError as problem:
            form.add_error(None, str(problem))
        else:
            return redirect(made)
    context = {
        "item": item,
        "form": form,
        "heading": _("Put this right for all who have it"),
        "lead": _("The first one stays as it is, and says on top that it was corrected."),
        "label": _("Send to all who have it"),
    }
    return _form_page(request, context, form)


@login_required
@form_view
def answer(request: Request, pk: int) -> HttpResponse:
    """Put the item right as a recipient proposed, or refuse with a reason."""
    correction = fetch(request.actor, "exchange.answer_correction", Correction, pk=pk)
    is_refusal = request.POST.get("answer") == "no"
    is_right = request.method == "POST" and not is_refusal
    right = RightForm(request.POST if is_right else None, initial=_as_proposed(correction))
    refusal = RefusalForm(request.POST if is_refusal else None)
    form = refusal if is_refusal else right
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_decide(request, correction, form.cleaned_data))
        except ExchangeError as problem:
            form.add_error(None, str(problem))
    context = {"correction": correction, "item": correction.item, "form": right}
    status = 422 if form.errors else 200
    more = context | {"refusal": refusal}
    return page(request, "exchange/handling/answer_correction.html", more, status=status)


def _decide(request: Request, correction: Correction, given: dict[str, Any]) -> Item:
    if "why" in given:
        deciding.refuse_correction(correction, given["why"], by=request.actor, at=now())
        return correction.item
    title, text = given["title"], given["text"]
    return deciding.accept_correction(correction, title, text, by=request.actor, at=now())


def _as_proposed(correction: Correction) -> dict[str, str]:
    return {"title": _corrected(correction.item), "text": correction.right}


def _corrected(item: Item) -> str:
    return (_("Correction: %(title)s") % {"title": item.title})[:200]


def _form_page(request: Request, context: dict[str, Any], form: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(request, "exchange/handling/form.html", context, status=status)
