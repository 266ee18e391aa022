"""Writing a plan: its own details, and its parts."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.core.revised import RevisedForm
from tansiq.core.translations import show
from tansiq.plans.actions import plans as writing
from tansiq.plans.forms import parts
from tansiq.plans.forms.indicators import IndicatorForm
from tansiq.plans.forms.plans import PlanForm
from tansiq.plans.models import Action, ActionKind, Indicator, Plan
from tansiq.plans.queries.changes import both_versions
from tansiq.plans.queries.tree import tree_of

form_view = require_http_methods(["GET", "HEAD", "POST"])
FORMS: dict[str, type[parts.PartForm]] = {
    "pillar": parts.PillarForm,
    "objective": parts.ObjectiveForm,
    "action": parts.ActionForm,
    "duty": parts.DutyForm,
    "milestone": parts.MilestoneForm,
    "indicator": IndicatorForm,
}
# Under which field the part above is asked for in the address, when a part is added.
ABOVE = {
    "objective": "pillar",
    "action": "objective",
    "duty": "objective",
    "indicator": "objective",
}


def _plan(request: Request, country: str, slug: str, rule: str = "plans.edit_parts") -> Plan:
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    show([plan], "title", written_in=plan.language)
    return plan


@require_GET
def workshop(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.edit")
    if not can(request.actor, "plans.edit_parts", plan):
        return redirect("plans:amendment", country, slug)
    indicators = Indicator.objects.visible_to(request.actor).standing().filter(plan=plan)
    context = {
        "plan": plan,
        "tree": tree_of(plan, localdate()),
        "indicators": indicators.order_by("position", "code", "pk"),
    }
    return page(request, "plans/workshop.html", context)


@form_view
def details(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.edit")
    form = PlanForm(request.POST or None, instance=plan)
    title = _("The plan itself")
    if not form.is_valid():
        return _form_page(request, plan, form, title)
    try:
        writing.edit_plan(
            plan,
            form.changes(),
            revision=form.seen_revision,
            by=request.actor,
            at=now(),
            related=form.related(),
        )
    except ChangedMeanwhileError as problem:
        return _conflict(request, plan, form, PlanForm(instance=problem.current), title=title)
    return redirect(plan)


@form_view
def add(request: Request, country: str, slug: str, kind: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    form = _form_of(kind)(request.POST or None, plan=plan, initial=_above(request, kind))
    if form.is_valid():
        part = form.new_part()
        if kind == "milestone":
            part.action = _action_asked_for(request, plan)
        try:
            writing.add_part(part, by=request.actor, at=now(), related=form.related())
            return redirect(_after(plan, part))
        except writing.PlanNotReadyError as problem:
            form.add_error("code", str(problem))
    return _form_page(request, plan, form, _titles_of_new()[kind])


@form_view
def change(request: Request, country: str, slug: str, *, kind: str, pk: int) -> HttpResponse:
    plan = _plan(request, country, slug)
    part = _part(request, plan, kind, pk)
    form = _form_of(kind)(request.POST or None, instance=part, plan=plan)
    title = str(part)
    remove_url = reverse("plans:remove", args=[country, slug, kind, pk])
    if not form.is_valid():
        return _form_page(request, plan, form, title, remove_url=remove_url)
    try:
        writing.edit_part(
            part,
            form.changes(),
            revision=form.seen_revision,
            by=request.actor,
            at=now(),
            related=form.related(),
        )
    except ChangedMeanwhileError as problem:
        fresh = _form_of(kind)(instance=problem.current, plan=plan)
        return _conflict(request, plan, form, fresh, title=title, remove_url=remove_url)
    return redirect(_after(plan, part))


@form_view
def remove(request: Request, country: str, slug: str, *, kind: str, pk: int) -> HttpResponse:
    plan = _plan(request, country, slug)
    part = _part(request, plan, kind, pk)
    problem = None
    if request.method == "POST":
        try:
            writing.remove_part(part, by=request.actor, at=now())
            return redirect("plans:edit", country, slug)
        except writing.PlanNotReadyError as error:
            problem = error
    context = {
        "plan": plan,
        "question": _("Remove “%(part)s”?") % {"part": part},
        "consequence": _("It is gone for everybody, with all that stands under it."),
        "label": _("Remove it for good"),
        "is_danger": True,
        "problem": problem,
        "form": forms.Form(),
        "back_url": reverse("plans:change", args=[country, slug, kind, pk]),
    }
    return page(request, "plans/confirm.html", context, status=409 if problem else 200)


def _form_of(kind: str) -> type[parts.PartForm]:
    if kind not in FORMS:
        raise Http404
    return FORMS[kind]


def _part(request: Request, plan: Plan, kind: str, pk: int) -> Any:
    """Return the part of this plan; an action that is a duty only under that name."""
    model: Any = _form_of(kind).Meta.model  # type: ignore[attr-defined]  # -- every one of them has it
    seen = model.objects.visible_to(request.actor)
    seen = seen.filter(action__plan=plan) if kind == "milestone" else seen.filter(plan=plan)
    if model is Action:
        seen = seen.filter(kind=ActionKind.DUTY if kind == "duty" else ActionKind.STEP)
    part = seen.filter(pk=pk).first()
    if part is None:
        raise Http404
    return part


def _above(request: Request, kind: str) -> dict[str, str]:
    name = ABOVE.get(kind, "")
    return {name: request.GET[name]} if name in request.GET else {}


def _action_asked_for(request: Request, plan: Plan) -> Action:
    seen = Action.objects.visible_to(request.actor).filter(plan=plan)
    action = seen.filter(code=request.GET.get("action", "")).first()
    if action is None:
        raise Http404
    return action


def _after(plan: Plan, part: Any) -> str:
    """Return where to go once a part is saved: an action has a page, the others stand in a list."""
    action = part if isinstance(part, Action) else getattr(part, "action", None)
    if action is not None:
        return reverse("plans:action", args=[plan.country.code, plan.slug, action.code])
    return f"{reverse('plans:edit', args=[plan.country.code, plan.slug])}#p-{part.pk}"


def _form_page(
    request: Request, plan: Plan, form: RevisedForm, title: str, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "heading": title,
        "back_url": reverse("plans:edit", args=[plan.country.code, plan.slug]),
        "keeps_drafts": plan.marking not in {"amber+strict", "red"},
    }
    status = status or (422 if form.errors else 200)
    return page(request, "plans/form.html", context | more, status=status)


def _conflict(
    request: Request, plan: Plan, form: RevisedForm, fresh: RevisedForm, *, title: str, **more: Any
) -> HttpResponse:
    """Show what was typed beside what stands now; sending it again saves upon the new state."""
    more |= both_versions(form, fresh)
    return _form_page(request, plan, form, title, status=409, **more)


def _titles_of_new() -> dict[str, str]:
    return {
        "pillar": _("A new pillar"),
        "objective": _("A new objective"),
        "action": _("A new action"),
        "duty": _("Something new that is owed to each place"),
        "milestone": _("A new milestone"),
        "indicator": _("A new indicator"),
    }
