"""Other platforms for who keeps the connection: the list, and one with all that concerns it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can_each, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.exchange import carrying, line
from tansiq.exchange.actions.federation import peers as acting
from tansiq.exchange.actions.federation.packing import begin_anew
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.federation import keys
from tansiq.exchange.forms.federation import (
    BodyForm,
    BundleForm,
    IntroduceForm,
    TermsForm,
    first_values,
)
from tansiq.exchange.models import Peer, PeerBody, Reason
from tansiq.exchange.queries import peers as reading

form_view = require_http_methods(["GET", "HEAD", "POST"])
_STEPS: dict[str, Callable[..., None]] = {
    "trust": acting.trust,
    "pause": acting.pause,
    "end": acting.end,
    "anew": begin_anew,
}


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    ours = line.own_keys()[0]
    context = {
        "peers": reading.listed(Peer.objects.visible_to(request.actor)),
        "card": keys.card(ours.public),
        "digits": keys.digits(ours.fingerprint),
        "may_introduce": reading.keepers(request.actor).exists(),
        "strangers": reading.strangers(request.actor),
    }
    return render(request, "exchange/federation/index.html", context)


@login_required
@form_view
def introduce(request: Request) -> HttpResponse:
    form = IntroduceForm(
        request.POST or None, initial=first_values(None), keepers=reading.keepers(request.actor)
    )
    if form.is_valid():
        chosen = form.cleaned_data["keeper"].pk
        keeper = fetch(request.actor, "exchange.peer_introduce", Organisation, pk=chosen)
        try:
            made = acting.introduce(
                keeper,
                form.cleaned_data["card"],
                form.terms(),
                ours=line.own_keys()[0],
                by=request.actor,
                at=now(),
            )
        except ExchangeError as problem:
            form.add_error("card", str(problem))
        else:
            return redirect(made)
    return _form_page(request, form)


@login_required
@require_GET
def peer(request: Request, pk: int) -> HttpResponse:
    return _page_of(request, fetch(request.actor, "exchange.peer_see", Peer, pk=pk))


def _page_of(
    request: Request, found: Peer, *, form: BodyForm | None = None, status: int = 200
) -> HttpResponse:
    verdicts = can_each(request.actor, ["exchange.peer_keep", "exchange.peer_carry"], found)
    context = {
        "peer": found,
        "state": reading.state_of(found),
        "bodies": reading.bodies_of(found),
        "may_keep": verdicts["exchange.peer_keep"],
        "may_carry": verdicts["exchange.peer_carry"],
        "body_form": form or BodyForm(bodies=reading.free_bodies(request.actor)),
        "bundle_form": BundleForm(),
    }
    return render(request, "exchange/federation/peer.html", context, status=status)


@login_required
@form_view
def change(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.peer_keep", Peer, pk=pk)
    form = TermsForm(request.POST or None, initial=first_values(found))
    if form.is_valid():
        revision = form.cleaned_data["revision"] or 0
        try:
            acting.change_terms(found, form.terms(), revision=revision, by=request.actor, at=now())
        except ChangedMeanwhileError as problem:
            form.add_error(None, str(problem))
        else:
            return redirect(found)
    return _form_page(request, form, peer=found)


@login_required
@require_POST
def step(request: Request, pk: int, name: str) -> HttpResponse:
    """Trust, pause, end, or begin anew."""
    found = fetch(request.actor, "exchange.peer_keep", Peer, pk=pk)
    try:
        _STEPS[name](found, by=request.actor, at=now())
    except ExchangeError as problem:
        messages.error(request, str(problem))
    return redirect(found)


@login_required
@require_POST
def add_body(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.peer_keep", Peer, pk=pk)
    form = BodyForm(request.POST, bodies=reading.free_bodies(request.actor))
    if form.is_valid():
        try:
            acting.add_body(found, by=request.actor, at=now(), **form.cleaned_data)
        except ExchangeError as problem:
            form.add_error(None, str(problem))
        else:
            return redirect(found)
    return _page_of(request, found, form=form, status=422)


@login_required
@require_POST
def remove_body(request: Request, pk: int, body: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.peer_keep", Peer, pk=pk)
    for one in PeerBody.objects.visible_to(request.actor).filter(peer=found, pk=body):
        acting.remove_body(one, by=request.actor, at=now())
    return redirect(found)


@login_required
@require_POST
def export(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.peer_carry", Peer, pk=pk)
    content = carrying.file_for(found, by=request.actor, at=now())
    if not content:
        messages.info(request, _("Nothing waits for this platform."))
        return redirect(found)
    response = HttpResponse(content, content_type="application/octet-stream")
    name = f"bundles-{found.pk}-{now():%Y-%m-%d}.tansiq"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_POST
def bring(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.peer_carry", Peer, pk=pk)
    form = BundleForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file that this platform can take."))
        return redirect(found)
    brought = carrying.bring(form.cleaned_data["file"].read(), at=now())
    messages.info(
        request,
        _("Taken: %(new)s. Here already: %(known)s. Parts that were refused: %(refused)s.")
        % {"new": brought.new, "known": brought.known, "refused": brought.refused_records},
    )
    if brought.problem:
        messages.error(request, str(Reason(brought.problem).label))
    return redirect(found)


def _form_page(request: Request, form: TermsForm, **more: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "exchange/federation/form.html", {"form": form} | more, status=status)
