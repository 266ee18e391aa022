"""A last look before an item ends."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.core.pages import page
from tansiq.exchange.actions import reviews as deciding
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.forms.handling import LoosenForm
from tansiq.exchange.models import Item
from tansiq.exchange.rules.handling import lower_markings


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.review", Item, pk=pk)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    form = LoosenForm(request.POST if step == "loosen" else None, markings=lower_markings(item))
    if step == "end" or (step == "loosen" and form.is_valid()):
        problem = _decide(request, item, form.cleaned_data if step == "loosen" else {})
        if not problem:
            messages.success(request, _("Done. The record keeps who decided it."))
            return redirect(item)
        form.add_error(None, problem)
    context = {"item": item, "loosen": form, "why_not": deciding.why_not_loosen(item)}
    status = 422 if form.errors else 200
    return page(request, "exchange/handling/review.html", context, status=status)


def _decide(request: Request, item: Item, given: dict[str, Any]) -> str:
    try:
        if "marking" in given:
            deciding.loosen_item(item, given["marking"], by=request.actor, at=now())
        else:
            deciding.let_end(item, by=request.actor, at=now())
    except ExchangeError as problem:
        return str(problem)
    return ""
