"""A local plan beside the national one: adopt, adapt, say why not, link, undo."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.actions import answers
from tansiq.plans.actions.freezing import PlanFrozenError
from tansiq.plans.forms.alignments import LinkForm, RefusalForm
from tansiq.plans.forms.parts import AdaptForm
from tansiq.plans.models import Action, Alignment, Plan
from tansiq.plans.queries.beside import beside_of, pair_of


def _local(request: Request, country: str, slug: str, rule: str) -> Plan:
    """Return a local plan that stands under a national one, if this may be done to it."""
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    if plan.parent_id is None:
        raise Http404
    show([plan], "title", written_in=plan.language)
    return plan


def _national_action(request: Request, local: Plan, code: str) -> Action:
    seen = Action.objects.visible_to(request.actor).steps()
    related = "plan__country", "objective"
    action = seen.filter(plan=local.parent_id, code=code).select_related(*related).first()
    if action is None:
        raise Http404
    return action


def _row(request: Request, local: Plan, national: Action, **more: Any) -> HttpResponse:
    """Answer htmx with the one line; without scripts go back to the page, at that line."""
    if "HX-Request" not in request.headers:
        return redirect(f"{_address(local)}#n-{national.pk}")
    context = {"plan": local, "pair": pair_of(local, national), "may_align": True}
    status = 422 if more.get("form") and more["form"].errors else 200
    return page(request, "plans/_beside_row.html", context | more, status=status)


def _to_amendment(request: Request, local: Plan) -> HttpResponse:
    """Lead on to where an adopted plan is changed; htmx goes there as a whole page."""
    url = reverse("plans:amendment", args=[local.country.code, local.slug])
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _address(local: Plan) -> str:
    return reverse("plans:beside", args=[local.country.code, local.slug])


@require_GET
def beside(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _local(request, country, slug, "plans.view")
    national = Plan.objects.visible_to(request.actor).filter(local_plans=plan).first()
    if national is None:
        raise Http404
    show([national], "title", written_in=national.language)
    context = {
        "plan": plan,
        "national": national,
        "beside": beside_of(plan, national),
        "relations": LinkForm.base_fields["relation"].choices,  # type: ignore[attr-defined]  # -- a choice field
        "may_align": can(request.actor, "plans.align", plan),
    }
    return page(request, "plans/beside.html", context)


@require_POST
def adopt_one(request: Request, country: str, slug: str, code: str) -> HttpResponse:
    plan = _local(request, country, slug, "plans.align")
    national = _national_action(request, plan, code)
    try:
        answers.adopt_action(national, plan, by=request.actor, at=now())
    except PlanFrozenError as problem:
        messages.error(request, str(problem))
        return _to_amendment(request, plan)
    return _row(request, plan, national)


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: Request, country: str, slug: str, code: str) -> HttpResponse:
    plan = _local(request, country, slug, "plans.align")
    national = _national_action(request, plan, code)
    form = RefusalForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        answers.refuse(national, plan.place, reason, by=request.actor, at=now())
        return _row(request, plan, national)
    if "HX-Request" in request.headers:
        return _row(request, plan, national, form=form)
    show([national], "title", "local_role", written_in=national.plan.language)
    context = {"plan": plan, "national_action": national, "form": form, "back_url": _address(plan)}
    return page(request, "plans/refuse.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def adapt(request: Request, country: str, slug: str, code: str) -> HttpResponse:
    plan = _local(request, country, slug, "plans.align")
    national = _national_action(request, plan, code)
    form = AdaptForm.from_national(national, plan, request.POST or None)
    if form.is_valid():
        try:
            answers.adapt_action(national, plan, form.values(), by=request.actor, at=now())
        except PlanFrozenError as problem:
            messages.error(request, str(problem))
            return _to_amendment(request, plan)
        return redirect(f"{_address(plan)}#n-{national.pk}")
    show([national], "title", "local_role", written_in=national.plan.language)
    context = {"plan": plan, "national_action": national, "form": form, "back_url": _address(plan)}
    return page(request, "plans/adapt.html", context, status=422 if form.errors else 200)


@require_POST
def undo(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    plan = _local(request, country, slug, "plans.align")
    seen = Alignment.objects.visible_to(request.actor).select_related(
        "national_action__plan__country", "national_action__objective"
    )
    alignment = seen.filter(
        pk=pk, place=plan.place_id, national_action__plan=plan.parent_id
    ).first()
    if alignment is None:
        raise Http404
    national = alignment.national_action
    answers.unalign(alignment, by=request.actor, at=now())
    return _row(request, plan, national)


@require_POST
def link(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _local(request, country, slug, "plans.align")
    own = Action.objects.visible_to(request.actor).steps().filter(plan=plan)
    national = Action.objects.visible_to(request.actor).steps().filter(plan=plan.parent_id)
    form = LinkForm(request.POST, own=own.select_related("plan__place"), national=national)
    if not form.is_valid():
        messages.error(request, _("Choose the national action to link to."))
        return redirect(f"{_address(plan)}#unlinked")
    chosen = form.cleaned_data
    answers.align(
        chosen["national_action"],
        chosen["local_action"],
        chosen["relation"],
        by=request.actor,
        at=now(),
    )
    return redirect(f"{_address(plan)}#n-{chosen['national_action'].pk}")
