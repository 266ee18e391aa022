"""Bodies that take part: the list, one of them, entering and correcting."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tansiq.access.actions import organisations as actions
from tansiq.access.directory import Wanted, conflicts_of, details_of, found
from tansiq.access.forms.organisations import NewOrganisationForm, OrganisationForm
from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation, OrganisationKind, Place
from tansiq.access.pages import page_of
from tansiq.core.editing import ChangedMeanwhileError


@login_required
def index(request: Request) -> HttpResponse:
    wanted = Wanted.from_query(request.GET)
    organisations = found(Organisation.objects.visible_to(request.actor), wanted)
    page = page_of(request, organisations)
    template = (
        "access/_organisations.html"
        if "HX-Request" in request.headers
        else "access/organisations.html"
    )
    context = {"page": page, "wanted": wanted, "kinds": OrganisationKind.choices}
    return render(request, template, context)


@login_required
def detail(request: Request, slug: str) -> HttpResponse:
    organisation = fetch(request.actor, "organisations.view", Organisation, slug=slug)
    context = details_of(organisation, request.actor, today=now().date()) | {
        "may_edit": can(request.actor, "organisations.edit", organisation),
        "may_invite": can(request.actor, "people.invite", organisation),
        "may_keep_contacts": can(request.actor, "contacts.add", organisation),
    }
    return render(request, "access/organisation.html", context)


@login_required
def create(request: Request, code: str) -> HttpResponse:
    place = fetch(request.actor, "organisations.create", Place, code=code)
    organisation = Organisation(place=place, country_code=place.country_code)
    form = NewOrganisationForm(request.POST or None, instance=organisation, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        actions.create_organisation(form.instance, by=request.actor, at=now())
        messages.success(request, _("Entered. Invite its first administrator now."))
        return redirect("access:organisation", form.instance.slug)
    return render(request, "access/organisation_form.html", {"place": place, "form": form})


@login_required
def edit(request: Request, slug: str) -> HttpResponse:
    organisation = fetch(request.actor, "organisations.edit", Organisation, slug=slug)
    form = OrganisationForm(request.POST or None, instance=organisation, actor=request.actor)
    if request.method != "POST" or not form.is_valid():
        context = {"organisation": organisation, "form": form}
        return render(request, "access/organisation_form.html", context)
    changes = dict(form.cleaned_data)
    revision = changes.pop("revision") or 0
    try:
        actions.edit_organisation(
            organisation, changes, revision=revision, by=request.actor, at=now()
        )
    except ChangedMeanwhileError as problem:
        context = {"organisation": organisation} | conflicts_of(form, problem)
        return render(request, "access/organisation_form.html", context, status=409)
    messages.success(request, _("Saved."))
    return redirect("access:organisation", slug)
