"""Taking back what was sent, and what stays of it at its recipients."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.core.pages import page
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.actions.recalls import recall_item
from tansiq.exchange.forms.handling import RecallForm
from tansiq.exchange.models import Item, Receipt
from tansiq.exchange.queries.handling import taken_back_from
from tansiq.exchange.rules.handling import recall_ends

form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@form_view
def recall(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.recall", Item, pk=pk)
    lesser = Item.objects.visible_to(request.actor).filter(fullest=item).holding().count()
    form = RecallForm(request.POST or None, has_lesser=lesser)
    if request.method == "POST" and form.is_valid() and _recalled(request, item, form):
        return redirect(item)
    receipts = Receipt.objects.visible_to(request.actor).filter(item=item)
    context = {
        "item": item,
        "form": form,
        "ends": recall_ends(item),
        "is_late": recall_ends(item) < now(),
        "reached": receipts.count(),
        "read": receipts.filter(read_at__isnull=False).count(),
    }
    status = 422 if form.errors else 200
    return page(request, "exchange/handling/recall.html", context, status=status)


def _recalled(request: Request, item: Item, form: RecallForm) -> bool:
    given = form.cleaned_data
    lesser = given.get("with_lesser", False)
    try:
        recall_item(item, given["reason"], with_lesser=lesser, by=request.actor, at=now())
    except ExchangeError as problem:
        form.add_error(None, str(problem))
        return False
    messages.success(request, _("Taken back. Those who had received it were told."))
    return True


@login_required
@require_GET
def taken_back(request: Request, pk: int) -> HttpResponse:
    own = taken_back_from(request.actor, pk)
    receipt = fetch(request.actor, "exchange.see_taken_back", Receipt, pk=own.pk if own else 0)
    return page(request, "exchange/handling/taken_back.html", {"receipt": receipt})
