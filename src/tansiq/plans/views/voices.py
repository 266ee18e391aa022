"""Whose voice stands in a plan or a place, and asking those who were not heard."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation, Place
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.plans.actions.voices import ask_for_say
from tansiq.plans.models import Plan
from tansiq.plans.queries import voice_pages as reading


@login_required
@require_GET
def of_plan(request: Request, country: str, slug: str) -> HttpResponse:
    plan = fetch(request.actor, "plans.view", Plan, country__code=country, slug=slug)
    show([plan], "title", written_in=plan.language)
    chosen = request.GET.get("period", "")
    voices = reading.voices_of_plan(request.actor, plan, chosen=chosen, on=now().date())
    context = {"plan": plan, "place": plan.place, "voices": voices}
    context["may_enter"] = reading.may_enter(request.actor)
    return page(request, "plans/voices/plan.html", context)


@login_required
@require_GET
def of_place(request: Request, code: str) -> HttpResponse:
    place = fetch(request.actor, "plans.place_view", Place, code=code)
    chosen = request.GET.get("period", "")
    voices = reading.voices_of_place(request.actor, place, chosen=chosen, on=now().date())
    context = {"place": place, "voices": voices, "may_enter": reading.may_enter(request.actor)}
    return page(request, "plans/voices/place.html", context)


@login_required
@require_POST
def ask(request: Request, code: str, slug: str) -> HttpResponse:
    """Ask a body for its say on a place or, if one is named, a plan."""
    place = fetch(request.actor, "plans.place_view", Place, code=code)
    body = fetch(request.actor, "plans.voice_ask", Organisation, slug=slug)
    wanted = request.POST.get("plan", "")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 18 else 0  # noqa: PLR2004 -- digits that fit
    plan = Plan.objects.visible_to(request.actor).filter(pk=number).first()
    told = ask_for_say(body, place, plan=plan, by=request.actor, at=now())
    if told:
        words = ngettext("%(n)s member was asked.", "%(n)s members were asked.", told)
        messages.success(request, words % {"n": told})
    else:
        messages.warning(request, _("Nobody there can be told yet. Telephone, or invite a member."))
    if plan is not None:
        return redirect("plans:voices", plan.country.code, plan.slug)
    return redirect("plans:place_voices", code)
