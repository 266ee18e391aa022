"""The page of one item, for the views that show it: as it is, or with a form to look at again."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime, now

from tansiq.access.gate import can_each, fetch
from tansiq.access.middleware import Request
from tansiq.exchange.forms.receipts import DecisionForm, ReplyForm, SayForm
from tansiq.exchange.models import Item, Receipt
from tansiq.exchange.queries.audience import audience_in_words
from tansiq.exchange.queries.items import page_of, replies_of, strips_of
from tansiq.exchange.sections import sections_of

_OF_ITEM = ("exchange.edit", "exchange.send", "exchange.answer_all", "exchange.see_recipients")
_OF_RECEIPT = ("exchange.acknowledge", "exchange.reply", "exchange.decide")


def show_item(
    request: Request,
    item: Item,
    *,
    filled_in: dict[str, Any] | None = None,
    template: str = "exchange/items/item.html",
    status: int = 200,
) -> HttpResponse:
    """Answer with the page of an item that the caller has fetched."""
    at = now()
    shown = page_of(request.actor, item, at)
    mine = request.actor.organisation_ids
    context = {
        "item": item,
        "shown": shown,
        "is_sender": item.owner_id in mine,
        "own": [own_side(request, one) for one in shown.own],
        "sections": list(sections_of(request.actor, item, at)),
        "for_whom": audience_in_words(item.audience, request.actor) if item.is_list_open else [],
        "may": _verdicts(request, item, _OF_ITEM),
        "forms": _forms() | (filled_in or {}),
        "mine": mine,
        "today": localtime(at).date(),
        "at": at,
    }
    return render(request, template, context, status=status)


def show_receipt(
    request: Request,
    receipt: Receipt,
    *,
    filled_in: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with what is between the sender and one recipient, which the caller has fetched."""
    # What was taken back or has ended is not read from here either.
    item = fetch(request.actor, "exchange.read", Item, pk=receipt.item_id)
    at = now()
    replies = replies_of(request.actor, item).filter(receipt=receipt)
    context = {
        "item": item,
        "side": own_side(request, receipt),
        "strip": strips_of(request.actor, [item], at)[item.pk],
        "replies": list(replies.order_by("at", "pk")[:500]),
        "forms": _forms() | (filled_in or {}),
        "mine": request.actor.organisation_ids,
        "today": localtime(at).date(),
        "at": at,
    }
    return render(request, "exchange/items/receipt.html", context, status=status)


def own_side(request: Request, receipt: Receipt) -> dict[str, Any]:
    """Return a receipt with what this reader may do about it."""
    return {
        "receipt": receipt,
        "may": _verdicts(request, receipt, _OF_RECEIPT),
        "is_mine": receipt.organisation_id in request.actor.organisation_ids,
        "may_read_words": _may_read_words(request, receipt),
    }


def _may_read_words(request: Request, receipt: Receipt) -> bool:
    """Return whether the reader is one of the two; other recipients see the state alone."""
    mine = request.actor.organisation_ids
    opened = ("exchange.item", receipt.item_id) in request.actor.unsealed
    return opened or receipt.organisation_id in mine or receipt.item.owner_id in mine


def _verdicts(request: Request, thing: Any, names: tuple[str, ...]) -> dict[str, Any]:
    asked = can_each(request.actor, names, thing)
    return {name.partition(".")[2]: verdict for name, verdict in asked.items()}


def _forms() -> dict[str, Any]:
    return {
        "say": SayForm(),
        "reply": ReplyForm(initial={"client_key": uuid.uuid4()}),
        "all": ReplyForm(initial={"client_key": uuid.uuid4()}, prefix="all"),
        "decide": DecisionForm(),
    }
