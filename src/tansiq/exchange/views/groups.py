"""Sharing groups and networks."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.actor import Role
from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.access.queries import organisations_of
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.exchange.actions.groups import change_group, end_group, make_group
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.forms.groups import GroupForm
from tansiq.exchange.models import Group
from tansiq.exchange.queries.groups import groups_of, members_of

_PER_PAGE = 50


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    rows = groups_of(request.actor).filter(pk__in=Group.objects.visible_to(request.actor))
    context = {
        "page": Paginator(rows, _PER_PAGE).get_page(request.GET.get("page")),
        "may_make": bool(request.actor.organisations_as(Role.COORDINATOR)),
        "mine": request.actor.organisation_ids,
    }
    return render(request, "exchange/groups/index.html", context)


@login_required
@require_GET
def group(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.group_view", Group, pk=pk)
    context = {
        "group": found,
        "members": members_of(request.actor, found),
        "may_keep": can(request.actor, "exchange.group_keep", found),
    }
    return render(request, "exchange/groups/group.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def make(request: Request) -> HttpResponse:
    owner = _owner(request)
    form = GroupForm(request.POST or None, actor=request.actor, owner=owner)
    if not form.is_valid():
        return _page(request, form, owner)
    try:
        made = make_group(owner, form.words(), by=request.actor, at=now())
    except ExchangeError as problem:
        form.add_error("name", str(problem))
        return _page(request, form, owner)
    messages.success(request, _("The group stands. You find it where you choose recipients."))
    return redirect("exchange:group", pk=made.pk)


def _owner(request: Request) -> Organisation:
    mine = request.actor.organisations_as(Role.COORDINATOR)
    first = next((one for one in organisations_of(request.actor) if one.pk in mine), None)
    if first is None:
        raise PermissionDenied(_("Only a coordinator of an organisation can make a group."))
    return fetch(request.actor, "exchange.group_make", Organisation, pk=first.pk)


def _page(request: Request, form: GroupForm, owner: Organisation, **more: Any) -> HttpResponse:
    status = more.pop("status", 422 if form.is_bound and not form.is_looking else 200)
    context = {"form": form, "owner": owner} | more
    return render(request, "exchange/groups/form.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.group_keep", Group, pk=pk)
    members = [one.pk for one in members_of(request.actor, found)]
    initial = {name: getattr(found, name) for name in ("name", "purpose", "is_network", "revision")}
    form = GroupForm(
        request.POST or None,
        actor=request.actor,
        owner=found.owner,
        initial=initial | {"members": members},
    )
    if not form.is_valid():
        return _page(request, form, found.owner, group=found)
    try:
        revision = form.cleaned_data["revision"] or 0
        change_group(found, form.words(), revision=revision, by=request.actor, at=now())
    except (ExchangeError, ChangedMeanwhileError) as problem:
        form.add_error(None, str(problem))
        return _page(request, form, found.owner, group=found)
    messages.success(request, _("Saved."))
    return redirect("exchange:group", pk=found.pk)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "exchange.group_keep", Group, pk=pk)
    if request.method == "POST":
        end_group(found, by=request.actor, at=now())
        messages.success(request, _("The group is ended. What was sent to it stays."))
        return redirect("exchange:groups")
    return render(request, "exchange/groups/end.html", {"group": found})
