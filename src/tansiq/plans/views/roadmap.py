"""The road of a plan as a time line and a list; its phases, key dates and training written."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import can, fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.exports import csv_file
from tansiq.core.pages import page
from tansiq.core.translations import show as show_in_my_language
from tansiq.plans.actions import roadmap as drawing
from tansiq.plans.forms.roadmap import (
    KeyDateForm,
    PhaseForm,
    RoadForm,
    TrainingForm,
    TrainingGoalForm,
)
from tansiq.plans.models import Plan, TrainedRole, Training
from tansiq.plans.queries import training as reading
from tansiq.plans.queries.changes import both_versions
from tansiq.plans.queries.roadmap import road_of
from tansiq.plans.queries.training import security_share

PER_PAGE = 50
_HXL = ("#date", "#activity+name", "#population+role", "#adm+name", "#adm+code", "#reached",
        "#reached+f", "#org+provider")  # fmt: skip
form_view = require_http_methods(["GET", "HEAD", "POST"])
FORMS: dict[str, type[RoadForm]] = {
    "phase": PhaseForm,
    "date": KeyDateForm,
    "goal": TrainingGoalForm,
}


@require_GET
def show(request: Request, country: str, slug: str) -> HttpResponse:
    plan = fetch(request.actor, "plans.view", Plan, country__code=country, slug=slug)
    show_in_my_language([plan], "title", written_in=plan.language)
    road = road_of(request.actor, plan, day=localdate())
    context = {
        "plan": plan,
        "road": road,
        "warning": security_share(road.capacity),
        "may_draw": can(request.actor, "plans.roadmap_edit", plan),
        "may_enter": can(request.actor, "plans.training_enter", plan),
    }
    return page(request, "plans/roadmap/index.html", context)


@form_view
def add(request: Request, country: str, slug: str, kind: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    form = _form_of(kind)(request.POST or None, plan=plan)
    if form.is_valid():
        try:
            drawing.add_to_road(form.new_part(), by=request.actor, at=now())
            return redirect("plans:roadmap", country, slug)
        except drawing.RoadmapError as problem:
            form.add_error(None, str(problem))
    return _form_page(request, plan, form, _titles()[kind])


@form_view
def change(request: Request, country: str, slug: str, *, kind: str, pk: int) -> HttpResponse:
    plan = _plan(request, country, slug)
    part = _part(request, plan, kind, pk)
    form = _form_of(kind)(request.POST or None, instance=part, plan=plan)
    remove_url = reverse("plans:road_remove", args=[country, slug, kind, pk])
    more: dict[str, Any] = {"remove_url": remove_url}
    if not form.is_valid():
        return _form_page(request, plan, form, str(part), **more)
    return _saved(request, plan, form, lambda one: _form_of(kind)(instance=one, plan=plan), **more)


@form_view
def remove(request: Request, country: str, slug: str, *, kind: str, pk: int) -> HttpResponse:
    plan = _plan(request, country, slug)
    part = _part(request, plan, kind, pk)
    if request.method == "POST":
        drawing.take_off_road(part, by=request.actor, at=now())
        return redirect("plans:roadmap", country, slug)
    back = reverse("plans:road_change", args=[country, slug, kind, pk])
    return _confirm_page(request, plan, part, back)


@require_GET
def training(request: Request, country: str, slug: str) -> HttpResponse:
    plan = fetch(request.actor, "plans.view", Plan, country__code=country, slug=slug)
    show_in_my_language([plan], "title", written_in=plan.language)
    wanted = reading.wanted_from(request.GET.dict())
    rows = reading.narrowed(reading.trainings_of(request.actor, plan), wanted)
    context = {
        "plan": plan,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "roles": TrainedRole.choices,
        "wanted": wanted,
        "may_enter": can(request.actor, "plans.training_enter", plan),
        "here": _("Training"),
    }
    return page(
        request, "plans/roadmap/training.html", context, fragment="plans/roadmap/_rows.html"
    )


@require_GET
def training_file(request: Request, country: str, slug: str) -> HttpResponse:
    plan = fetch(request.actor, "plans.export", Plan, country__code=country, slug=slug)
    wanted = reading.wanted_from(request.GET.dict())
    rows = reading.narrowed(reading.trainings_of(request.actor, plan), wanted)
    detail = {"rows": rows.count(), "of": "training"}
    record(request.actor, "export:plans.view", plan, at=now(), detail=detail)
    headings = [_("Day"), _("Subject"), _("Role"), _("Place"), _("Code"), _("People"), _("Women"),
                _("Given by")]  # fmt: skip
    name = f"{plan.slug}-training"
    return csv_file(name, headings, map(reading.cells_of, rows.iterator(500)), tags=_HXL)


@form_view
def add_training(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, rule="plans.training_enter")
    form = TrainingForm(request.POST or None, plan=plan, today=localdate())
    if not form.is_valid():
        return _form_page(request, plan, form, _("Training that took place"))
    drawing.add_to_road(form.new_part(), by=request.actor, at=now())
    return redirect("plans:training", country, slug)


@form_view
def change_training(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    plan = _plan(request, country, slug, rule="plans.training_enter")
    part = fetch(request.actor, "plans.training_change", Training, pk=pk, plan=plan)
    form = TrainingForm(request.POST or None, instance=part, plan=plan, today=localdate())
    more: dict[str, Any] = {
        "remove_url": reverse("plans:training_remove", args=[country, slug, pk]),
        "after": reverse("plans:training", args=_where(plan)),
    }
    if not form.is_valid():
        return _form_page(request, plan, form, str(part), **more)

    def afresh(current: Training) -> TrainingForm:
        return TrainingForm(instance=current, plan=plan, today=localdate())

    return _saved(request, plan, form, afresh, **more)


@form_view
def remove_training(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    plan = _plan(request, country, slug, rule="plans.training_enter")
    part = fetch(request.actor, "plans.training_change", Training, pk=pk, plan=plan)
    if request.method == "POST":
        drawing.take_off_road(part, by=request.actor, at=now())
        return redirect("plans:training", country, slug)
    back = reverse("plans:training_change", args=[country, slug, pk])
    return _confirm_page(request, plan, part, back)


def _plan(request: Request, country: str, slug: str, *, rule: str = "plans.roadmap_edit") -> Plan:
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    show_in_my_language([plan], "title", written_in=plan.language)
    return plan


def _form_of(kind: str) -> type[RoadForm]:
    if kind not in FORMS:
        raise Http404
    return FORMS[kind]


def _part(request: Request, plan: Plan, kind: str, pk: int) -> Any:
    model: Any = _form_of(kind).Meta.model  # type: ignore[attr-defined]  # -- every one of them has it
    part = model.objects.visible_to(request.actor).filter(plan=plan, pk=pk).first()
    if part is None:
        raise Http404
    return part


def _saved(request: Request, plan: Plan, form: RoadForm, afresh: Any, **more: Any) -> HttpResponse:
    """Save what was changed; or show both versions, when somebody was quicker."""
    part = form.instance
    try:
        drawing.change_on_road(
            part, form.changes(), revision=form.seen_revision, by=request.actor, at=now()
        )
    except ChangedMeanwhileError as conflict:
        current: Any = conflict.current
        more |= both_versions(form, afresh(current))
        return _form_page(request, plan, form, str(part), status=409, **more)
    except drawing.RoadmapError as problem:
        form.add_error(None, str(problem))
        return _form_page(request, plan, form, str(part), **more)
    return redirect(more.get("after") or reverse("plans:roadmap", args=_where(plan)))


def _where(plan: Plan) -> tuple[str, str]:
    """Return what stands in the addresses of this plan."""
    return plan.country.code, plan.slug


def _form_page(
    request: Request, plan: Plan, form: RoadForm, heading: str, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "heading": heading,
        "back_url": reverse("plans:roadmap", args=_where(plan)),
        "keeps_drafts": plan.marking not in {"amber+strict", "red"},
    }
    status = status or (422 if form.errors else 200)
    return page(request, "plans/form.html", context | more, status=status)


def _confirm_page(request: Request, plan: Plan, part: Any, back_url: str) -> HttpResponse:
    context = {
        "plan": plan,
        "question": _("Remove “%(part)s”?") % {"part": part},
        "consequence": _("It is gone from the road map for everybody, and no longer counts."),
        "label": _("Remove it for good"),
        "is_danger": True,
        "form": forms.Form(),
        "back_url": back_url,
    }
    return page(request, "plans/confirm.html", context)


def _titles() -> dict[str, str]:
    return {
        "phase": _("A new phase"),
        "date": _("A new key date"),
        "goal": _("A new goal for training"),
    }
