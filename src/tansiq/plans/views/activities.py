"""The activity register: found, exported, entered, changed, removed."""

from datetime import timedelta
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

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.exports import csv_file
from tansiq.plans.actions.activities import (
    edit_activity,
    note_export,
    register_activity,
    remove_activity,
)
from tansiq.plans.forms.activities import ActivityForm, SearchForm, first_values
from tansiq.plans.forms.activity_table import COLUMNS, TAGS
from tansiq.plans.models import Action, Activity
from tansiq.plans.queries.activities import (
    COUNTED,
    Found,
    find_activities,
    organisations_registering,
    places_near,
    plans_to_work_on,
)
from tansiq.plans.queries.overlaps import beside

_PER_PAGE = 50
_FRESH = timedelta(seconds=20)
_EXPORTED = (*COLUMNS, "owner")


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    form, found = _find(request)
    paginator = Paginator(_first(found), _PER_PAGE)
    paginator.count = found.count
    context = {
        "form": form,
        "found": found,
        "page": paginator.get_page(request.GET.get("page")),
        "organisations": organisations_registering(request.actor),
        "most": COUNTED,
        "today": now().date(),
    }
    fragment = request.headers.get("HX-Request")
    template = "plans/activities/_list.html" if fragment else "plans/activities/index.html"
    return render(request, template, context)


def _find(request: Request) -> tuple[SearchForm, Found]:
    ours = Organisation.objects.visible_to(request.actor).filter(
        pk__in=request.actor.organisation_ids
    )
    plans = plans_to_work_on(request.actor, ours.select_related("place"))
    form = SearchForm(request.GET, plans=plans, organisations=ours)
    sort = request.GET.get("sort", "")
    return form, find_activities(request.actor, form.wanted(), sort=sort)


def _first(found: Found) -> Any:
    return found.activities[:COUNTED]


@login_required
@require_GET
def export(request: Request) -> HttpResponse:
    """Give what the list shows as a file; that it left the platform is written down."""
    _form, found = _find(request)
    note_export(found.count, by=request.actor, at=now())
    rows = found.activities.select_related("action")[:COUNTED]
    lines = (_row(one) for one in rows.iterator(1000))
    return csv_file("activities", _EXPORTED, lines, tags=[TAGS[one] for one in _EXPORTED])


def _row(activity: Activity) -> list[Any]:
    words = {
        "place": activity.place.code,
        "action": activity.action.code if activity.action else "",
        "owner": str(activity.owner),
    }
    cells = (words.get(name, getattr(activity, name)) for name in _EXPORTED)
    return ["" if cell is None else cell for cell in cells]


@login_required
@require_GET
def show(request: Request, pk: int) -> HttpResponse:
    activity = fetch(request.actor, "plans.activity_view", Activity, pk=pk)
    may_edit = can(request.actor, "plans.activity_edit", activity)
    context = {
        "activity": activity,
        "may_edit": may_edit,
        "today": now().date(),
        "others": beside(request.actor, activity),
        # What is alike is looked for beside this page; a moment later the card asks again.
        "is_fresh": activity.changed_at is not None and now() - activity.changed_at < _FRESH,
    }
    return render(request, "plans/activities/detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    today = now().date()
    first = {
        "language": request.LANGUAGE_CODE,
        "status": "on_track",
        "marking": "green",
        "starts_on": today,
        "ends_on": today,
    }
    form = _form(request, first | request.GET.dict())
    if form.is_valid():
        given = form.changes()
        fetch(request.actor, "plans.activity_register", Organisation, pk=given["owner"].pk)
        activity = register_activity(Activity(**given), by=request.actor, at=now())
        messages.success(request, _("The activity is in the register."))
        return redirect(activity)
    return _form_page(request, form)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    activity = fetch(request.actor, "plans.activity_edit", Activity, pk=pk)
    form = _form(request, first_values(activity))
    if not form.is_valid():
        return _form_page(request, form, activity=activity)
    changes = form.changes()
    fetch(request.actor, "plans.activity_register", Organisation, pk=changes["owner"].pk)
    revision = form.cleaned_data["revision"] or 0
    try:
        edit_activity(activity, changes, revision=revision, by=request.actor, at=now())
    except ChangedMeanwhileError as conflict:
        return _conflict(request, form, conflict)
    messages.success(request, _("The activity is changed."))
    return redirect(activity)


def _form(request: Request, first: dict[str, Any]) -> ActivityForm:
    organisations = organisations_registering(request.actor)
    if not organisations:
        raise PermissionDenied(
            _("Only a contributor of the organisation can register its activities.")
        )
    plans = plans_to_work_on(request.actor, organisations)
    actions = Action.objects.visible_to(request.actor).steps().filter(plan__in=plans)
    return ActivityForm(
        request.POST or None,
        initial=first,
        organisations=organisations,
        plans=plans,
        actions=actions.order_by("plan", "position", "pk"),
    )


def _form_page(
    request: Request, form: ActivityForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"form": form, "places": places_near(form.organisations.values())} | more
    wanted = 422 if form.is_bound and status == 200 else status  # noqa: PLR2004 -- HTTP
    return render(request, "plans/activities/edit.html", context, status=wanted)


def _conflict(
    request: Request, form: ActivityForm, conflict: ChangedMeanwhileError
) -> HttpResponse:
    current = fetch(request.actor, "plans.activity_edit", Activity, pk=conflict.current.pk)
    stands, given = first_values(current), form.cleaned_data
    differences = [
        {"label": field.label, "theirs": stands[name], "yours": given[name]}
        for name, field in form.fields.items()
        if name not in {"revision", "place"} and str(stands[name]) != str(given[name])
    ]
    data = {**request.POST.dict(), "revision": str(current.revision)}
    again = ActivityForm(
        data,
        organisations=form.organisations.values(),
        plans=form.plans.values(),
        actions=form.actions.values(),
    )
    return _form_page(
        request,
        again,
        status=409,
        activity=current,
        differences=differences,
        changed_by=_("Somebody"),
        changed_at=current.changed_at,
    )


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: Request, pk: int) -> HttpResponse:
    activity = fetch(request.actor, "plans.activity_edit", Activity, pk=pk)
    if request.method == "POST":
        remove_activity(activity, by=request.actor, at=now())
        messages.success(request, _("The activity is out of the register."))
        return redirect("plans:activities")
    return render(request, "plans/activities/remove.html", {"activity": activity})
