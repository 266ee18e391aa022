"""What came and what was sent; one item with its recipients."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.exchange.actions.items import mark_read
from tansiq.exchange.models import Item, Receipt
from tansiq.exchange.queries.handling import taken_back_from
from tansiq.exchange.sections import sections_of


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    mine = Receipt.objects.visible_to(request.actor).for_organisations(
        request.actor.organisation_ids
    )
    rows = mine.select_related("item__owner", "organisation").order_by("-sent_at", "-pk")[:30]
    return render(request, "exchange/items/index.html", {"receipts": rows})


@login_required
@require_GET
def item(request: Request, pk: int) -> HttpResponse:
    if taken_back_from(request.actor, pk) is not None:
        return redirect("exchange:taken_back", pk)
    found = fetch(request.actor, "exchange.read", Item, pk=pk)
    at = now()
    mark_read(found, by=request.actor, at=at)
    receipts = Receipt.objects.visible_to(request.actor).filter(item=found)
    context = {
        "item": found,
        "receipts": receipts.select_related("organisation")[:50],
        "sections": list(sections_of(request.actor, found, at)),
    }
    return render(request, "exchange/items/item.html", context)
