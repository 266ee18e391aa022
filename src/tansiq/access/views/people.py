"""Members: invited by an administrator, coming in by a link, changing role, ending."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.access.actions import people
from tansiq.access.forms.people import FirstPasswordForm, InvitationForm, TermForm
from tansiq.access.gate import fetch, open_to_all
from tansiq.access.invitations import mail_invitation, person_for
from tansiq.access.middleware import Request
from tansiq.access.models import Membership, Organisation, Person
from tansiq.access.queries import pending_memberships


@login_required
def invite(request: Request, slug: str) -> HttpResponse:
    organisation = fetch(request.actor, "people.invite", Organisation, slug=slug)
    initial = {"starts_on": now().date(), "role": "contributor"}
    form = InvitationForm(request.POST or None, organisation=organisation, initial=initial)
    if request.method == "POST" and form.is_valid():
        membership = _invited(request, organisation, form)
        if membership is not None:
            mail_invitation.enqueue(membership.pk)
            messages.success(request, _("The invitation is on its way. It is good for 14 days."))
            return redirect("access:organisation", slug)
    context = {"organisation": organisation, "form": form}
    return render(request, "access/invite.html", context)


def _invited(
    request: Request, organisation: Organisation, form: InvitationForm
) -> Membership | None:
    given = form.cleaned_data
    try:
        membership = people.invite_member(
            organisation,
            email=given["email"],
            name=given["name"],
            language=given["language"],
            term=form.instance,
            by=request.actor,
            at=now(),
        )
    except (people.MembershipError, ValidationError) as problem:
        form.add_error(None, _sentence(problem))
        return None
    return membership


def _sentence(problem: Exception) -> str:
    return " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)


@login_required
@require_POST
def invite_again(request: Request, pk: int) -> HttpResponse:
    membership = fetch(request.actor, "people.change_role", Membership, pk=pk)
    mail_invitation.enqueue(membership.pk)
    messages.success(request, _("The invitation is on its way once more."))
    return redirect("access:organisation", membership.organisation.slug)


@login_required
def change_role(request: Request, pk: int) -> HttpResponse:
    membership = fetch(request.actor, "people.change_role", Membership, pk=pk)
    organisation = membership.organisation
    form = TermForm(request.POST or None, instance=membership, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            # As it stands in the database: the form has written into its own instance.
            stored = fetch(request.actor, "people.change_role", Membership, pk=pk)
            people.change_role(stored, **form.cleaned_data, by=request.actor, at=now())
        except (people.MembershipError, ValidationError) as problem:
            form.add_error(None, _sentence(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("access:organisation", organisation.slug)
    return render(request, "access/change_role.html", {"membership": membership, "form": form})


@login_required
@require_POST
def end_term(request: Request, pk: int) -> HttpResponse:
    membership = fetch(request.actor, "people.end_term", Membership, pk=pk)
    people.end_term(membership, by=request.actor, at=now())
    messages.success(request, _("The term has ended."))
    return redirect("access:organisation", membership.organisation.slug)


@open_to_all("the link of an invitation is its own proof: signed, short-lived, used once")
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    person = person_for(key)
    if person is None:
        return render(request, "access/invitation_over.html", status=410)
    form = FirstPasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        return _came_in(request, person, form.cleaned_data["password"])
    context = {"person": person, "form": form, "pending": pending_memberships(person.pk)}
    return render(request, "access/invitation.html", context)


def _came_in(request: HttpRequest, person: Person, password: str) -> HttpResponse:
    people.set_first_password(person, password, at=now())
    messages.success(request, _("Your password is saved. Sign in with it now."))
    return redirect("account_login")
