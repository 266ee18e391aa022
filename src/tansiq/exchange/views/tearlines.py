"""Lesser versions: what stays behind, the two beside each other, what is let out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.access.gate import can, can_each, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Marking
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.exchange.actions import tearlines as deciding
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.forms.handling import BeginForm, ReleaseForm, VersionForm
from tansiq.exchange.models import Item
from tansiq.exchange.queries.checks import check, passages_of
from tansiq.exchange.rules.handling import lower_markings

form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@form_view
def begin(request: Request, pk: int) -> HttpResponse:
    """Choose what stays, and begin the lesser version with the rest."""
    fuller = fetch(request.actor, "exchange.write_lesser", Item, pk=pk)
    found = passages_of(fuller)
    form = BeginForm(
        request.POST or None,
        passages=[(one.key, one.words) for one in found],
        markings=lower_markings(fuller),
        initial={"kept": [one.key for one in found if one.is_kept]},
    )
    if request.method == "POST" and form.is_valid():
        made = _begun(request, fuller, form)
        if made is not None:
            return redirect(made)
    lesser = Item.objects.visible_to(request.actor).filter(
        fullest=fuller, corrects__isnull=True, recalled_at__isnull=True
    )
    context = {"item": fuller, "form": form, "lesser": lesser.order_by("pk")}
    status = 422 if form.errors else 200
    return page(request, "exchange/handling/begin.html", context, status=status)


def _begun(request: Request, fuller: Item, form: BeginForm) -> str | None:
    given, at = form.cleaned_data, now()
    deciding.keep_back(fuller, given["kept"], by=request.actor, at=at)
    if request.POST.get("step") == "keep":
        messages.success(request, _("Kept. Lesser versions are checked against this."))
        return str(fuller.get_absolute_url())
    title, text = deciding.rest_of(fuller)
    version = deciding.Version(
        title=title or _("Lesser version"),
        text=text,
        marking=given["marking"],
        language=fuller.language,
        client_key=given["client_key"],
    )
    try:
        made = deciding.write_lesser(fuller, version, by=request.actor, at=at)
    except ExchangeError as problem:
        form.add_error(None, str(problem))
        return None
    return f"{made.get_absolute_url()}check/"


@login_required
@form_view
def beside(request: Request, pk: int) -> HttpResponse:
    """Show a draft beside what it must not hold, and save its words."""
    item = fetch(request.actor, "exchange.see_check", Item, pk=pk)
    may_edit = can(request.actor, "exchange.edit", item)
    if request.method != "POST" or not may_edit:
        return _beside(request, item, _form(item, None))
    form = _form(item, request.POST)
    if form.is_valid() and _saved(request, item, form):
        return redirect("exchange:see_check", item.pk)
    return _beside(request, item, form, status=422)


def _form(item: Item, data: Any) -> VersionForm:
    fuller = item.fullest
    markings = lower_markings(fuller) if fuller is not None else [str(one) for one in Marking]
    initial = {
        "title": item.title,
        "text": item.text,
        "marking": item.marking,
        "language": item.language,
        "revision": item.revision,
    }
    return VersionForm(data, markings=markings, initial=initial)


def _saved(request: Request, item: Item, form: VersionForm) -> bool:
    given = dict(form.cleaned_data)
    revision = given.pop("revision") or item.revision
    version = deciding.Version(**given)
    try:
        deciding.change_version(item, version, revision=revision, by=request.actor, at=now())
    except (ExchangeError, ChangedMeanwhileError) as problem:
        form.add_error(None, str(problem))
        return False
    return True


def _beside(
    request: Request, item: Item, form: VersionForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    behind = Item.objects.visible_to(request.actor).filter(
        pk__in=[item.fullest_id or 0, item.origin_id or 0]
    )
    may = can_each(request.actor, ["exchange.edit", "exchange.release"], item)
    context = {
        "item": item,
        "form": form,
        "check": check(item),
        "behind": [(one, passages_of(one)) for one in behind.order_by("pk")],
        "may_edit": may["exchange.edit"],
        "may_release": may["exchange.release"],
    }
    return page(request, "exchange/handling/beside.html", context | more, status=status)


@login_required
@require_POST
def let_out(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.release", Item, pk=pk)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        problem = _("Say why this may be known.")
        return _beside(request, item, _form(item, None), status=422, problem=problem)
    sign, reason = form.cleaned_data["sign"], form.cleaned_data["reason"]
    try:
        deciding.release(item, sign, reason, by=request.actor, at=now())
    except ExchangeError as problem:
        return _beside(request, item, _form(item, None), status=409, problem=str(problem))
    return redirect("exchange:see_check", item.pk)
