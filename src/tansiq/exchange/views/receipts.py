"""What a recipient says to an item, and what both write to each other."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.exchange.actions.answers import note_decision, speaker_of, write_to_all
from tansiq.exchange.actions.items import ExchangeError, acknowledge, write_reply
from tansiq.exchange.forms.receipts import DecisionForm, ReplyForm, SayForm
from tansiq.exchange.models import Item, Receipt
from tansiq.exchange.pages import show_item, show_receipt


@login_required
@require_GET
def receipt(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.see_receipt", Receipt, pk=pk)
    return show_receipt(request, found)


@login_required
@require_POST
def say(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.acknowledge", Receipt, pk=pk)
    form = SayForm(request.POST)
    if not form.is_valid():
        return _again(request, found, {"say": form})
    try:
        acknowledge(
            found,
            form.cleaned_data["state"],
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=now(),
        )
    except ExchangeError as problem:
        form.add_error("reason", str(problem))
        return _again(request, found, {"say": form})
    messages.success(request, _("They are told what you make of it."))
    return redirect(found.item)


@login_required
@require_POST
def reply(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.reply", Receipt, pk=pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _again(request, found, {"reply": form})
    speaker = speaker_of(found, request.actor)
    write_reply(
        found,
        speaker,
        form.cleaned_data["text"],
        language=request.LANGUAGE_CODE,
        by=request.actor,
        at=now(),
        client_key=form.cleaned_data["client_key"],
    )
    messages.success(request, _("Sent. They are told."))
    if speaker.pk == found.organisation_id:
        return redirect(found.item)
    return redirect("exchange:receipt", pk=found.pk)


@login_required
@require_POST
def decide(request: Request, pk: int) -> HttpResponse:
    """Write down what the item led to at this recipient."""
    found = fetch(request.actor, "exchange.decide", Receipt, pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _again(request, found, {"decide": form})
    note_decision(found, form.cleaned_data["decision"], by=request.actor, at=now())
    messages.success(request, _("Written down. They are told what came of it."))
    return redirect(found.item)


def _again(request: Request, found: Receipt, filled_in: dict[str, Any]) -> HttpResponse:
    if found.organisation_id in request.actor.organisation_ids:
        item = fetch(request.actor, "exchange.read", Item, pk=found.item_id)
        return show_item(request, item, filled_in=filled_in | {"receipt": found.pk}, status=422)
    return show_receipt(request, found, filled_in=filled_in, status=422)


@login_required
@require_POST
def answer_all(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.answer_all", Item, pk=pk)
    form = ReplyForm(request.POST, prefix="all")
    if not form.is_valid():
        return show_item(request, found, filled_in={"all": form}, status=422)
    write_to_all(
        found,
        form.cleaned_data["text"],
        language=request.LANGUAGE_CODE,
        by=request.actor,
        at=now(),
        client_key=form.cleaned_data["client_key"],
    )
    messages.success(request, _("Sent to all recipients."))
    return redirect(found)
