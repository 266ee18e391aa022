"""One action: what it is, how it stands, how places answer it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import can_each, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.actions.plans import reach_milestone, set_status
from tansiq.plans.forms.alignments import LINKS
from tansiq.plans.forms.status import MilestoneReachedForm, StatusForm
from tansiq.plans.models import Action, Milestone, Plan
from tansiq.plans.queries import action_page as reading
from tansiq.plans.queries.matching import OrphanLine, lines_for

PER_PAGE = 50
_ASKED = ("plans.align", "plans.set_status", "plans.edit_parts", "plans.propose")


def _plan(request: Request, country: str, slug: str, rule: str) -> Plan:
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    show([plan], "title", written_in=plan.language)
    return plan


def _action_in(request: Request, plan: Plan, code: str) -> Action:
    seen = Action.objects.visible_to(request.actor).filter(plan=plan, code=code)
    action = seen.select_related(
        "plan__country", "plan__place", "plan__parent__country", "objective__pillar", "lead"
    ).first()
    if action is None:
        raise Http404
    return action


@require_GET
def action(request: Request, country: str, slug: str, code: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.view")
    return _shown(request, plan, _action_in(request, plan, code))


def _shown(
    request: Request, plan: Plan, action: Action, status: int = 200, **more: Any
) -> HttpResponse:
    rows: Any = (
        reading.deliveries_of(request.actor, action)
        if action.is_duty
        else reading.answers_to(action)
    )
    current = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    answers = [] if action.is_duty else reading.answer_rows(request.actor, list(current))
    may = can_each(request.actor, _ASKED, plan)
    context = {
        "plan": plan,
        "action": action,
        "shown": reading.action_page(request.actor, action, localdate()),
        "page": current,
        "answers": answers,
        "form": StatusForm(initial={"status": action.status, "revision": action.revision}),
        "may_belong": _may_belong(request, plan, action),
        "may_align": may["plans.align"],
        "relations": LINKS,
        "may_set_status": may["plans.set_status"],
        "may_edit": may["plans.edit_parts"],
        "may_propose": may["plans.propose"],
    }
    return page(request, "plans/action.html", context | more, status=status)


def _may_belong(request: Request, plan: Plan, action: Action) -> list[OrphanLine]:
    """Return where a local action may belong, for members who see the national plan."""
    if plan.parent_id is None or not request.actor.is_signed_in:
        return []
    seen = Plan.objects.visible_to(request.actor).filter(pk=plan.parent_id)
    return lines_for(action) if seen.exists() else []


@require_POST
def status(request: Request, country: str, slug: str, code: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.set_status")
    action = _action_in(request, plan, code)
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _shown(request, plan, action, 422, form=form)
    chosen = form.cleaned_data
    try:
        set_status(
            action, chosen["status"], revision=chosen["revision"], by=request.actor, at=now()
        )
    except ChangedMeanwhileError as problem:
        current = _action_in(request, plan, code)
        again = {"status": chosen["status"], "revision": current.revision}
        more = {"problem": problem, "form": StatusForm(initial=again)}
        return _shown(request, plan, current, 409, **more)
    return redirect(action)


@require_POST
def milestone(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.set_status")
    seen = Milestone.objects.visible_to(request.actor).select_related("action__plan__country")
    step = seen.filter(pk=pk, action__plan=plan).first()
    if step is None:
        raise Http404
    form = MilestoneReachedForm(request.POST)
    if form.is_valid():
        reach_milestone(step, on=form.cleaned_data["on"], by=request.actor, at=now())
    else:
        messages.error(request, _("This is not a day. Choose the day on which it was reached."))
    return redirect(step.action)
