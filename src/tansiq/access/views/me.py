"""A person's own page: who I am here, how I sign in, what is kept about me, and leaving."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tansiq.access.actions import people, tokens
from tansiq.access.forms.people import MeForm, SureForm, TokenForm
from tansiq.access.gate import fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request, needs_second_factor
from tansiq.access.models import ApiToken, Membership, Person
from tansiq.access.queries import is_second_factor_set, pending_memberships
from tansiq.access.self_record import what_is_kept


def _myself(request: Request, rule: str = "people.edit_self") -> Person:
    return fetch(request.actor, rule, Person, pk=request.actor.person_id)


@login_required
def me(request: Request) -> HttpResponse:
    person = _myself(request)
    form = MeForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        people.edit_self(person, form.cleaned_data, by=request.actor, at=now())
        messages.success(request, _("Saved."))
        return redirect("access:me")
    return render(request, "access/me.html", _me_context(request, person, form))


def _me_context(request: Request, person: Person, form: MeForm) -> dict[str, object]:
    mine = Membership.objects.visible_to(request.actor).filter(person=person)
    return {
        "person": person,
        "form": form,
        "memberships": mine.select_related("organisation").order_by("-starts_on", "pk"),
        "today": now().date(),
        "has_second_factor": is_second_factor_set(person.pk),
        "needs_second_factor": needs_second_factor(request.actor),
    }


@login_required
def my_tokens(request: Request) -> HttpResponse:
    person = _myself(request, "tokens.make")
    form = TokenForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        name, life = form.cleaned_data["name"], timedelta(days=form.cleaned_data["days"])
        made = tokens.make_token(person, name, by=request.actor, at=now(), life=life)
        form = TokenForm()
    mine = ApiToken.objects.visible_to(request.actor).order_by("-made_at", "pk")
    context = {"form": form, "tokens": mine, "made": made, "now": now()}
    return render(request, "access/tokens.html", context)


@login_required
@require_POST
def revoke_token(request: Request, pk: int) -> HttpResponse:
    token = fetch(request.actor, "tokens.revoke", ApiToken, pk=pk)
    tokens.revoke_token(token, by=request.actor, at=now())
    messages.success(request, _("The token no longer works."))
    return redirect("access:tokens")


@login_required
def my_data(request: Request) -> HttpResponse:
    person = _myself(request)
    return render(request, "access/my_data.html", {"kept": what_is_kept(person)})


@login_required
def my_data_file(request: Request) -> HttpResponse:
    person = _myself(request)
    record(request.actor, "export:people.my_data", person, at=now())
    response = JsonResponse(what_is_kept(person), json_dumps_params={"indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="tansiq-about-me.json"'
    return response


@login_required
def delete_me(request: Request) -> HttpResponse:
    person = _myself(request, "people.delete_self")
    form = SureForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            people.delete_self(person, by=request.actor, at=now())
        except people.MembershipError as problem:
            form.add_error(None, str(problem))
        else:
            logout(request)
            messages.success(request, _("What named you is erased. Thank you for taking part."))
            return redirect("/")
    return render(request, "access/delete_me.html", {"form": form})


@login_required
@require_POST
def leave(request: Request, pk: int) -> HttpResponse:
    membership = fetch(request.actor, "people.leave", Membership, pk=pk)
    people.leave(membership, by=request.actor, at=now())
    messages.success(request, _("You have left this organisation."))
    return redirect("access:me")


@login_required
def consent(request: Request) -> HttpResponse:
    person = _myself(request)
    pending = pending_memberships(person.pk)
    if not pending:
        return redirect("/")
    return render(request, "access/consent.html", {"pending": pending, "person": person})


@login_required
@require_POST
def answer_invitation(request: Request, pk: int) -> HttpResponse:
    membership = fetch(request.actor, "people.consent", Membership, pk=pk)
    if request.POST.get("answer") == "agree":
        people.consent(membership, by=request.actor, at=now())
        messages.success(request, _("Welcome. You take part from now on."))
        return redirect("access:consent")
    if people.decline(membership, by=request.actor, at=now()):
        logout(request)
    messages.success(request, _("You declined, and nothing of it is kept."))
    return redirect("/")
