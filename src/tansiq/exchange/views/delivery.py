"""How I hear of items, and how the offices I administer do."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tansiq.access.actor import Role
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation, Person
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.exchange.actions.routes import add_route, change_route, choose_rhythm, remove_route
from tansiq.exchange.forms.delivery import RhythmForm, RouteForm
from tansiq.exchange.models import MailChoice, MailRhythm, Route


@login_required
@require_http_methods(["GET", "POST"])
def mine(request: Request) -> HttpResponse:
    person = Person.objects.visible_to(request.actor).get(pk=request.actor.person_id)
    choice = MailChoice.objects.visible_to(request.actor).first()
    now_is = choice.rhythm if choice else MailRhythm.AT_ONCE
    form = RhythmForm(request.POST or None, initial={"rhythm": now_is})
    if form.is_valid():
        rhythm = MailRhythm(form.cleaned_data["rhythm"])
        choose_rhythm(person, rhythm, by=request.actor, at=now())
        messages.success(request, _("Saved."))
        return redirect("exchange:delivery")
    routes = Route.objects.visible_to(request.actor).select_related("organisation")
    ours = Organisation.objects.visible_to(request.actor).filter(
        pk__in=request.actor.organisations_as(Role.ADMINISTRATOR)
    )
    context = {
        "form": form,
        "person": person,
        "routes": routes.order_by("organisation__name", "channel", "pk"),
        "organisations": ours.order_by("name"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "exchange/delivery/mine.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: Request, slug: str) -> HttpResponse:
    organisation = fetch(request.actor, "exchange.keep_routes", Organisation, slug=slug)
    form = RouteForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    form.instance.organisation = organisation
    form.instance.made_at = now()
    if form.is_valid():
        add_route(organisation, form.cleaned_data, by=request.actor, at=now())
        messages.success(request, _("Saved."))
        return redirect("exchange:delivery")
    return _form_page(request, form, organisation)


@login_required
@require_http_methods(["GET", "POST"])
def change(request: Request, pk: int) -> HttpResponse:
    route = fetch(request.actor, "exchange.change_route", Route, pk=pk)
    form = RouteForm(request.POST or None, instance=route)
    if form.is_valid():
        revision = int(request.POST.get("revision") or 0)
        try:
            change_route(route, form.cleaned_data, revision=revision, by=request.actor, at=now())
        except ChangedMeanwhileError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("exchange:delivery")
    return _form_page(request, form, route.organisation)


def _form_page(request: Request, form: RouteForm, organisation: Organisation) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "organisation": organisation, "route": form.instance}
    status = 422 if form.is_bound else 200
    return render(request, "exchange/delivery/route.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: Request, pk: int) -> HttpResponse:
    route = fetch(request.actor, "exchange.change_route", Route, pk=pk)
    if request.method == "POST":
        if "sure" not in request.POST:
            raise Http404
        remove_route(route, by=request.actor, at=now())
        messages.success(request, _("Removed."))
        return redirect("exchange:delivery")
    return render(request, "exchange/delivery/remove.html", {"route": route})
