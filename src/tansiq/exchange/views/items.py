"""What came and what was sent; the recipients of one item."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.exports import csv_file
from tansiq.core.translations import show_each
from tansiq.exchange.actions.items import mark_read, mark_received
from tansiq.exchange.forms.receipts import InboxFilter
from tansiq.exchange.keys import keys_in
from tansiq.exchange.models import Item, Receipt, ReceiptState
from tansiq.exchange.pages import show_item
from tansiq.exchange.paging import stretch
from tansiq.exchange.queries.handling import taken_back_from
from tansiq.exchange.queries.items import (
    inbox,
    inbox_counts,
    recipients_of,
    replies_of,
    sent_items,
    show_titles,
    strips_of,
    waiting_first,
)

_PER_PAGE = 30
_PER_LONG_PAGE = 100


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    """Show what came, the latest first; `?before=` goes on where a page ended."""
    at = now()
    form = InboxFilter(request.GET)
    wanted = form.wanted()
    known = Receipt.objects.visible_to(request.actor)
    rows = inbox(known, request.actor, wanted, at)
    part = stretch(rows, request.GET.get("before", ""), size=_PER_PAGE)
    show_titles(part.rows)
    context = {
        "part": part,
        "form": form,
        "is_narrowed": any(vars(wanted).values()),
        "counts": inbox_counts(request.actor, at),
        "new": [one.pk for one in part.rows if one.state == ReceiptState.SENT],
        "today": localtime(at).date(),
        "at": at,
    }
    return render(request, "exchange/items/index.html", context)


@login_required
@require_POST
def received(request: Request) -> HttpResponse:
    """Take note of what came before somebody's eyes; sent by the inbox itself."""
    pks = keys_in(request.POST.getlist("receipt"))
    own = Receipt.objects.visible_to(request.actor).own_of(request.actor).filter(pk__in=pks)
    mark_received(list(own.values_list("pk", flat=True)), at=now())
    return HttpResponse(status=204)


@login_required
@require_GET
def sent(request: Request) -> HttpResponse:
    at = now()
    rows = sent_items(Item.objects.visible_to(request.actor), request.actor)
    part = stretch(rows, request.GET.get("before", ""), size=_PER_PAGE)
    show_each(part.rows, "title", language_of=lambda item: str(item.language))
    strips = strips_of(request.actor, part.rows, at)
    context = {
        "part": part,
        "rows": [(item, strips[item.pk]) for item in part.rows],
        "today": localtime(at).date(),
    }
    return render(request, "exchange/items/sent.html", context)


@login_required
@require_GET
def item(request: Request, pk: int) -> HttpResponse:
    if taken_back_from(request.actor, pk) is not None:
        return redirect("exchange:taken_back", pk)
    found = fetch(request.actor, "exchange.read", Item, pk=pk)
    mark_read(found, by=request.actor, at=now())
    return show_item(request, found)


@login_required
@require_GET
def paper(request: Request, pk: int) -> HttpResponse:
    """Show the item as one prints it, with how far it has come."""
    found = fetch(request.actor, "exchange.read", Item, pk=pk)
    return show_item(request, found, template="exchange/items/paper.html")


@login_required
@require_GET
def recipients(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.read", Item, pk=pk)
    at = now()
    rows = waiting_first(recipients_of(request.actor, found))
    state = request.GET.get("state", "")
    if state == "late":
        rows = rows.late(at)  # type: ignore[attr-defined]  # -- a queryset of ours
    elif state in ReceiptState.values:
        rows = rows.filter(state=state)
    words = request.GET.get("text", "")[:80]
    rows = rows.filter(organisation__name__icontains=words) if words else rows
    context = {
        "item": found,
        "strip": strips_of(request.actor, [found], at)[found.pk],
        "page": Paginator(rows, _PER_LONG_PAGE).get_page(request.GET.get("page")),
        "state": state,
        "text": words,
        "may_take_along": can(request.actor, "exchange.see_recipients", found),
        "mine": request.actor.organisation_ids,
        "at": at,
    }
    return render(request, "exchange/items/recipients.html", context)


@login_required
@require_GET
def recipients_csv(request: Request, pk: int) -> HttpResponse:
    """Give the sender the states as a table: no words of anybody, and under RED nothing."""
    found = fetch(request.actor, "exchange.see_recipients", Item, pk=pk)
    rows = waiting_first(recipients_of(request.actor, found))
    headings = [_("Organisation"), _("State"), _("Sent"), _("Received"), _("Read")]
    headings += [_("Acknowledged"), _("Answer by"), _("Answered"), _("It led to something")]
    table = (
        [
            str(one.organisation),
            str(one.get_state_display()),
            *(_minute(moment) for moment in (one.sent_at, one.received_at, one.read_at)),
            *(_minute(moment) for moment in (one.acknowledged_at, one.reply_by, one.answered_at)),
            _("yes") if one.decided_at else "",
        ]
        for one in rows
    )
    return csv_file(f"exchange-{found.pk}-recipients", headings, table)


def _minute(moment: object) -> str:
    return "" if moment is None else localtime(moment).strftime("%Y-%m-%d %H:%M")  # type: ignore[arg-type]  # -- a moment


@login_required
@require_GET
def replies(request: Request, pk: int) -> HttpResponse:
    """Show all that was written in answer, page by page."""
    found = fetch(request.actor, "exchange.read", Item, pk=pk)
    rows = replies_of(request.actor, found).order_by("-at", "-pk")
    context = {
        "item": found,
        "page": Paginator(rows, _PER_PAGE).get_page(request.GET.get("page")),
        "mine": request.actor.organisation_ids,
    }
    return render(request, "exchange/items/replies.html", context)
