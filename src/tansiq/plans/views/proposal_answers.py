"""What the national level does with proposals: consider, put together, answer, link."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.core.pages import page
from tansiq.core.translations import show, show_each
from tansiq.plans.actions import proposals as deciding
from tansiq.plans.forms.proposals import AnswerForm, LinkForm, MergeForm
from tansiq.plans.models import Amendment, Contribution, Plan, Proposal
from tansiq.plans.queries.proposals import similar_to
from tansiq.plans.queries.versions.pages import parts_to_link

form_view = require_http_methods(["GET", "HEAD", "POST"])


def _proposal(request: Request, rule: str, *where: Any) -> Proposal:
    country, slug, pk = where
    asked = {"plan__country__code": country, "plan__slug": slug}
    proposal = fetch(request.actor, f"plans.proposal_{rule}", Proposal, pk=pk, **asked)
    fetch(request.actor, "plans.view", Plan, pk=proposal.plan_id)
    show([proposal.plan], "title", written_in=proposal.plan.language)
    show_each([proposal], "title", language_of=lambda one: str(one.language))
    return proposal


@require_POST
def consider(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    proposal = _proposal(request, "consider", country, slug, pk)
    deciding.consider_proposal(proposal, by=request.actor, at=now())
    return redirect(proposal)


@form_view
def answer(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    proposal = _proposal(request, "answer", country, slug, pk)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        deciding.answer_proposal(proposal, **form.cleaned_data, by=request.actor, at=now())
        return redirect(proposal)
    seen = Proposal.objects.visible_to(request.actor).filter(merged_into=proposal)
    together = list(seen.select_related("place", "plan__country"))
    show_each(together, "title", language_of=lambda one: str(one.language))
    return _form_page(request, proposal, form, _("Answer this proposal"), together=together)


@form_view
def merge(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    """Put similar proposals together with this one; they get its answer."""
    proposal = _proposal(request, "merge", country, slug, pk)
    similar = similar_to(request.actor, proposal)
    form = MergeForm(request.POST or None, similar=similar)
    if form.is_valid():
        chosen = [one for one in similar if one.pk in form.cleaned_data["proposals"]]
        try:
            deciding.merge_proposals(proposal, chosen, by=request.actor, at=now())
            return redirect(proposal)
        except deciding.ProposalError as problem:
            form.add_error(None, str(problem))
    heading = _("Answer similar proposals together")
    return _form_page(request, proposal, form, heading, is_merging=True)


@require_POST
def unmerge(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    proposal = _proposal(request, "merge", country, slug, pk)
    deciding.unmerge_proposal(proposal, by=request.actor, at=now())
    return redirect(proposal)


@form_view
def link(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    """Say which part of the next version an accepted proposal changed."""
    proposal = _proposal(request, "link", country, slug, pk)
    drafts = Amendment.objects.visible_to(request.actor).open().filter(plan=proposal.plan_id)
    draft = drafts.select_related("base").first()
    if draft is None:
        messages.info(request, _("Open an amendment first; then say what this proposal changed."))
        return redirect("plans:amendment", country, slug)
    form = LinkForm(request.POST or None, parts=parts_to_link(draft))
    if form.is_valid():
        kind, key = form.chosen()
        try:
            deciding.link_proposal(proposal, draft, kind, key, by=request.actor, at=now())
            return redirect(proposal)
        except deciding.ProposalError as problem:
            form.add_error("part", str(problem))
    return _form_page(request, proposal, form, _("What did this proposal change?"))


@require_POST
def unlink(request: Request, country: str, slug: str, pk: int) -> HttpResponse:
    proposal = _proposal(request, "link", country, slug, pk)
    asked = request.POST.get("contribution", "")[:18]
    rows = Contribution.objects.visible_to(request.actor).filter(proposal=proposal)
    found = rows.filter(pk=int(asked)).first() if asked.isdecimal() else None
    if found is None:
        raise Http404
    try:
        deciding.unlink_proposal(found, by=request.actor, at=now())
    except deciding.ProposalError as problem:
        messages.warning(request, str(problem))
    return redirect(proposal)


def _form_page(
    request: Request, proposal: Proposal, form: Any, heading: str, **more: Any
) -> HttpResponse:
    context = {
        "plan": proposal.plan,
        "proposal": proposal,
        "form": form,
        "heading": heading,
        "back_url": proposal.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    return page(request, "plans/proposals/decide.html", context | more, status=status)
