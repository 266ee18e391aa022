"""What an independent overseer sees: that things exist, how they are marked, and their record."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now

from tansiq.access.actions import oversight as actions
from tansiq.access.forms.sharing import OpeningForm
from tansiq.access.gate import fetch, fetch_known
from tansiq.access.middleware import Request
from tansiq.access.models import BreakGlass, Marking, Person
from tansiq.access.pages import page_of
from tansiq.access.queries import shared_kinds
from tansiq.access.register import register_of, tallies


@login_required
def register(request: Request) -> HttpResponse:
    fetch(request.actor, "oversight.view", Person, pk=request.actor.person_id)
    kinds = shared_kinds()
    kind = request.GET.get("kind", "")
    model = kinds.get(kind) or next(iter(kinds.values()))
    marking = request.GET.get("marking", "")
    context = {
        "page": page_of(request, register_of(model, request.actor, marking=marking)),
        "tallies": tallies(request.actor),
        "kind": model._meta.model_name,
        "label": model._meta.label_lower,
        "marking": marking,
        "markings": Marking.choices,
    }
    return render(request, "access/oversight.html", context)


@login_required
def openings(request: Request) -> HttpResponse:
    fetch(request.actor, "oversight.view", Person, pk=request.actor.person_id)
    mine = BreakGlass.objects.visible_to(request.actor).order_by("-opened_at", "pk")
    context = {"page": page_of(request, mine), "now": now()}
    return render(request, "access/openings.html", context)


@login_required
def open_sealed(request: Request, kind: str, pk: int) -> HttpResponse:
    model = shared_kinds().get(kind)
    if model is None:
        raise Http404
    thing = fetch_known(request.actor, "oversight.open", model, pk=pk)
    form = OpeningForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.open_sealed(thing, reason=reason, by=request.actor, at=now())
        except actions.ReasonTooShortError as problem:
            form.add_error("reason", str(problem))
        else:
            return redirect("access:sharing", kind, pk)
    context = {"thing": thing, "kind": kind, "form": form}
    return render(request, "access/open_sealed.html", context)
