"""How ready a body is all year; the standing tasks; a card for each role."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.access.queries import organisations_of
from tansiq.incidents.actions.pack import hand_out_pack
from tansiq.incidents.actions.readiness import Review, ReviewError, keep_review
from tansiq.incidents.forms.readiness import ReviewForm
from tansiq.incidents.queries.posts import roles_of
from tansiq.incidents.queries.readiness import bodies_below, card_of, readiness_of


@login_required
@require_GET
def mine(request: Request) -> HttpResponse:
    """Lead to the readiness of the body for which this person acts."""
    for organisation in organisations_of(request.actor):
        if can(request.actor, "incidents.posts", organisation):
            return redirect("incidents:readiness_of", organisation.slug)
    return render(request, "incidents/posts/nobody.html")


@login_required
@require_GET
def readiness(request: Request, slug: str) -> HttpResponse:
    organisation = fetch(request.actor, "incidents.posts", Organisation, slug=slug)
    context = {
        "organisation": organisation,
        "ready": readiness_of(request.actor, organisation, at=now()),
        "today": now().date(),
        "below": bodies_below(request.actor, organisation),
        "may_review": can(request.actor, "incidents.review", organisation),
        "may_activate": can(request.actor, "incidents.activate", organisation),
    }
    return render(request, "incidents/readiness/readiness.html", context)


@login_required
def review(request: Request, slug: str, task: str) -> HttpResponse:
    organisation = fetch(request.actor, "incidents.review", Organisation, slug=slug)
    ready = readiness_of(request.actor, organisation, at=now())
    standing = next((one for one in ready.standing if one.spec.key == task), None)
    if standing is None:
        raise Http404
    form = ReviewForm(request.POST or None, initial={"reviewed_on": now().date()})
    if request.method == "POST" and form.is_valid():
        try:
            given = Review(**form.cleaned_data)
            keep_review(organisation, task, given, by=request.actor, at=now())
        except ReviewError as problem:
            form.add_error("reviewed_on", str(problem))
        else:
            messages.success(request, _("Kept. The next review is set by the playbook."))
            return redirect("incidents:readiness_of", slug)
    context = {"organisation": organisation, "standing": standing, "form": form}
    return render(request, "incidents/readiness/review.html", context)


@login_required
@require_GET
def card(request: Request, slug: str, role: str) -> HttpResponse:
    """Show one role on one sheet, to print and keep."""
    organisation = fetch(request.actor, "incidents.posts", Organisation, slug=slug)
    roles = roles_of(request.actor, organisation, on=now().date())
    if roles.version is None or not roles.version.document.has("roles", role):
        raise Http404
    context = {"organisation": organisation, "card": card_of(roles, role), "made_at": now()}
    return render(request, "incidents/readiness/card.html", context)


@login_required
@require_GET
def pack(request: Request, slug: str) -> HttpResponse:
    """Give the whole of it as one file to print, with telephone numbers: members only."""
    organisation = fetch(request.actor, "incidents.pack", Organisation, slug=slug)
    language = request.LANGUAGE_CODE or "en"
    roles = roles_of(request.actor, organisation, on=now().date())
    content = hand_out_pack(roles, language, by=request.actor, at=now())
    name = f"offline-pack-{organisation.slug}-{language}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
