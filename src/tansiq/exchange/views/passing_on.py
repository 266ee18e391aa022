"""Passing on as one's own what somebody told who must not be named."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.access.actor import Role
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Marking
from tansiq.core.pages import page
from tansiq.exchange.actions import passing_on as deciding
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.forms.handling import VersionForm
from tansiq.exchange.models import Item
from tansiq.exchange.queries.handling import receipt_to_speak_for

form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@form_view
def pass_on(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.pass_on", Item, pk=pk)
    begin = {"marking": item.marking, "language": get_language()}
    form = VersionForm(request.POST or None, markings=[*Marking], initial=begin)
    if request.method == "POST" and form.is_valid():
        made = _passed_on(request, item, form)
        if made is not None:
            return redirect("exchange:see_check", made.pk)
    context = {
        "item": item,
        "form": form,
        "heading": _("Pass this on as your own"),
        "lead": _(
            "Write it in your own words. Readers do not learn who told you; the next page looks "
            "for names, places and wordings that would."
        ),
        "label": _("Save and check"),
    }
    status = 422 if form.errors else 200
    return page(request, "exchange/handling/form.html", context, status=status)


def _passed_on(request: Request, item: Item, form: VersionForm) -> Item | None:
    given = dict(form.cleaned_data)
    given.pop("revision")
    mine = request.actor.organisations_as(Role.CONTRIBUTOR)
    receipt = receipt_to_speak_for(request.actor, item, mine)
    if receipt is None:
        raise Http404
    try:
        retold = deciding.Retold(**given)
        return deciding.pass_on(receipt, retold, by=request.actor, at=now())
    except ExchangeError as problem:
        form.add_error(None, str(problem))
        return None


@login_required
@require_POST
def allow(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.allow_passing_on", Item, pk=pk)
    wanted = request.POST.get("allowed") == "yes"
    deciding.allow_passing_on(item, is_allowed=wanted, by=request.actor, at=now())
    said = _("They may pass it on as their own.") if wanted else _("They may not pass it on.")
    messages.success(request, said)
    return redirect(item)


@login_required
@require_POST
def tell(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.tell_source", Item, pk=pk)
    wanted = request.POST.get("told") == "yes"
    deciding.tell_source(item, is_told=wanted, by=request.actor, at=now())
    return redirect(item)
