"""The first minute: one page, one question back, and the room is open."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.incidents.actions.activation import activate as activate_playbook
from tansiq.incidents.actions.opening import OpeningError
from tansiq.incidents.forms.activating import WITH_SCENE, ActivationForm, Choices
from tansiq.incidents.queries.activating import (
    activating_for,
    bodies_above,
    bodies_of_holders,
    consequence_of,
    places_for,
    playbooks_for,
    who_may_activate,
)


@login_required
def activate(request: Request) -> HttpResponse:
    mine = activating_for(request.actor)
    if not mine:
        people = who_may_activate(request.actor, at=now())
        return render(request, "incidents/activating/not_you.html", {"people": people})
    wanted = request.POST.get("organisation") or request.GET.get("for") or mine[0].slug
    organisation = fetch(request.actor, "incidents.activate", Organisation, slug=wanted[:60])
    choices = _choices(request, organisation)
    context: dict[str, Any] = {"organisation": organisation, "mine": mine}
    if not choices.playbooks:
        return render(request, "incidents/activating/no_playbook.html", context)
    form = ActivationForm(request.POST or None, choices=choices, at=now())
    context |= {"form": form, "with_scene": WITH_SCENE}
    if request.method != "POST" or not form.is_valid() or "back" in request.POST:
        return render(request, "incidents/activating/form.html", context)
    if "confirmed" not in request.POST:
        return render(request, "incidents/activating/confirm.html", context | _about(form, context))
    return _open(request, form, context)


def _choices(request: Request, organisation: Organisation) -> Choices:
    above, beside = bodies_above(organisation), bodies_of_holders(organisation, at=now())
    bodies = {body.pk: body for body in [*above, *beside]}
    return Choices(
        places_for(organisation),
        playbooks_for(request.actor, organisation),
        list(bodies.values()),
    )


def _about(form: ActivationForm, context: dict[str, Any]) -> dict[str, Any]:
    opening = form.opening(context["organisation"], get_language() or "en")
    consequence = consequence_of(
        opening.owner,
        opening.playbook,
        trigger=opening.trigger,
        level=opening.level,
        answers=opening.answers,
        at=now(),
    )
    return {"opening": opening, "consequence": consequence}


def _open(request: Request, form: ActivationForm, context: dict[str, Any]) -> HttpResponse:
    opening = form.opening(context["organisation"], get_language() or "en")
    key = form.cleaned_data["client_key"]
    try:
        incident = activate_playbook(opening, client_key=key, by=request.actor, at=now())
    except OpeningError as problem:
        form.add_error("began_at", str(problem))
        return render(request, "incidents/activating/form.html", context, status=409)
    return redirect(incident)
