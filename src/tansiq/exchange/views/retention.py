"""Holding an item, letting it hold longer, and the list of what was deleted."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import can_each, fetch, fetch_known
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.access.models import Membership, Organisation
from tansiq.access.pages import page_of
from tansiq.core.documents.pdf import as_pdf
from tansiq.core.exports import csv_file
from tansiq.core.pages import page
from tansiq.exchange.actions import retention as acting
from tansiq.exchange.forms.retention import UntilForm
from tansiq.exchange.models import Hold, HoldKind, Item, ItemKind, Purge, PurgeKind
from tansiq.exchange.queries import retention as reading

form_view = require_http_methods(["GET", "HEAD", "POST"])
_MOST_IN_PDF = 1000


@login_required
@require_GET
def holds(request: Request) -> HttpResponse:
    day = localdate()
    seen = Hold.objects.visible_to(request.actor).select_related("item", "organisation", "owner")
    rows = page_of(request, seen.in_force(day).order_by("until", "pk"))
    for one in rows:
        one.is_title_seen = one.owner_id in request.actor.organisation_ids
    context = {"page": rows, "is_overseer": request.actor.is_overseer}
    return page(request, "exchange/retention/holds.html", context)


@login_required
@require_GET
def hold(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.hold_see", Hold, pk=pk)
    verdicts = can_each(request.actor, ["exchange.renew_hold", "exchange.release_hold"], found)
    item = Item.objects.visible_to(request.actor).filter(pk=found.item_id).first()
    context = {
        "hold": found,
        "item": item,
        "is_in_force": found.is_in_force(localdate()),
        "may_renew": verdicts["exchange.renew_hold"],
        "may_release": verdicts["exchange.release_hold"],
    }
    return page(request, "exchange/retention/hold.html", context)


@login_required
@require_GET
def find_item(request: Request) -> HttpResponse:
    """Lead an overseer from the number in a complaint to the item."""
    number = request.GET.get("number", "").strip().lstrip("#")
    if not number.isdecimal() or len(number) > 18:  # noqa: PLR2004 -- what both databases keep
        messages.error(request, _("Write the number of the item, such as 123."))
        return redirect("exchange:holds")
    item = fetch_known(request.actor, "exchange.hold", Item, pk=int(number))
    return redirect("exchange:hold_place", pk=item.pk)


@login_required
@form_view
def place(request: Request, pk: int) -> HttpResponse:
    item = fetch_known(request.actor, "exchange.hold", Item, pk=pk)
    question = _("Keep this from being deleted?")
    consequence = _(
        "Recipients read it until its last day and no longer. Sender and recipients see that it is "
        "held, until when and why."
    )
    form = UntilForm(request.POST or None)
    if not form.is_valid():
        return _ask(request, form, item, question, consequence, pgettext("button", "Hold it"))
    body, kind = _holder(request.actor, item)
    holding = acting.Holding(body, form.cleaned_data["reason"], form.cleaned_data["until"], kind)
    try:
        made = acting.hold_item(item, holding, by=request.actor, at=now())
    except acting.RetentionError as problem:
        form.add_error(None, str(problem))
        return _ask(request, form, item, question, consequence, pgettext("button", "Hold it"))
    messages.success(request, _("This is held. Both sides are told."))
    return redirect(made)


def _holder(actor: Actor, item: Item) -> tuple[Organisation, HoldKind]:
    """Return for which body somebody holds an item: its sender, or an office of oversight."""
    if actor.is_at_least(Role.LEAD, in_organisation=item.owner_id):
        return item.owner, HoldKind.OWNER
    own = Membership.objects.visible_to(actor).filter(
        person=actor.person_id, role=Role.OVERSEER, organisation__is_active=True
    )
    return own.select_related("organisation").order_by("pk")[0].organisation, HoldKind.COMPLAINT


@login_required
@form_view
def renew(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.renew_hold", Hold, pk=pk)
    form = UntilForm(request.POST or None, initial={"until": found.until, "reason": found.reason})
    if form.is_valid():
        try:
            acting.renew_hold(found, **form.cleaned_data, by=request.actor, at=now())
        except acting.RetentionError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("This is held. Both sides are told."))
            return redirect(found)
    label = pgettext("button", "Hold it longer")
    return _ask(request, form, found, _("Until when is this held?"), "", label)


@login_required
@require_POST
def release(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.release_hold", Hold, pk=pk)
    try:
        acting.release_hold(found, by=request.actor, at=now())
    except acting.RetentionError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("No longer held. If its time is over, it is deleted tonight."))
    return redirect(found)


@login_required
@form_view
def extend(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.extend", Item, pk=pk)
    form = UntilForm(request.POST or None, initial={"until": item.expires_on})
    if form.is_valid():
        try:
            acting.extend_item(item, **form.cleaned_data, by=request.actor, at=now())
        except acting.RetentionError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("It holds longer. The recipients are told why."))
            return redirect(item)
    consequence = _("Everybody who received it is told the new day and your reason.")
    label = pgettext("button", "Let it hold longer")
    return _ask(request, form, item, _("Until when shall this hold?"), consequence, label)


def _ask(  # noqa: PLR0917 -- the words of one page
    request: Request, form: UntilForm, about: Any, question: str, consequence: str, label: str
) -> HttpResponse:
    context = {
        "question": question,
        "consequence": consequence,
        "label": label,
        "form": form,
        "back_url": about.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    return page(request, "core/confirm.html", context, status=status)


def _asked(request: Request) -> Any:
    wanted = {name: request.GET.get(name, "") for name in ("what", "kind", "year")}
    return reading.proofs(Purge.objects.visible_to(request.actor), **wanted)


@login_required
@require_GET
def purges(request: Request) -> HttpResponse:
    context = {
        "page": page_of(request, _asked(request)),
        "whats": PurgeKind.choices,
        "kinds": ItemKind.choices,
        "what": request.GET.get("what", ""),
        "kind": request.GET.get("kind", ""),
    }
    return page(request, "exchange/retention/purges.html", context)


@login_required
@require_GET
def purge(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.purge_see", Purge, pk=pk)
    context = {"purge": found, "lines": reading.lines_of(found)}
    return page(request, "exchange/retention/purge.html", context)


@login_required
@require_GET
def purges_csv(request: Request) -> HttpResponse:
    rows = _asked(request)[: reading.MOST_ROWS]
    record(request.actor, "export:exchange.purge_see", None, at=now())
    lines = reading.file_rows(rows)
    return csv_file("deleted", reading.HEADINGS, lines)


@login_required
@require_GET
def purges_pdf(request: Request) -> HttpResponse:
    at = now()
    record(request.actor, "export:exchange.purge_see", None, at=at)
    document = reading.log_document(
        _asked(request)[:_MOST_IN_PDF],
        author=str(request.user),
        at=at,
        language=request.LANGUAGE_CODE,
    )
    response = HttpResponse(as_pdf(document), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="deleted.pdf"'
    return response
