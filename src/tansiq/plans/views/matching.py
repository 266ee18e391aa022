"""Where local actions that are linked to nothing may belong."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.actions import matching
from tansiq.plans.forms.alignments import LINKS
from tansiq.plans.models import Action, Objective, Plan
from tansiq.plans.queries.matching import lines_for
from tansiq.plans.queries.unlinked import unlinked_under

PER_PAGE = 20


@dataclass(frozen=True)
class Wanted:
    text: str = ""
    objective: str = ""


def _local(request: Request, country: str, slug: str, rule: str) -> Plan:
    return fetch(request.actor, rule, Plan, country__code=country, slug=slug)


def _action_of(request: Request, plan: Plan, pk: int) -> Action:
    seen = Action.objects.visible_to(request.actor).steps().filter(plan=plan, pk=pk)
    related = "plan__country", "plan__parent__country", "objective", "lead"
    action = seen.select_related(*related).first()
    if action is None:
        raise Http404
    return action


def _answer(request: Request, plan: Plan, action: Action) -> HttpResponse:
    """Answer htmx with the suggestions anew; without scripts go back to where they stand."""
    on_action_page = request.POST.get("page") == "action"
    if "HX-Request" not in request.headers:
        beside = reverse("plans:beside", args=[plan.country.code, plan.slug])
        there = action.get_absolute_url() if on_action_page else beside
        return redirect(f"{there}#may-{action.pk}")
    seen = Plan.objects.visible_to(request.actor).filter(local_plans=plan)
    lines = lines_for(action) if seen.exists() else []
    if not lines:
        # Linked meanwhile, or the national plan is not for this reader: nothing to suggest.
        return HttpResponse()
    context = {
        "plan": plan,
        "line": lines[0],
        "may_align": True,
        "relations": LINKS,
        "on_action_page": on_action_page,
    }
    return page(request, "plans/matching/_may_belong.html", context)


@require_POST
def decline(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    plan = _local(request, country, slug, "plans.decline_match")
    action = _action_of(request, plan, pk)
    chosen = request.POST.get("objective", "")
    objectives = Objective.objects.visible_to(request.actor).filter(plan=plan.parent_id)
    objective = objectives.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    if objective is None:
        raise Http404
    matching.decline_match(action, objective, by=request.actor, at=now())
    return _answer(request, plan, action)


@require_POST
def reconsider(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    plan = _local(request, country, slug, "plans.reconsider_matches")
    action = _action_of(request, plan, pk)
    matching.reconsider_matches(action, by=request.actor, at=now())
    return _answer(request, plan, action)


@require_GET
def unlinked(request: Request, country: str, slug: str) -> HttpResponse:
    plan = fetch(request.actor, "plans.view", Plan, country__code=country, slug=slug)
    if not plan.is_national:
        raise Http404
    show([plan], "title", written_in=plan.language)
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    wanted = Wanted(text, request.GET.get("objective", "")[:20])
    shown = unlinked_under(request.actor, plan, text=wanted.text)
    lines = Paginator(shown.lines_of(wanted.objective), PER_PAGE)
    current = lines.get_page(request.GET.get("page"))
    context = {"plan": plan, "wanted": wanted, "shown": shown, "page": current}
    return page(request, "plans/matching/unlinked.html", context)
