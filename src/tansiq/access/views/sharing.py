"""Who may read one thing, and changing that. The same page for every kind of thing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.access.actions import sharing as actions
from tansiq.access.forms.sharing import MarkingForm, OrganisationChoice, PersonChoice
from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation, Person, Shared
from tansiq.access.queries import shared_kinds
from tansiq.access.readers import choices_for, page_of_thing, readers_of


def _thing(request: Request, rule: str, kind: str, pk: int) -> Shared:
    model = shared_kinds().get(kind)
    if model is None:
        raise Http404
    return fetch(request.actor, rule, model, pk=pk)


@login_required
def show(request: Request, kind: str, pk: int) -> HttpResponse:
    thing = _thing(request, "sharing.view", kind, pk)
    return render(request, "access/sharing.html", _context(request, thing))


def _context(request: Request, thing: Shared) -> dict[str, Any]:
    actor = request.actor
    initial = {"marking": thing.marking, "is_hub_wide": thing.is_hub_wide}
    among = choices_for(thing, actor)
    return {
        "thing": thing,
        "page": page_of_thing(thing),
        "kind": thing._meta.model_name,
        "readers": readers_of(thing),
        "may_mark": can(actor, "sharing.mark", thing),
        "may_name": can(actor, "sharing.name", thing),
        "may_hand_on": can(actor, "sharing.hand_on", thing),
        "marking_form": MarkingForm(initial=initial),
        "organisation_form": OrganisationChoice(among=among.organisations, prefix="name"),
        "person_form": PersonChoice(among=among.people),
        "hand_on_form": OrganisationChoice(among=among.under, prefix="under"),
    }


@login_required
@require_POST
def change_marking(request: Request, kind: str, pk: int) -> HttpResponse:
    thing = _thing(request, "sharing.mark", kind, pk)
    form = MarkingForm(request.POST)
    if not form.is_valid():
        return _again(request, thing, {"marking_form": form})
    if actions.is_loosening(thing, **form.cleaned_data):
        thing = _thing(request, "sharing.loosen", kind, pk)
    actions.change_marking(thing, **form.cleaned_data, by=request.actor, at=now())
    return _done(request, thing, _("The new marking holds from now on."))


@login_required
@require_POST
def name_organisation(request: Request, kind: str, pk: int) -> HttpResponse:
    thing = _thing(request, "sharing.name", kind, pk)
    among = choices_for(thing, request.actor).organisations
    form = OrganisationChoice(request.POST, among=among, prefix="name")
    return _do(request, thing, form, name="organisation_form", action=actions.name_organisation)


@login_required
@require_POST
def name_person(request: Request, kind: str, pk: int) -> HttpResponse:
    thing = _thing(request, "sharing.name", kind, pk)
    form = PersonChoice(request.POST, among=choices_for(thing, request.actor).people)
    return _do(request, thing, form, name="person_form", action=actions.name_person)


@login_required
@require_POST
def hand_on(request: Request, kind: str, pk: int) -> HttpResponse:
    thing = _thing(request, "sharing.hand_on", kind, pk)
    among = choices_for(thing, request.actor).under
    form = OrganisationChoice(request.POST, among=among, prefix="under")
    return _do(request, thing, form, name="hand_on_form", action=actions.hand_on)


@login_required
@require_POST
def unname_organisation(request: Request, kind: str, pk: int, slug: str) -> HttpResponse:
    thing = _thing(request, "sharing.unname", kind, pk)
    organisation = Organisation.objects.visible_to(request.actor).filter(slug=slug).first()
    if organisation is None:
        raise Http404
    actions.unname_organisation(thing, organisation, by=request.actor, at=now())
    return _done(request, thing, _("This organisation can no longer read it."))


@login_required
@require_POST
def unname_person(request: Request, kind: str, pk: int, person_pk: int) -> HttpResponse:
    thing = _thing(request, "sharing.unname", kind, pk)
    person = Person.objects.visible_to(request.actor).filter(pk=person_pk).first()
    if person is None:
        raise Http404
    try:
        actions.unname_person(thing, person, by=request.actor, at=now())
    except actions.SharingError as problem:
        return _again(request, thing, {"problem": problem})
    return _done(request, thing, _("This person can no longer read it."))


def _do(request: Request, thing: Shared, form: Any, *, name: str, action: Any) -> HttpResponse:
    if form.is_valid():
        [chosen] = form.cleaned_data.values()
        try:
            action(thing, chosen, by=request.actor, at=now())
        except actions.SharingError as problem:
            form.add_error(None, str(problem))
        else:
            return _done(request, thing, _("They can read it from now on, and are told."))
    return _again(request, thing, {name: form})


def _again(request: Request, thing: Shared, more: dict[str, Any]) -> HttpResponse:
    context = _context(request, thing) | more
    return render(request, "access/sharing.html", context, status=422)


def _done(request: Request, thing: Shared, message: str) -> HttpResponse:
    messages.success(request, message)
    is_readable = type(thing).objects.visible_to(request.actor).filter(pk=thing.pk).exists()
    return (
        redirect("access:sharing", thing._meta.model_name, thing.pk)
        if is_readable
        else redirect("/")
    )
