"""What is decided about a whole plan: start, adopt, publish, carry down."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.actions import cascade
from tansiq.plans.actions import plans as deciding
from tansiq.plans.forms.plans import AdoptForm, PlacesForm, StartForm
from tansiq.plans.models import Plan
from tansiq.plans.queries import carrying, wording
from tansiq.plans.queries.listing import may_start_for
from tansiq.plans.queries.places import level_choices, levels_below

form_view = require_http_methods(["GET", "HEAD", "POST"])


def _plan(request: Request, country: str, slug: str, rule: str) -> Plan:
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    show([plan], "title", written_in=plan.language)
    return plan


def _confirm(request: Request, plan: Plan, **context: Any) -> HttpResponse:
    """Ask before an important step, saying what follows from it."""
    form = context.setdefault("form", forms.Form())
    problem = context.get("problem")
    status = 409 if problem else 422 if form.errors else 200
    context |= {"plan": plan, "back_url": plan.get_absolute_url()}
    return page(request, "plans/confirm.html", context, status=status)


@form_view
def start(request: Request) -> HttpResponse:
    owners = may_start_for(request.actor)
    if not owners:
        raise PermissionDenied(_("Only a coordinator of an organisation can start a plan for it."))
    nationals = Plan.objects.visible_to(request.actor).national().select_related("country")
    form = StartForm(
        request.POST or None, owners=owners, nationals=nationals, initial=request.GET.dict()
    )
    if form.is_valid():
        fetch(request.actor, "plans.create", Organisation, pk=form.cleaned_data["owner"].pk)
        try:
            plan = deciding.create_plan(form.save(commit=False), by=request.actor, at=now())
            return redirect("plans:edit", plan.country.code, plan.slug)
        except deciding.AddressTakenError as problem:
            form.add_error("slug", str(problem))
    context = {"form": form, "back_url": reverse("plans:index")}
    return page(request, "plans/start.html", context, status=422 if form.errors else 200)


@form_view
def start_local(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.start_local")
    asked = {"place__code": request.GET.get("place", ""), "is_lead_of_place": True}
    lead = fetch(request.actor, "plans.create", Organisation, **asked)
    place: Any = lead.place
    problem = None
    if request.method == "POST":
        try:
            cascade.start_local_plan(plan, place, by=request.actor, at=now())
            return redirect("plans:place", country, slug, place.code)
        except deciding.PlanNotReadyError as error:
            problem = error
    return _confirm(
        request,
        plan,
        question=_("Start the plan of %(place)s?") % {"place": place},
        consequence=_(
            "Your plan begins with every action in which the national plan gives local government "
            "a role. You then change it, add your own actions, and say where something does not "
            "apply."
        ),
        label=_("Start our plan"),
        problem=problem,
    )


@form_view
def adopt(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.adopt")
    initial = {"on": localdate(), "legal_instrument": plan.legal_instrument}
    form = AdoptForm(request.POST or None, initial=initial, today=localdate())
    problem = None
    if form.is_valid():
        try:
            deciding.adopt_plan(plan, **form.cleaned_data, by=request.actor, at=now())
            return redirect(plan)
        except deciding.PlanNotReadyError as error:
            problem = error
    return _confirm(
        request,
        plan,
        question=_("Adopt this plan?"),
        consequence=_("It then counts as in force. A later change stands in the log."),
        label=_("Adopt the plan"),
        form=form,
        problem=problem,
    )


@form_view
def publish(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.publish")
    problem = None
    if request.method == "POST":
        try:
            deciding.publish_plan(plan, by=request.actor, at=now())
            return redirect(plan)
        except deciding.PlanNotReadyError as error:
            problem = error
    return _confirm(
        request,
        plan,
        question=_("Publish this plan?"),
        consequence=wording.what_publishing_means(),
        label=_("Publish the plan"),
        problem=problem,
    )


@form_view
def unpublish(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.unpublish")
    if request.method == "POST":
        deciding.unpublish_plan(plan, by=request.actor, at=now())
        return redirect(plan)
    return _confirm(
        request,
        plan,
        question=_("Take this plan off the public pages?"),
        consequence=_(
            "Who is not signed in can then no longer read it. Copies that others made stay."
        ),
        label=_("Take it off the public pages"),
        is_danger=True,
    )


@form_view
def carry(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.carry_down")
    context = _choice(request, plan)
    form = PlacesForm(request.POST or None, listed=context["listed"])
    context |= {"plan": plan, "form": form}
    if not form.is_valid():
        context["places"] = carrying.with_marks(plan, context["listed"])
        return page(request, "plans/carry.html", context, status=422 if form.errors else 200)
    context["preview"] = preview = carrying.preview_of(plan, form.cleaned_data["places"])
    if "do" not in request.POST:
        return page(request, "plans/carry_preview.html", context)
    try:
        made = cascade.carry_down(plan, preview.places, by=request.actor, at=now())
    except deciding.PlanNotReadyError as problem:
        context["problem"] = problem
        return page(request, "plans/carry_preview.html", context, status=409)
    messages.success(
        request, wording.what_was_carried(len(made.plans), made.actions, made.deliveries)
    )
    if preview.skipped:
        messages.info(request, wording.what_was_skipped(preview.skipped))
    return redirect("plans:places", country, slug)


def _choice(request: Request, plan: Plan) -> dict[str, Any]:
    """Return which places the reader wants to see: a level, and under which region."""
    asked = request.GET
    levels = levels_below(plan)
    level = int(asked["level"]) if asked.get("level", "") in map(str, levels) else levels[0]
    regions = carrying.regions_of(plan)
    under = next((one for one in regions if one.code == asked.get("under")), None)
    listed = carrying.candidates(plan, level, under, localdate())
    count = listed.count()
    return {
        "levels": level_choices(plan),
        "level": level,
        "regions": regions,
        "under": under,
        "listed": listed,
        "count": count,
        "is_too_many": count > carrying.MOST,
    }
