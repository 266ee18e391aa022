"""Rates of exchange of a country: public facts, entered by the body that leads it."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Place
from tansiq.core import money
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.plans.actions import money as entering
from tansiq.plans.forms.money import RateForm
from tansiq.plans.models import Rate
from tansiq.plans.queries.changes import both_versions

form_view = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 50


@require_GET
def index(request: Request, country: str) -> HttpResponse:
    place = fetch(request.actor, "plans.place_view", Place, code=country, level=0)
    rates = Rate.objects.visible_to(request.actor).filter(country=place)
    rows = Paginator(rates.order_by("-on", "base", "quote", "pk"), PER_PAGE)
    context = {
        "country": place,
        "currency": money.currency_of(place.code),
        "page": rows.get_page(request.GET.get("page")),
        "may_edit": can(request.actor, "plans.rate_edit", place),
    }
    return page(request, "plans/money/rates.html", context)


@form_view
def add(request: Request, country: str) -> HttpResponse:
    place = fetch(request.actor, "plans.rate_edit", Place, code=country, level=0)
    first = {"on": localdate(), "base": _currency_asked_for(request)}
    form = RateForm(request.POST or None, country=place, initial=first)
    if form.is_valid():
        try:
            entering.set_rate(form.new_rate(), by=request.actor, at=now())
            return redirect("plans:rates", country)
        except entering.MoneyError as problem:
            form.add_error("on", str(problem))
    return _form_page(request, place, form, _("A new rate of exchange"))


def _currency_asked_for(request: Request) -> str:
    code = request.GET.get("base", "")
    return code if money.is_currency(code) else "USD"


@form_view
def change(request: Request, country: str, pk: int) -> HttpResponse:
    place = fetch(request.actor, "plans.rate_edit", Place, code=country, level=0)
    rate = fetch(request.actor, "plans.rate_view", Rate, pk=pk, country=place)
    form = RateForm(request.POST or None, country=place, instance=rate)
    more: dict[str, Any] = {"remove_url": reverse("plans:rate_remove", args=[country, pk])}
    if not form.is_valid():
        return _form_page(request, place, form, str(rate), **more)
    try:
        entering.edit_rate(
            rate, form.changes(), revision=form.seen_revision, by=request.actor, at=now()
        )
    except entering.MoneyError as problem:
        form.add_error("on", str(problem))
        return _form_page(request, place, form, str(rate), **more)
    except ChangedMeanwhileError as problem:
        return _conflict(request, place, form, problem, **more)
    return redirect("plans:rates", country)


@form_view
def remove(request: Request, country: str, pk: int) -> HttpResponse:
    place = fetch(request.actor, "plans.rate_edit", Place, code=country, level=0)
    rate = fetch(request.actor, "plans.rate_view", Rate, pk=pk, country=place)
    if request.method == "POST":
        entering.remove_rate(rate, by=request.actor, at=now())
        return redirect("plans:rates", country)
    context = {
        "country": place,
        "question": _("Remove “%(part)s”?") % {"part": rate},
        "consequence": _("Sums that were reckoned with it use the rate before it, or none."),
        "label": _("Remove it for good"),
        "is_danger": True,
        "form": forms.Form(),
        "back_url": reverse("plans:rate_change", args=[country, pk]),
    }
    return page(request, "plans/money/rate_remove.html", context)


def _form_page(
    request: Request, country: Place, form: RateForm, title: str, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {"country": country, "form": form, "heading": title}
    status = status or (422 if form.errors else 200)
    return page(request, "plans/money/rate.html", context | more, status=status)


def _conflict(
    request: Request, country: Place, form: RateForm, problem: ChangedMeanwhileError, **more: Any
) -> HttpResponse:
    current: Any = problem.current
    more |= both_versions(form, RateForm(instance=current, country=country))
    return _form_page(request, country, form, str(current), status=409, **more)
