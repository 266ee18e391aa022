"""Writing an item: the form, a look at whom it reaches, sending; drafts and their files."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.actor import Role
from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.access.queries import organisations_of, people_of
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.uploads import CONTENT_TYPES
from tansiq.exchange.actions.drafts import ask_to_send, delete_draft
from tansiq.exchange.actions.files import attach, detach, open_attachment
from tansiq.exchange.actions.items import (
    ExchangeError,
    change_item,
    reach_of,
    seal_of_reach,
    send_item,
    write_item,
)
from tansiq.exchange.audience import choice_of
from tansiq.exchange.forms.items import ItemForm, initial_of
from tansiq.exchange.keys import keys_in
from tansiq.exchange.models import Attachment, Item, ItemKind
from tansiq.exchange.queries.audience import Offers, audience_in_words, offers_for
from tansiq.exchange.queries.items import attachments_of, drafts_of

_PER_PAGE = 50


@login_required
@require_GET
def drafts(request: Request) -> HttpResponse:
    known = Item.objects.visible_to(request.actor)
    rows = drafts_of(known, request.actor)
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_send_for": request.actor.organisations_as(Role.COORDINATOR)}
    return render(request, "exchange/items/drafts.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def write(request: Request) -> HttpResponse:
    """Begin an item; it is kept as a draft before it goes anywhere."""
    owner = _owner(request)
    offers = offers_for(request.actor, owner)
    if request.method == "GET":
        form = _form(request, owner, offers, initial=_beginning(request))
        return _page(request, form, owner)
    form = _form(request, owner, offers, data=request.POST, files=request.FILES)
    if not form.is_valid():
        return _page(request, form, owner, status=200 if form.is_looking else 422)
    try:
        item = write_item(owner, form.draft(), by=request.actor, at=now())
    except ExchangeError as problem:
        form.add_error(None, str(problem))
        return _page(request, form, owner, status=422)
    return _kept(request, item, form)


def _owner(request: Request) -> Organisation:
    """Return the organisation for which this person writes: the one asked for, or the first."""
    asked = request.POST.get("owner") or request.GET.get("owner") or ""
    if asked:
        (key,) = keys_in([asked]) or [0]
        return fetch(request.actor, "exchange.write", Organisation, pk=key)
    mine = request.actor.organisations_as(Role.CONTRIBUTOR)
    first = next((one for one in organisations_of(request.actor) if one.pk in mine), None)
    if first is None:
        raise PermissionDenied(_("Only a contributor of an organisation can write for it."))
    return first


def _beginning(request: Request) -> dict[str, Any]:
    """Return what stands in a new form: a key, the language, and what the address asks for."""
    begun: dict[str, Any] = {"client_key": uuid.uuid4(), "language": request.LANGUAGE_CODE}
    if (kind := request.GET.get("kind", "")) in ItemKind.values:
        begun["kind"] = kind
    answers = keys_in(request.GET.getlist("answers"))
    before = Item.objects.visible_to(request.actor).sent().filter(pk__in=answers).first()
    if before is not None:
        begun |= {"answers": before.pk, "marking": before.marking}
        begun |= {"organisations": [before.owner_id], "reach": [f"organisation.{before.owner_id}"]}
    return begun


def _form(request: Request, owner: Organisation, offers: list[Offers], **given: Any) -> ItemForm:
    if reach := given.get("initial", {}).get("reach"):
        # Whom the page offers by a box of its own is not offered by name again.
        offered = {one.value for group in offers for one in group.offers}
        twice = {choice_of(one).get("pk") for one in reach if one in offered}
        named = given["initial"].get("organisations", [])
        given["initial"]["organisations"] = [pk for pk in named if pk not in twice]
    return ItemForm(actor=request.actor, owner=owner, offers=offers, today=localdate(), **given)


def _page(
    request: Request,
    form: ItemForm,
    owner: Organisation,
    *,
    item: Item | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    may_write = request.actor.organisations_as(Role.CONTRIBUTOR)
    mine = [one for one in organisations_of(request.actor) if one.pk in may_write]
    context = {
        "form": form,
        "owner": owner,
        "others": [one for one in mine if one.pk != owner.pk] if item is None else [],
        "item": item,
        "attachments": attachments_of(request.actor, item) if item else [],
        "hubs": request.actor.hubs,
    }
    return render(request, "exchange/items/write.html", context | more, status=status)


def _kept(request: Request, item: Item, form: ItemForm) -> HttpResponse:
    """Keep the files, too, and go on to where the pressed button leads."""
    for file in form.cleaned_data["papers"]:
        try:
            attach(item, file, by=request.actor, at=now())
        except ExchangeError as problem:
            messages.error(request, str(problem))
            return redirect("exchange:edit", pk=item.pk)
    if request.POST.get("then") == "keep":
        messages.success(request, _("Kept as a draft. Nobody outside sees it yet."))
        return redirect("exchange:edit", pk=item.pk)
    return redirect("exchange:send", pk=item.pk)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.edit", Item, pk=pk)
    offers = offers_for(request.actor, item.owner)
    if request.method == "GET":
        form = _form(request, item.owner, offers, initial=_standing(request, item, offers))
        return _page(request, form, item.owner, item=item)
    form = _form(request, item.owner, offers, data=request.POST, files=request.FILES)
    if not form.is_valid():
        status = 200 if form.is_looking else 422
        return _page(request, form, item.owner, item=item, status=status)
    try:
        revision = form.cleaned_data["revision"] or 0
        change_item(item, form.draft(), revision=revision, by=request.actor, at=now())
    except ChangedMeanwhileError as conflict:
        return _conflict(request, conflict, form)
    except ExchangeError as problem:
        form.add_error(None, str(problem))
        return _page(request, form, item.owner, item=item, status=422)
    return _kept(request, item, form)


def _standing(request: Request, item: Item, offers: list[Offers]) -> dict[str, Any]:
    offered = {one.value for group in offers for one in group.offers}
    return initial_of(item, besides=request.actor.person_id, offered=offered)


def _conflict(request: Request, conflict: ChangedMeanwhileError, form: ItemForm) -> HttpResponse:
    """Show both; saving again then keeps what stands in the form."""
    current = fetch(request.actor, "exchange.edit", Item, pk=conflict.current.pk)
    data = request.POST.copy()
    data["revision"] = str(current.revision)
    offers = offers_for(request.actor, current.owner)
    again = _form(request, current.owner, offers, data=data)
    differences = [
        {
            "label": form.fields[name].label,
            "theirs": getattr(current, name),
            "yours": form.cleaned_data[name],
        }
        for name in ("title", "text")
        if getattr(current, name) != form.cleaned_data[name]
    ]
    more: dict[str, Any] = {"differences": differences, "changed_by": _("Somebody")}
    more["changed_at"] = current.changed_at
    return _page(request, again, current.owner, item=current, status=409, **more)


@login_required
@require_http_methods(["GET", "POST"])
def send(request: Request, pk: int) -> HttpResponse:
    """Show whom it reaches; on POST send it to exactly those."""
    if request.method == "GET":
        item = fetch(request.actor, "exchange.edit", Item, pk=pk)
        return _preview(request, item)
    item = fetch(request.actor, "exchange.send", Item, pk=pk)
    try:
        made = send_item(item, by=request.actor, at=now(), seen=request.POST.get("seen", ""))
    except ExchangeError as problem:
        item = fetch(request.actor, "exchange.edit", Item, pk=pk)
        return _preview(request, item, problem=str(problem), status=409)
    messages.success(request, _sent_words(len(made)))
    return redirect(item)


def _sent_words(count: int) -> str:
    return ngettext(
        "Sent to %(number)s recipient. Who says what stands below.",
        "Sent to %(number)s recipients. Who says what stands below.",
        count,
    ) % {"number": count}


def _preview(request: Request, item: Item, *, problem: str = "", status: int = 200) -> HttpResponse:
    at = now()
    receipts = reach_of(item, by=request.actor, at=at)
    context = {
        "item": item,
        "receipts": receipts,
        "for_whom": audience_in_words(item.audience, request.actor),
        "seen": seal_of_reach(item, receipts),
        "attachments": attachments_of(request.actor, item),
        "may_send": can(request.actor, "exchange.send", item),
        "senders": people_of([item.owner_id], at=at)[:5],
        "problem": problem,
    }
    return render(request, "exchange/items/send.html", context, status=status)


@login_required
@require_POST
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask those who may send the draft to do so."""
    item = fetch(request.actor, "exchange.edit", Item, pk=pk)
    try:
        ask_to_send(item, by=request.actor, at=now())
        messages.success(request, _("They are told that it waits to be sent."))
    except ExchangeError as problem:
        messages.error(request, str(problem))
    return redirect("exchange:drafts")


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: Request, pk: int) -> HttpResponse:
    item = fetch(request.actor, "exchange.edit", Item, pk=pk)
    if request.method == "GET":
        return render(request, "exchange/items/delete.html", {"item": item})
    try:
        delete_draft(item, by=request.actor, at=now())
        messages.success(request, _("The draft is gone for good."))
    except ExchangeError as problem:
        messages.error(request, str(problem))
    return redirect("exchange:drafts")


@login_required
@require_GET
def file(request: Request, pk: int) -> HttpResponseBase:
    attachment = fetch(request.actor, "exchange.file", Attachment, pk=pk)
    try:
        opened = open_attachment(attachment, by=request.actor, at=now())
    except FileNotFoundError as problem:
        raise Http404 from problem
    kind = CONTENT_TYPES.get(attachment.name.rpartition(".")[2], "application/octet-stream")
    response = FileResponse(opened, as_attachment=True, filename=attachment.name, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def remove_file(request: Request, pk: int) -> HttpResponse:
    attachment = fetch(request.actor, "exchange.detach", Attachment, pk=pk)
    try:
        detach(attachment, by=request.actor, at=now())
        messages.success(request, _("The file is gone for good."))
    except ExchangeError as problem:
        messages.error(request, str(problem))
    return redirect("exchange:edit", pk=attachment.item_id)
