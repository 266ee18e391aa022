from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.access.actions import contacts as actions
from tansiq.access.directory import conflicts_of
from tansiq.access.forms.people import ContactForm
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Contact, Organisation
from tansiq.core.editing import ChangedMeanwhileError


@login_required
def add(request: Request, slug: str) -> HttpResponse:
    organisation = fetch(request.actor, "contacts.add", Organisation, slug=slug)
    form = ContactForm(request.POST or None, instance=Contact(organisation=organisation))
    if request.method == "POST" and form.is_valid():
        actions.add_contact(form.instance, by=request.actor, at=now())
        messages.success(request, _("Listed. The person can withdraw at any time."))
        return redirect("access:organisation", slug)
    return render(request, "access/contact.html", {"organisation": organisation, "form": form})


@login_required
def edit(request: Request, pk: int) -> HttpResponse:
    contact = fetch(request.actor, "contacts.edit", Contact, pk=pk)
    form = ContactForm(request.POST or None, instance=contact)
    context = {"organisation": contact.organisation, "contact": contact, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "access/contact.html", context)
    changes = dict(form.cleaned_data)
    revision = changes.pop("revision") or 0
    try:
        actions.edit_contact(contact, changes, revision=revision, by=request.actor, at=now())
    except ChangedMeanwhileError as problem:
        context |= conflicts_of(form, problem)
        return render(request, "access/contact.html", context, status=409)
    messages.success(request, _("Saved."))
    return redirect("access:organisation", contact.organisation.slug)


@login_required
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    contact = fetch(request.actor, "contacts.withdraw", Contact, pk=pk)
    slug = contact.organisation.slug
    actions.withdraw_contact(contact, by=request.actor, at=now())
    messages.success(request, _("The entry is erased. The record keeps only that it was."))
    return redirect("access:organisation", slug)
