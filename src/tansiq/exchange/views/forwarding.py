"""Handing an item on, asking its owner, and the owner's answer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.actor import Role
from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.pages import page
from tansiq.exchange.actions import forwarding as deciding
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.forms.handling import MOST_SHOWN, AskForm, ForwardForm, RefusalForm
from tansiq.exchange.models import ForwardRequest, Item, Receipt
from tansiq.exchange.queries.handling import receipt_to_speak_for
from tansiq.exchange.queries.reach import askable, forwardable

form_view = require_http_methods(["GET", "HEAD", "POST"])


def _receipt(request: Request, item: Item, role: Role) -> Receipt:
    mine = request.actor.organisations_as(role)
    receipt = receipt_to_speak_for(request.actor, item, mine)
    if receipt is None:
        raise Http404
    return receipt


@login_required
@require_GET
def forward(request: Request, pk: int) -> HttpResponse:
    """Show whom the marking lets a recipient reach, and for whom the owner must be asked."""
    item = fetch(request.actor, "exchange.ask_forward", Item, pk=pk)
    return _page(request, item)


def _page(request: Request, item: Item, *, status: int = 200, **more: Any) -> HttpResponse:
    receipt = _receipt(request, item, Role.CONTRIBUTOR)
    words = request.GET.get("q", "").strip()
    free = forwardable(item, receipt, by=request.actor)
    others = askable(item, receipt, by=request.actor)
    may_forward = can(request.actor, "exchange.forward", item)
    context = {
        "item": item,
        "q": words,
        "may_forward": may_forward,
        "forward_form": ForwardForm(among=free, words=words) if may_forward else None,
        "ask_form": AskForm(among=others if may_forward else free | others, words=words),
        "has_free": may_forward and free.exists(),
        "is_long": free.count() + others.count() > MOST_SHOWN,
    }
    return page(request, "exchange/handling/forward.html", context | more, status=status)


@login_required
@require_POST
def forward_now(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.forward", Item, pk=pk)
    receipt = _receipt(request, item, Role.COORDINATOR)
    form = ForwardForm(request.POST, among=forwardable(item, receipt, by=request.actor))
    if form.is_valid():
        try:
            to = form.cleaned_data["to"]
            deciding.forward_item(receipt, to, by=request.actor, at=now())
        except ExchangeError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Forwarded. The sender was told to whom."))
            return redirect(item)
    return _page(request, item, forward_form=form, status=422)


@login_required
@require_POST
def ask(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.ask_forward", Item, pk=pk)
    receipt = _receipt(request, item, Role.CONTRIBUTOR)
    others = askable(item, receipt, by=request.actor)
    free = forwardable(item, receipt, by=request.actor)
    form = AskForm(request.POST, among=free | others)
    if form.is_valid() and _asked(request, receipt, form):
        messages.success(request, _("Asked. You are told what the sender says."))
        return redirect(item)
    return _page(request, item, ask_form=form, status=422)


def _asked(request: Request, receipt: Receipt, form: AskForm) -> bool:
    given = form.cleaned_data
    key = given["client_key"]
    try:
        deciding.ask_to_forward(
            receipt, given["to"], given["why"], by=request.actor, at=now(), client_key=key
        )
    except ExchangeError as problem:
        form.add_error(None, str(problem))
        return False
    return True


@login_required
@form_view
def answer(request: Request, pk: int) -> HttpResponse:
    """Let it go to whom a recipient asked for, or refuse with a reason."""
    asked = fetch(request.actor, "exchange.answer_forward", ForwardRequest, pk=pk)
    if request.method != "POST":
        return _answer_page(request, asked, RefusalForm())
    is_refusal = request.POST.get("answer") == "no"
    form = RefusalForm(request.POST) if is_refusal else RefusalForm()
    if is_refusal and not form.is_valid():
        return _answer_page(request, asked, form, status=422)
    try:
        if is_refusal:
            why = form.cleaned_data["why"]
            deciding.refuse_forward(asked, why, by=request.actor, at=now())
        else:
            deciding.allow_forward(asked, by=request.actor, at=now())
    except ExchangeError as problem:
        return _answer_page(request, asked, form, status=409, problem=str(problem))
    messages.success(request, _("Answered. Who asked was told."))
    return redirect(asked.item)


def _answer_page(
    request: Request, asked: ForwardRequest, form: RefusalForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"asked": asked, "item": asked.item, "to": asked.to.order_by("name"), "form": form}
    return page(request, "exchange/handling/answer_forward.html", context | more, status=status)
