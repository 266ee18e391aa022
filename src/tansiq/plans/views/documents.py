"""The shelf of a plan: documents added, read through the gate, published, removed."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.pages import page
from tansiq.core.translations import show
from tansiq.core.uploads import CONTENT_TYPES
from tansiq.plans.actions import public as acting
from tansiq.plans.forms.documents import DocumentForm, PublicContactForm
from tansiq.plans.models import Document, Plan, PublicContact
from tansiq.plans.queries.public import shelf


def _plan(request: Request, country: str, slug: str, rule: str) -> Plan:
    plan = fetch(request.actor, rule, Plan, country__code=country, slug=slug)
    show([plan], "title", written_in=plan.language)
    return plan


@require_GET
def index(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.view")
    context = {
        "plan": plan,
        "lines": shelf.lines_of(request.actor, plan),
        "may_add": can(request.actor, "plans.document_add", plan),
        "may_publish_contact": can(request.actor, "plans.contact_publish", plan),
        "contact": shelf.contact_of(request.actor, plan),
    }
    return page(request, "plans/documents/index.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.document_add")
    initial = {"language": plan.language, "dated_on": localdate()}
    form = DocumentForm(
        request.POST or None, request.FILES or None, initial=initial, today=localdate()
    )
    if form.is_valid():
        details = dict(form.cleaned_data)
        file = details.pop("file")
        try:
            acting.add_document(plan, file, details=details, by=request.actor, at=now())
            messages.success(request, _("The document is on the plan's shelf."))
            return redirect("plans:documents", country, slug)
        except acting.DocumentError as problem:
            form.add_error("file", str(problem))
    context = {"plan": plan, "form": form, "heading": _("Add a document")}
    return page(request, "plans/documents/add.html", context, status=422 if form.is_bound else 200)


@require_safe
def download(request: Request, pk: int) -> HttpResponseBase:
    document = fetch(request.actor, "plans.document_view", Document, pk=pk)
    try:
        file = acting.open_document(document, by=request.actor, at=now())
    except FileNotFoundError as problem:
        raise Http404 from problem
    kind = document.name.rpartition(".")[2]
    response = FileResponse(
        file,
        as_attachment=True,
        filename=document.name,
        content_type=CONTENT_TYPES.get(kind, "application/octet-stream"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["ETag"] = f'"{document.sha256[:32]}"'
    if not request.actor.is_signed_in:
        response["Cache-Control"] = "public, max-age=300"
    return response


def _document(request: Request, pk: int, rule: str) -> Document:
    return fetch(request.actor, rule, Document, pk=pk)


@login_required
@require_POST
def publish(request: Request, pk: int) -> HttpResponse:
    document = _document(request, pk, "plans.document_publish")
    try:
        acting.publish_document(document, by=request.actor, at=now())
        messages.success(request, _("The document stands on the public page."))
    except acting.DocumentError as problem:
        messages.error(request, str(problem))
    return redirect(document)


@login_required
@require_POST
def unpublish(request: Request, pk: int) -> HttpResponse:
    document = _document(request, pk, "plans.document_unpublish")
    acting.unpublish_document(document, by=request.actor, at=now())
    messages.success(request, _("The document is off the public page."))
    return redirect(document)


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: Request, pk: int) -> HttpResponse:
    document = _document(request, pk, "plans.document_remove")
    if request.method == "POST":
        acting.remove_document(document, by=request.actor, at=now())
        messages.success(request, _("The file is gone for good."))
        return redirect(document)
    context: dict[str, Any] = {
        "plan": document.plan,
        "question": _("Remove “%(title)s”?") % {"title": document.title},
        "consequence": _("The file is deleted for good, for everybody."),
        "label": _("Remove the document"),
        "back_url": document.get_absolute_url(),
        "is_danger": True,
    }
    return page(request, "plans/confirm.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def contact(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.contact_publish")
    current = PublicContact.objects.visible_to(request.actor).filter(plan=plan).first()
    start = {"revision": current.revision if current else 1, "office": str(plan.owner)}
    form = PublicContactForm(request.POST or None, instance=current, initial=start)
    back = reverse("plans:documents", args=[country, slug])
    if form.is_valid():
        details = {name: form.cleaned_data[name] for name in form.Meta.fields}
        revision = form.cleaned_data["revision"]
        try:
            acting.publish_contact(plan, details, revision=revision, by=request.actor, at=now())
            messages.success(request, _("The contact stands on the public page."))
            return redirect(back)
        except acting.PersonalAddressError as problem:
            form.add_error("email", str(problem))
    heading = _("How everybody reaches the office")
    context = {"plan": plan, "form": form, "back_url": back, "heading": heading}
    return page(request, "plans/form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def withdraw_contact(request: Request, country: str, slug: str) -> HttpResponse:
    plan = _plan(request, country, slug, "plans.contact_publish")
    acting.withdraw_contact(plan, by=request.actor, at=now())
    messages.success(request, _("The contact is off the public page."))
    return redirect("plans:documents", country, slug)
