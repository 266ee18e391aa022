"""Agreements about sharing: the list, one with its parties, writing, signing, renewing, ending."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.actor import Role
from tansiq.access.gate import can, can_each, fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.access.pages import page_of
from tansiq.core.documents.pdf import as_pdf
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.exchange.actions import agreements as acting
from tansiq.exchange.forms.agreements import AgreementForm, ReasonForm, SignForm, first_values
from tansiq.exchange.models import Agreement, Item, Party
from tansiq.exchange.queries import agreements as reading

form_view = require_http_methods(["GET", "HEAD", "POST"])
_RULES = ("agreement_edit", "agreement_offer", "agreement_amend", "agreement_end")
_SHOWN = ("title", "purpose", "data_kinds", "legal_basis", "roles", "complaints")


@require_GET
def index(request: Request) -> HttpResponse:
    seen = Agreement.objects.visible_to(request.actor)
    rows = page_of(request, reading.in_order(seen))
    day = localdate()
    for one in rows:
        one.now = one.state(day)
    context = {
        "page": rows,
        "waiting": reading.waiting_for(request.actor) if request.actor.is_signed_in else [],
        "may_write": bool(request.actor.organisations_as(Role.COORDINATOR)),
    }
    return page(request, "exchange/agreements/index.html", context)


@require_GET
def agreement(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.agreement_see", Agreement, pk=pk)
    return _page_of(request, found)


def _page_of(
    request: Request, found: Agreement, *, problem: str = "", status: int = 200
) -> HttpResponse:
    show([found], *_SHOWN, written_in=found.language)
    verdicts = can_each(request.actor, [f"exchange.{one}" for one in _RULES], found)
    parties = list(found.parties.select_related("organisation").order_by("pk"))
    ours = [one for one in parties if can(request.actor, "exchange.agreement_sign", one)]
    newer = Agreement.objects.visible_to(request.actor).filter(previous=found).first()
    words = request.GET.get("q", "")
    may_edit = verdicts["exchange.agreement_edit"]
    context = {
        "agreement": found,
        "now": found.state(localdate()),
        "is_review_late": found.is_review_late(localdate()),
        "parties": parties,
        "to_sign": ours,
        "sign_form": SignForm(),
        "newer": newer,
        "problem": problem,
        "words": words,
        "found": reading.organisations_found(request.actor, words, found) if may_edit else [],
        **{f"may_{one.split('_')[1]}": verdicts[f"exchange.{one}"] for one in _RULES},
    }
    return page(request, "exchange/agreements/agreement.html", context, status=status)


@login_required
@form_view
def write(request: Request) -> HttpResponse:
    form = _form(request, {"language": request.LANGUAGE_CODE})
    if not form.is_valid():
        return _form_page(request, form)
    owner = fetch(
        request.actor,
        "exchange.agreement_write",
        Organisation,
        pk=form.cleaned_data["owner"],
    )
    made = acting.write_agreement(owner, form.terms(), by=request.actor, at=now())
    messages.success(request, _("Now name the parties, then offer it for signing."))
    return redirect(made)


@login_required
@form_view
def edit(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.agreement_edit", Agreement, pk=pk)
    form = _form(request, first_values(found), owner=found.owner)
    if not form.is_valid():
        return _form_page(request, form, agreement=found)
    revision = form.cleaned_data["revision"] or 0
    try:
        acting.change_agreement(found, form.terms(), revision=revision, by=request.actor, at=now())
    except (acting.AgreementError, ChangedMeanwhileError) as problem:
        form.add_error(None, str(problem))
        typed = request.POST.copy()
        typed["revision"] = str(_revision_of(request, pk))
        form.data = typed
        return _form_page(request, form, agreement=found, status=409)
    return redirect(found)


def _revision_of(request: Request, pk: int) -> int:
    return int(Agreement.objects.visible_to(request.actor).get(pk=pk).revision)


def _form(
    request: Request, first: dict[str, Any], *, owner: Organisation | None = None
) -> AgreementForm:
    mine = request.actor.organisations_as(Role.COORDINATOR)
    bodies = Organisation.objects.visible_to(request.actor).filter(pk__in=mine).order_by("name")
    choices = [owner] if owner else list(bodies)
    if not choices:
        raise PermissionDenied(_("Only a coordinator of an organisation can begin an agreement."))
    return AgreementForm(request.POST or None, initial=first, organisations=choices)


def _form_page(
    request: Request, form: AgreementForm, *, status: int = 0, **more: Any
) -> HttpResponse:
    status = status or (422 if form.errors else 200)
    return page(request, "exchange/agreements/edit.html", {"form": form} | more, status=status)


@login_required
@require_POST
def add_party(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.agreement_edit", Agreement, pk=pk)
    asked = request.POST.get("organisation", "")
    bodies = Organisation.objects.visible_to(request.actor).filter(is_active=True)
    body = bodies.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None  # noqa: PLR2004 -- what both databases keep
    if body is None:
        return _page_of(request, found, problem=_("Choose an organisation."), status=422)
    acting.add_party(found, body, by=request.actor, at=now())
    return redirect(found)


@login_required
@require_POST
def remove_party(request: Request, pk: int, party: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.agreement_edit", Agreement, pk=pk)
    row = fetch(request.actor, "exchange.party_see", Party, pk=party, agreement=found)
    try:
        acting.remove_party(row, by=request.actor, at=now())
    except acting.AgreementError as problem:
        return _page_of(request, found, problem=str(problem), status=409)
    return redirect(found)


@login_required
@require_POST
def offer(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.agreement_offer", Agreement, pk=pk)
    try:
        acting.offer_agreement(found, by=request.actor, at=now())
    except acting.AgreementError as problem:
        return _page_of(request, found, problem=str(problem), status=409)
    messages.success(request, _("Its parties are asked to sign."))
    return redirect(found)


@login_required
@require_POST
def sign(request: Request, pk: int, party: int) -> HttpResponse:
    row = fetch(request.actor, "exchange.agreement_sign", Party, pk=party, agreement=pk)
    form = SignForm(request.POST)
    if not form.is_valid():
        return _page_of(
            request, row.agreement, problem=_("Say in which office you sign."), status=422
        )
    try:
        signed_as = form.cleaned_data["signed_as"]
        acting.sign_agreement(row, signed_as=signed_as, by=request.actor, at=now())
    except acting.AgreementError as problem:
        return _page_of(request, row.agreement, problem=str(problem), status=409)
    messages.success(request, _("You have signed. The other parties are told."))
    return redirect(row.agreement)


@login_required
@require_POST
def amend(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.agreement_amend", Agreement, pk=pk)
    newer = acting.amend_agreement(found, by=request.actor, at=now())
    messages.success(request, _("This is the draft of the new version. The old one holds on."))
    return redirect("exchange:agreement_edit", pk=newer.pk)


@login_required
@form_view
def end(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.agreement_end", Agreement, pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        acting.end_agreement(found, reason=reason, by=request.actor, at=now())
        messages.success(request, _("The agreement has ended. Its parties are told."))
        return redirect(found)
    context = {
        "question": _("End this agreement?"),
        "consequence": _("What goes out from now on is not covered by it any more."),
        "label": pgettext("button", "End the agreement"),
        "is_danger": True,
        "form": form,
        "back_url": found.get_absolute_url(),
    }
    return page(request, "core/confirm.html", context, status=422 if form.errors else 200)


@require_GET
def pdf(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.agreement_see", Agreement, pk=pk)
    at = now()
    document = reading.document_of(found, at=at, language=request.LANGUAGE_CODE)
    record(request.actor, "export:exchange.agreement_see", found, at=at)
    response = HttpResponse(as_pdf(document), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="agreement-{found.pk}.pdf"'
    return response


@login_required
@require_POST
def choose(request: Request, item: int) -> HttpResponse:
    """Say under which agreement a draft goes; none is a choice, too."""
    found = fetch(request.actor, "exchange.agreement_choose", Item, pk=item)
    asked = request.POST.get("agreement", "")
    offers = reading.offers_for(found, request.actor, on=localdate())
    chosen = next((one for one in offers if str(one.pk) == asked), None)
    try:
        acting.choose_agreement(found, chosen, by=request.actor, at=now())
    except acting.AgreementError as problem:
        messages.error(request, str(problem))
    return redirect(found)
