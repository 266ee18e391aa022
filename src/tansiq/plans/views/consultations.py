"""Consultations: found, read, entered, changed, removed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation, Place
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.core.translations import show, show_each
from tansiq.plans.actions import voices as acting
from tansiq.plans.actions.pictures import NotAboutPersonsError
from tansiq.plans.forms.consultations import ConsultationForm, first_values
from tansiq.plans.models import Consultation, Voice
from tansiq.plans.queries import voice_pages as reading
from tansiq.plans.queries.activities import (
    organisations_registering,
    places_near,
    plans_to_work_on,
)
from tansiq.plans.queries.changes import latest_editor

_PER_PAGE = 30
form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    code = request.GET.get("place", "")
    place = Place.objects.visible_to(request.actor).filter(code=code).first()
    rows: Any = reading.consultations(request.actor, place=place)
    current = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    show_each(current.object_list, "about", language_of=lambda one: str(one.language))
    context = {"page": current, "place": place, "may_enter": reading.may_enter(request.actor)}
    return page(request, "plans/voices/consultations.html", context)


@login_required
@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    one = fetch(request.actor, "plans.consultation_view", Consultation, pk=pk)
    show([one], "about", "said", "changed", written_in=one.language)
    counts = {row.voice: row.persons for row in one.present.all()}
    context = {
        "consultation": one,
        "present": [(voice.label, counts[voice]) for voice in Voice if voice in counts],
        "persons": sum(counts.values()),
        "may_edit": can(request.actor, "plans.consultation_edit", one),
        "may_remove": can(request.actor, "plans.consultation_remove", one),
    }
    return page(request, "plans/voices/consultation.html", context)


@login_required
@form_view
def add(request: Request) -> HttpResponse:
    asked = {name: request.GET[name] for name in ("place", "plan") if name in request.GET}
    first = {"language": request.LANGUAGE_CODE, "marking": "green"} | asked
    form = _form(request, first)
    if form.is_valid():
        saved = _save(request, form, Consultation())
        if saved is not None:
            messages.success(request, _("The consultation counts from now on."))
            return redirect(saved)
    return _form_page(request, form)


@login_required
@form_view
def edit(request: Request, pk: int) -> HttpResponse:
    one = fetch(request.actor, "plans.consultation_edit", Consultation, pk=pk)
    form = _form(request, first_values(one))
    if not form.is_valid():
        return _form_page(request, form, consultation=one)
    try:
        saved = _save(request, form, one)
    except ChangedMeanwhileError as problem:
        return _conflict(request, form, problem)
    return redirect(saved) if saved else _form_page(request, form, consultation=one)


def _save(request: Request, form: ConsultationForm, one: Consultation) -> Consultation | None:
    """Save what was entered; None when something in it must not stand there."""
    changes = form.changes()
    fetch(request.actor, "plans.consultation_add", Organisation, pk=changes["owner"].pk)
    try:
        return acting.put_consultation(
            one,
            changes,
            present=form.present(),
            revision=form.cleaned_data["revision"] or 0,
            by=request.actor,
            at=now(),
        )
    except (acting.ConsultationError, NotAboutPersonsError) as problem:
        form.add_error(None, str(problem))
        return None


def _form(request: Request, first: dict[str, Any]) -> ConsultationForm:
    organisations = organisations_registering(request.actor)
    if not organisations:
        raise PermissionDenied(
            _("Only a contributor of the organisation can enter its consultations.")
        )
    plans = plans_to_work_on(request.actor, organisations).select_related("country")
    return ConsultationForm(
        request.POST or None,
        initial=first,
        organisations=organisations,
        plans=plans,
        today=localdate(),
    )


def _form_page(
    request: Request, form: ConsultationForm, *, status: int = 0, **more: Any
) -> HttpResponse:
    places = places_near(form.organisations.values())
    status = status or (422 if form.errors else 200)
    context = {"form": form, "places": places} | more
    return page(request, "plans/voices/consultation_form.html", context, status=status)


def _conflict(
    request: Request, form: ConsultationForm, problem: ChangedMeanwhileError
) -> HttpResponse:
    """Show what stands now beside what was typed; sending it again saves upon the new state."""
    current = fetch(request.actor, "plans.consultation_edit", Consultation, pk=problem.current.pk)
    stands, given = first_values(current), form.cleaned_data
    differences = [
        {"label": form.fields[name].label, "theirs": stands[name], "yours": given[name]}
        for name in ("held_on", "about", "said", "changed", "feedback_on")
        if str(stands[name]) != str(given[name])
    ]
    data = request.POST.copy()
    data["revision"] = str(current.revision)
    form.data = data
    more = {
        "consultation": current,
        "differences": differences,
        "changed_by": latest_editor(current) or _("Somebody"),
        "changed_at": current.changed_at,
    }
    return _form_page(request, form, status=409, **more)


@login_required
@form_view
def remove(request: Request, pk: int) -> HttpResponse:
    one = fetch(request.actor, "plans.consultation_remove", Consultation, pk=pk)
    if request.method == "POST":
        acting.remove_consultation(one, by=request.actor, at=now())
        messages.success(request, _("The consultation is removed and counts no more."))
        return redirect("plans:consultations")
    context = {
        "question": _("Remove this consultation?"),
        "consequence": _("What was said is gone, and whoever was there is counted no more."),
        "label": _("Remove it for good"),
        "is_danger": True,
        "form": forms.Form(),
        "back_url": one.get_absolute_url(),
    }
    return page(request, "core/confirm.html", context)
