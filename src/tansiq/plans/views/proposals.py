"""Proposals to a national plan: the list, one, writing, sending, supporting."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.actor import Role
from tansiq.access.gate import can, can_each, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.core.translations import show, show_each
from tansiq.plans.actions import proposals as deciding
from tansiq.plans.forms.proposals import AnswerForm, ProposalForm
from tansiq.plans.models import Plan, Proposal, ProposalStatus, Subject
from tansiq.plans.queries import proposals as reading
from tansiq.plans.queries.changes import latest_editor
from tansiq.plans.queries.places import level_choices
from tansiq.plans.queries.wording import in_readers_language
from tansiq.plans.rules.proposals import bodies_that_may_support, leads_below

form_view = require_http_methods(["GET", "HEAD", "POST"])
_PER_PAGE = 50
_STEPS = ("edit", "send", "withdraw", "support", "remind", "consider", "answer", "merge", "link")


def _plan(request: Request, country: str, slug: str, rule: str = "plans.view") -> Plan:
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    if not plan.is_national:
        raise Http404
    show([plan], "title", written_in=plan.language)
    return plan


def _proposal(request: Request, rule: str, *where: Any) -> Proposal:
    country, slug, pk = where
    asked = {"plan__country__code": country, "plan__slug": slug}
    proposal = fetch(request.actor, f"plans.proposal_{rule}", Proposal, pk=pk, **asked)
    fetch(request.actor, "plans.view", Plan, pk=proposal.plan_id)
    show([proposal.plan], "title", written_in=proposal.plan.language)
    return proposal


@require_GET
def index(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug)
    asked = reading.wanted_from(request.GET.dict())
    rows = reading.proposals_of(request.actor, plan, asked, localdate())
    current = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    objectives, _actions = reading.choices_for(request.actor, plan)
    context = {
        "plan": plan,
        "page": current,
        "groups": reading.grouped(plan, current),
        "wanted": asked,
        "objectives": objectives,
        "levels": level_choices(plan),
        "statuses": ProposalStatus.choices,
        "counts": reading.counts_of(request.actor, plan, localdate()),
        "may_propose": can(request.actor, "plans.propose", plan),
    }
    return page(
        request, "plans/proposals/index.html", context, fragment="plans/proposals/_list.html"
    )


@form_view
def write(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.propose")
    form = _form(request, plan, initial=_asked_for(request, plan))
    if not form.is_valid():
        return _form_page(request, plan, form, _("Propose a change"))
    proposal = form.save(commit=False)
    proposal.plan, proposal.owner, proposal.place = plan, form.body, form.body.place
    proposal.purpose = _("Proposal to change the national plan")
    deciding.write_proposal(proposal, by=request.actor, at=now())
    return redirect(proposal)


def _form(request: Request, plan: Plan, **options: Any) -> ProposalForm:
    objectives, actions = reading.choices_for(request.actor, plan)
    bodies = leads_below(request.actor, plan, Role.CONTRIBUTOR)
    data = request.POST or None
    return ProposalForm(data, bodies=bodies, objectives=objectives, actions=actions, **options)


def _asked_for(request: Request, plan: Plan) -> dict[str, Any]:
    """Begin with the action or objective from whose page the writer came."""
    found: dict[str, Any] = {"language": get_language() or plan.language}
    action = plan.actions.filter(code=request.GET.get("action", "")).first()
    objective = plan.objectives.filter(code=request.GET.get("objective", "")).first()
    if action is not None:
        found |= {"subject": Subject.ACTION, "action": action.pk}
    elif objective is not None:
        found |= {"subject": Subject.OBJECTIVE, "objective": objective.pk}
    return found


@form_view
def edit(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    proposal = _proposal(request, "edit", country, slug, pk)
    form = _form(request, proposal.plan, instance=proposal)
    if not form.is_valid():
        return _form_page(request, proposal.plan, form, _("Change the proposal"))
    try:
        changes, revision = form.changes(), form.seen_revision
        deciding.edit_proposal(proposal, changes, revision=revision, by=request.actor, at=now())
    except ChangedMeanwhileError as problem:
        fresh = _unbound(request, proposal.plan, problem.current)
        more = {
            "differences": form.show_again(fresh),
            "changed_by": latest_editor(proposal) or _("Somebody"),
            "changed_at": problem.current.changed_at,
            "is_conflict": True,
        }
        heading = _("Change the proposal")
        return _form_page(request, proposal.plan, form, heading, status=409, **more)
    return redirect(proposal)


def _unbound(request: Request, plan: Plan, current: Any) -> ProposalForm:
    objectives, actions = reading.choices_for(request.actor, plan)
    return ProposalForm(bodies=[], objectives=objectives, actions=actions, instance=current)


def _form_page(
    request: Request, plan: Plan, form: ProposalForm, heading: str, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "heading": heading,
        "back_url": reverse("plans:proposals", args=[plan.country.code, plan.slug]),
        "keeps_drafts": True,
    }
    status = status or (422 if form.errors else 200)
    return page(request, "plans/form.html", context | more, status=status)


@require_GET
def show_one(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    proposal = _proposal(request, "view", country, slug, pk)
    return detail(request, proposal)


def detail(request: Request, proposal: Proposal, *, status: int = 200, **more: Any) -> HttpResponse:
    """Show one proposal with all that the reader may do with it."""
    rules = [f"plans.proposal_{step}" for step in _STEPS]
    verdicts = can_each(request.actor, rules, proposal)
    merged = Proposal.objects.visible_to(request.actor).filter(merged_into=proposal)
    together = list(merged.select_related("place", "plan__country").order_by("pk"))
    show_each([proposal, *together], "title", language_of=lambda one: str(one.language))
    show([proposal], "why", "rests_on", "answer", written_in=proposal.language)
    parts = [one for one in (proposal.objective, proposal.action) if one is not None]
    in_readers_language(parts, "title")
    supporters = reading.supporters_of(proposal)
    context: dict[str, Any] = {
        "plan": proposal.plan,
        "proposal": proposal,
        "main": _seen_main(request, proposal),
        "together": together,
        "supporters": supporters,
        "supporting_pks": {one.organisation_id for one in supporters},
        "supporting": bodies_that_may_support(request.actor, proposal),
        "effects": reading.effects_of(request.actor, proposal),
        "answer_form": AnswerForm(),
    }
    context |= {f"may_{step}": verdicts[f"plans.proposal_{step}"] for step in _STEPS}
    return page(request, "plans/proposals/detail.html", context | more, status=status)


def _seen_main(request: Request, proposal: Proposal) -> Proposal | None:
    seen = Proposal.objects.visible_to(request.actor).filter(pk=proposal.merged_into_id or 0)
    return seen.select_related("plan__country", "place").first()


@form_view
def send(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    proposal = _proposal(request, "send", country, slug, pk)
    if request.method == "POST":
        deciding.send_proposal(proposal, by=request.actor, at=now())
        return redirect(proposal)
    context = {
        "plan": proposal.plan,
        "question": _("Send this proposal to %(body)s?") % {"body": proposal.plan.owner},
        "consequence": _(
            "They read it under every marking and owe you an answer with a reason. Once sent it "
            "can be withdrawn, but not changed."
        ),
        "label": _("Send it"),
        "form": forms.Form(),
        "back_url": proposal.get_absolute_url(),
    }
    return page(request, "plans/confirm.html", context)


@form_view
def withdraw(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    proposal = _proposal(request, "withdraw", country, slug, pk)
    if request.method == "POST":
        deciding.withdraw_proposal(proposal, by=request.actor, at=now())
        return redirect(proposal)
    context = {
        "plan": proposal.plan,
        "question": _("Withdraw this proposal?"),
        "consequence": _("No answer is owed any more. It stays on record as withdrawn."),
        "label": _("Withdraw it"),
        "is_danger": True,
        "form": forms.Form(),
        "back_url": proposal.get_absolute_url(),
    }
    return page(request, "plans/confirm.html", context)


@require_POST
def support(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    """Support a proposal for a body, or take the support back."""
    proposal = _proposal(request, "support", country, slug, pk)
    asked = request.POST.get("body", "")
    bodies = {str(one.pk): one for one in bodies_that_may_support(request.actor, proposal)}
    if asked not in bodies:
        raise Http404
    if "undo" in request.POST:
        deciding.end_support(proposal, bodies[asked], by=request.actor, at=now())
    else:
        deciding.support_proposal(proposal, bodies[asked], by=request.actor, at=now())
    return redirect(proposal)


@require_POST
def remind(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    proposal = _proposal(request, "remind", country, slug, pk)
    try:
        deciding.remind_of_proposal(proposal, by=request.actor, at=now())
        messages.success(request, _("A reminder is on its way."))
    except deciding.ProposalError as problem:
        messages.warning(request, str(problem))
    return redirect(proposal)
